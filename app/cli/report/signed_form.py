"""What to ask and in which words: form.json of the signed site, checked against its manifest."""

from __future__ import annotations

import locale
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from app.client import site_files
from app.client.line_client import LineClient
from app.client.line_errors import LineError, LineRefused, NotSigned
from app.protocol.directory import Directory
from app.protocol.encoding import read_json
from app.protocol.errors import ProtocolError
from app.protocol.site import Manifest
from app.reporter.form import FORM, VERSION

NEWER = {
    "few-readers": "Few people can read it now",
    "few-readers-why": "At {name}, only {now} of {of} people can read this now. Somebody may "
    "be keeping the others out. You can wait and try again tomorrow, or send it now.",
    "send-few": "Send it now",
    "desk-changed": "{name} now says something else about itself. Read it again before you send.",
    "sent-danger": "We try to read this at once. We cannot promise it. Call if you can.",
    "desk-always": "Their hours: day and night.",
    "desk-hours": "Their hours, by the clock there: {hours}.",
    "desk-languages": "They read: {languages}.",
    "desk-tells-yes": "They must tell immigration what they learn.",
    "desk-tells-no": "No law makes them tell immigration.",
    "desk-tells-unknown": "We do not know if they must tell immigration.",
}
"""What a site that was signed by an earlier version does not say: better in English than not."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the intake; ``options`` are (id, text), none where words are asked for.

    ``only_if``: by question, of which of its answers one must have been given.
    """

    id: str
    kind: str
    more: bool
    text: str
    hint: str
    before: str
    warn_on: str
    warning: str
    options: tuple[tuple[str, str], ...]
    only_if: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """The intake in one language. ``words`` names the BIP-39 list of its codes, if it has one."""

    lang: str
    words: str | None
    emergency: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    phrases: dict[str, str]


async def fetch_form(line: LineClient, directory: Directory, wanted: str | None) -> Form:
    """Fetch and verify the form in a language (BCP 47), in the system's, or else in English.

    Raises LineError, ProtocolError.
    """
    try:
        manifest = await site_files.fetch_manifest(line, directory)
        path = _form_of(manifest, wanted)
        return read_form(await site_files.fetch_file(line, manifest, path))
    except NotSigned:
        raise LineError("The line's form is not the one that its agency signed.") from None
    except LineRefused as refused:
        sentence = f"The line does not give its site (status {refused.status})."
        raise LineError(sentence) from None


def _form_of(manifest: Manifest, wanted: str | None) -> str:
    tags = [path.removesuffix(f"/{FORM}") for path in manifest.files if path.endswith(f"/{FORM}")]
    if not tags:
        raise LineError("This line's site has no form for terminals: its agency must sign it anew.")
    if wanted is not None and wanted not in tags:
        raise LineError(f"This line does not speak that language. It speaks: {', '.join(tags)}.")
    tag = wanted or _system_language(tags) or ("en" if "en" in tags else tags[0])
    return f"{tag}/{FORM}"


def _system_language(tags: list[str]) -> str | None:
    name = (locale.getlocale(locale.LC_MESSAGES)[0] or "").replace("_", "-")
    short = name.split("-")[0]
    matching = [tag for tag in tags if tag == name or tag.split("-")[0] == short]
    return matching[0] if short and matching else None


def read_form(data: bytes) -> Form:
    """Read a form.json. Raises LineError."""
    try:
        value: dict[str, Any] = read_json(data)
        if value["v"] != VERSION:
            raise LineError("The line's form is of a version that this program does not know.")
        return Form(
            lang=str(value["lang"]),
            words=value["words"],
            emergency=tuple(
                (str(one["number"]), str(one["country"])) for one in value["emergency"]
            ),
            questions=tuple(map(_question, value["questions"])),
            phrases=NEWER | {str(key): str(text) for key, text in value["phrases"].items()},
        )
    except (ProtocolError, KeyError, TypeError, ValueError, AttributeError):
        raise LineError("The line's form cannot be read.") from None


def _question(one: dict[str, Any]) -> Question:
    """Read a question. What a later version says besides is left out (docs/spec/site.md)."""
    known = {each.name: one[each.name] for each in fields(Question) if each.name in one}
    conditions = one.get("only_if", {}).items()
    return Question(
        **known
        | {
            "options": tuple((str(a), str(b)) for a, b in one["options"]),
            "only_if": {str(name): tuple(map(str, wanted)) for name, wanted in conditions},
        }
    )
