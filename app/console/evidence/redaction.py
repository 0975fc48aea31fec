"""What is taken out of a copy: gone from its bytes, never only hidden (spec: export, copies). Pure.

Messages, files and answers are left out whole; words are replaced wherever they stand. A mark of
one length stands in their place, so that it tells nothing of theirs.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.console.errors import ConsoleError
from app.console.evidence.case_document import Content, Document, file_path
from app.console.evidence.spellings import Spellings, literal
from app.console.vault.attachments.files import File
from app.sentences.language import Language, english
from app.sentences.translatable import Translatable, say

MARK = "[taken out]"
PHRASE_MIN, PHRASES_MAX = 2, 200

_OURS = frozenset(("direction", "state", "what", "sha256", "tree", "vk"))
"""Members in which no person's words stand: a short phrase must not make nonsense of them."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What to take out, and why.

    Messages and files by their number in the export, answers by their question's id, words as they
    are written. ``reason`` is kept with the case and told in the copy.
    """

    reason: str
    messages: frozenset[int] = frozenset()
    files: frozenset[int] = frozenset()
    answers: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    language: Language = field(default_factory=english)
    """What the copy's pages are read in: a word that goes must not stand there in its place."""

    def __post_init__(self) -> None:
        """Refuse no reason, too many phrases, and too short ones. Raises ConsoleError."""
        if not self.reason.strip():
            raise ConsoleError(say("Say why the copy is made; it is saved with the case."))
        if len(self.phrases) > PHRASES_MAX:
            raise ConsoleError(
                say(
                    "At most {phrases_max} words or phrases can be taken out.",
                    phrases_max=PHRASES_MAX,
                )
            )
        for phrase in self.phrases:
            if len(_letters(phrase)) < PHRASE_MIN:
                raise ConsoleError(
                    say("“{phrase}” is too short to be taken out of a text.", phrase=phrase)
                )

    def log_detail(self) -> dict[str, Any]:
        """Return what the custody log keeps: what was taken out, but for the words themselves."""
        return {
            "reason": self.reason,
            "messages": sorted(self.messages),
            "files": sorted(self.files),
            "answers": sorted(self.answers),
            "phrases": len(self.phrases),
        }


def taken_out(content: Content, redaction: Redaction) -> Content:
    """Return the copy's content.

    Raises ConsoleError for a number or question that the case has not.
    """
    whole = content.document
    _check(whole, redaction)
    said = [
        {"n": one["n"], "left_out": True}
        if one["n"] in redaction.messages
        else _message(one, redaction)
        for one in whole["messages"]
    ]
    document = {
        **{name: whole[name] for name in ("v", "name", "line", "made_at", "made_by")},
        "what": "copy",
        # The case's id is made from the reporter's keys: copies could be put together by it.
        "case": None,
        "language": whole["language"],
        "desks": whole["desks"],
        # Only of messages that stay: what a case says in all was said in one of them.
        "answers": _last_answers(said),
        "messages": said,
        "taken_out": {
            "reason": redaction.reason,
            "messages": len(redaction.messages),
            "files": len(redaction.files),
            "answers": len(redaction.answers),
            "phrases": len(redaction.phrases),
        },
    }
    clean: Document = _blackened(document, Spellings(redaction.phrases), redaction.language)
    clean["line"]["id"], clean["name"] = whole["line"]["id"], whole["name"]
    kept = {_number(path): file for path, file in content.files.items()}
    paths: dict[str, File] = {}
    for one in clean["messages"]:
        for file in one.get("files", ()):
            if file.get("path"):
                # Made anew from the name as it now is: the old one was made from every letter.
                file["path"] = file_path(file["n"], file["name"].replace(MARK, "taken-out"))
                paths[file["path"]] = kept[file["n"]]
    return Content(clean, {}, paths)


def check_public(data: bytes, phrases: Iterable[str]) -> None:
    """Raise ConsoleError if one of the phrases stands in what is public.

    That is the line's directory, which goes with every copy.
    """
    text = data.decode("utf-8", "replace")
    for phrase in phrases:
        if literal(phrase).search(text):
            raise ConsoleError(
                say(
                    "“{phrase}” stands in the hotline's public directory, which goes with every "
                    "copy. It cannot be taken out.",
                    phrase=phrase,
                )
            )


def check_bytes(pieces: Iterable[bytes], phrases: Iterable[str]) -> Iterator[bytes]:
    """Pass a file's bytes on.

    Raises ConsoleError if one of the phrases stands in them, as it is written, in UTF-8 or UTF-16;
    what is compressed or drawn in them is not seen.
    """
    wanted = {
        spelling.encode(form)
        for phrase in phrases
        for spelling in (phrase, phrase.lower(), phrase.upper(), phrase.title())
        for form in ("utf-8", "utf-16-le", "utf-16-be")
    }
    overlap = max(map(len, wanted), default=1) - 1
    before = b""
    for piece in pieces:
        window = before + piece
        if any(one in window for one in wanted):
            raise ConsoleError(
                say(
                    "A file that would stay in the copy has a phrase in it that is to be taken "
                    "out. Leave that file out, too."
                )
            )
        before = window[-overlap:] if overlap else b""
        yield piece


def _check(document: Document, redaction: Redaction) -> None:
    said = document["messages"]
    there = {one["n"] for one in said}
    files = {file["n"] for one in said for file in one["files"]}
    answer_ids = {one["id"] for one in document["answers"]}
    answer_ids |= {answer["id"] for one in said for answer in one["answers"]}
    for kind, unknown in (
        ("message", redaction.messages - there),
        ("file", redaction.files - files),
        ("answer", redaction.answers - answer_ids),
    ):
        if unknown:
            first = min(map(str, unknown))
            raise ConsoleError(
                say("This case has no {kind} {first}. No copy was made.", kind=kind, first=first)
            )


def _message(one: Document, redaction: Redaction) -> Document:
    # Not `mid` and `original`: the body as it came has every word in it.
    kept = {name: value for name, value in one.items() if name not in ("mid", "original")}
    kept["answers"] = _answers(one["answers"], redaction)
    kept["files"] = [
        {"n": file["n"], "left_out": True} if file["n"] in redaction.files else file
        for file in one["files"]
    ]
    return kept


def _answers(said: list[Document], redaction: Redaction) -> list[Document]:
    # By `standard` an answer could be told whose words a phrase has taken out: no copy has it.
    plain: list[Document] = [{**one, "standard": []} for one in said]
    return [
        {**one, "answer": MARK, "value": MARK} if one["id"] in redaction.answers else one
        for one in plain
    ]


def _last_answers(said: list[Document]) -> list[Document]:
    received = [one for one in said if one.get("direction") == "received"]
    return list({answer["id"]: answer for one in received for answer in one["answers"]}.values())


def _blackened(value: Any, spellings: Spellings, language: Language) -> Any:
    if isinstance(value, Translatable):
        return _black_or_whole(value, spellings, language)
    if isinstance(value, str):
        return _black(value, spellings)
    if isinstance(value, list):
        return [_blackened(one, spellings, language) for one in value]
    if isinstance(value, dict):
        return {
            name: one if name in _OURS else _blackened(one, spellings, language)
            for name, one in value.items()
        }
    return value


def _black_or_whole(text: Translatable, spellings: Spellings, language: Language) -> str:
    """Return the program's own words, or those of an answer, which are read in two languages.

    What is taken out of the English is shown in English alone. What stands in the other language
    goes whole: where in the English its counterpart is, nobody here can tell.
    """
    source = str(text)
    clean = _black(source, spellings)
    if clean != unicodedata.normalize("NFC", source):
        return clean
    said = language.say(text)
    if said != source and _black(said, spellings) != unicodedata.normalize("NFC", said):
        return MARK
    return text


def _black(text: str, spellings: Spellings) -> str:
    text = unicodedata.normalize("NFC", text)
    for start, end in reversed(spellings.places(text)):
        text = text[:start] + MARK + text[end:]
    return text


def _letters(phrase: str) -> str:
    return re.sub(r"[\W_]+", "", phrase)


def _number(path: str) -> int:
    return int(path.removeprefix("files/").split("-")[0])
