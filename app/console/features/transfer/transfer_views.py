"""What may go to another line, what was chosen of it, and what would go, for the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.console.evidence.case_document import Document
from app.console.features.transfer import scope as scopes
from app.console.features.transfer.scope import Scope
from app.console.line.trusted_line import TrustedLine
from app.console.rules import wording, writing_direction
from app.console.vault.attachments.files import File
from app.console.vault.records.messages import Message
from app.protocol.receipt import words_of
from app.protocol.transfer import sender_fingerprint
from app.sentences.translatable import say

_SHOWN = 400
"""Letters of a message that are shown where one is chosen; all of it stands on the next page."""


def own_words(known: TrustedLine) -> list[str]:
    """Return the twelve words that this console's owner reads aloud to who has a file of theirs."""
    own = known.owner
    return words_of(sender_fingerprint(own.line.line_id, own.identity.vk)).split()


@dataclass(frozen=True, slots=True)
class Choice:
    """A message that may go, by its number in an export.

    Who wrote it, its day, how it begins, its files as number, name and size; whether it can be the
    one in which the reporter agrees.
    """

    number: int
    who: str
    day: str
    lang: str
    text: str
    files: list[tuple[int, str, str]]
    agreeing: bool


def choices(said: Sequence[Message], kept: Sequence[File], desks: Sequence[str]) -> list[Choice]:
    """Return what can be chosen; ``said`` and ``kept`` are all of a case's, in their order."""
    agreeing = set(scopes.agreeing(said, desks))
    return [
        Choice(
            number,
            say("Reporter") if one.direction == "in" else say("Your answer"),
            wording.long_time(one.at),
            one.body.lang,
            _beginning(one.body.text),
            [
                (place, file.name, wording.size(file.size))
                for place, file in enumerate(kept, start=1)
                if file.message == one.id
            ],
            number in agreeing,
        )
        for number, one in enumerate(said, start=1)
        if scopes.may_go(one)
    ]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the investigator ticked and wrote, kept through every refusal."""

    consent: int = 0
    messages: frozenset[int] = frozenset()
    files: frozenset[int] = frozenset()
    phrases: str = ""
    reason: str = ""
    compared: bool = False

    @classmethod
    def read(cls, fields: dict[str, list[str]]) -> "Chosen":
        """Read the choice from a form; what is no number is left out."""
        consent = _numbers(fields.get("consent", [])[-1:])
        return cls(
            max(consent, default=0),
            _numbers(fields.get("message", [])),
            _numbers(fields.get("file", [])),
            fields.get("phrases", [""])[-1].replace("\r\n", "\n"),
            fields.get("reason", [""])[-1],
            fields.get("compared", [""])[-1] == "yes",
        )

    def scope(self) -> Scope:
        """Return what is to go; the phrases to take out are one a line."""
        phrases = tuple(one.strip() for one in self.phrases.splitlines() if one.strip())
        reason = " ".join(self.reason.split())
        return Scope(self.consent, self.messages, self.files, phrases, reason)


@dataclass(frozen=True, slots=True)
class Going:
    """What would go, as the other line will read it.

    The messages that go, those that stay by number, the files that stay by number.
    """

    going: list[dict[str, Any]]
    messages_staying: list[int]
    files_staying: list[int]
    language: str
    desks: list[str]

    @classmethod
    def of(cls, document: Document) -> "Going":
        """Read what would go from a copy's document."""
        going = [one for one in document["messages"] if "left_out" not in one]
        return cls(
            [_message(one) for one in going],
            [one["n"] for one in document["messages"] if "left_out" in one],
            [file["n"] for one in going for file in one["files"] if "left_out" in file],
            wording.language(document["language"]) if document["language"] else "",
            document["desks"],
        )


def _message(one: Document) -> dict[str, Any]:
    return {
        "number": one["n"],
        "who": say("Reporter") if one["direction"] == "received" else say("Your answer"),
        "day": wording.long_time(one["at"]),
        "lang": one["language"],
        "paragraphs": [
            (writing_direction.direction(part), part)
            for part in one["text"].split("\n")
            if part.strip()
        ],
        "answers": [(said["question"], said["answer"]) for said in one["answers"]],
        "files": [
            (file["n"], file["name"], wording.size(file["size"]), file["path"] is not None)
            for file in one["files"]
            if "left_out" not in file
        ],
    }


def _beginning(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()} …"


def _numbers(said: list[str]) -> frozenset[int]:
    return frozenset(int(one) for one in said if one.isascii() and one.isdigit() and len(one) < 7)
