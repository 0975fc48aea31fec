"""What a decrypted body says, read with distrust: it comes from anyone who can write to the line.

Unknown fields stay in the body that the vault keeps; here only what pages and stores need is taken
out. Nothing in a body can make reading it fail: what has no sense is left out or named.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from app.protocol import bodies
from app.protocol.attachments import FILE_BYTES_MAX, chunk_count
from app.protocol.encoding import unb64u, unhex
from app.protocol.errors import BadBody, NewerBody, ProtocolError
from app.sentences.translatable import say

FROM_REPORTERS = ("report", "message", bodies.WITHDRAWAL, bodies.LETTER_REQUEST)
COVER = "cover"
UNREADABLE = "unreadable"
"""The kind given to a body that is no QL1 body at all."""
NEWER = "newer"
"""The kind given to a body of another version: what it says is not guessed (QL1, bodies)."""

KIND_MAX = 40
FILES_MAX = 64
NAME_MAX = 200
TEXT_MAX = 15_132

# Marks that reorder text could make "gpj.exe" read as a picture's name.
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


@dataclass(frozen=True, slots=True)
class DescribedFile:
    """A file as its sender describes it; ``problem`` says why it cannot be fetched, if so."""

    key: bytes
    chunks: int
    name: str
    type: str
    size: int
    metadata: str
    tree: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A body's known parts. ``answers`` maps question to answer, both as short text."""

    kind: str
    mid: str
    lang: str
    text: str
    desks: tuple[str, ...]
    answers: dict[str, str]
    files: tuple[DescribedFile, ...]


def read_body(body: bytes) -> Body:
    """Read a body, and never raise.

    One that cannot be read is UNREADABLE or NEWER and known by its hash.
    """
    try:
        found = bodies.read_body(body)
    except NewerBody:
        return unreadable(body, NEWER)
    except BadBody:
        return unreadable(body)
    kind = _text(found["kind"], KIND_MAX)
    # A kind that had to be mended is not the kind it then resembles, least of all a cover.
    if not kind or kind != found["kind"][:KIND_MAX]:
        return unreadable(body)
    raw_files = found.get("files")
    files = raw_files[:FILES_MAX] if isinstance(raw_files, list) else []
    return Body(
        kind=kind,
        mid=found["mid"],
        lang=_lang(found.get("lang")),
        text=_text(found.get("text"), TEXT_MAX),
        desks=_desks(found),
        answers=_answers(found.get("answers")),
        files=tuple(_file(one) for one in files),
    )


def unreadable(body: bytes, kind: str = UNREADABLE) -> Body:
    """Return what is known of a body that is kept without being read: nothing but its hash."""
    return Body(kind, hashlib.sha256(body).hexdigest()[:32], "", "", (), {}, ())


def plain_name(name: str) -> str:
    """Return a file's name on one line, without control or direction marks, never empty."""
    kept = "".join(c for c in name if c.isprintable() and c not in _BIDI and c not in "/\\")
    return kept.strip()[:NAME_MAX] or "file"


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        return ""
    # A lone surrogate cannot be written as UTF-8, neither to the vault nor to a page.
    return value[:limit].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _lang(value: Any) -> str:
    tag = _text(value, 35)
    return tag if tag and all(part.isalnum() and part.isascii() for part in tag.split("-")) else ""


def _desks(found: dict[str, Any]) -> tuple[str, ...]:
    desks = found.get("desks")
    if isinstance(desks, list):
        return tuple(_text(one, 64) for one in desks[:64] if isinstance(one, str))
    desk = found.get("desk")
    return (_text(desk, 64),) if isinstance(desk, str) else ()


def _answers(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    said = {}
    for question, answer in list(value.items())[:200]:
        if isinstance(answer, list):
            answer = ", ".join(str(one) for one in answer)
        if answer not in (None, ""):
            said[_text(question, 100)] = _text(str(answer), 4000)
    return said


def _file(value: Any) -> DescribedFile:
    if not isinstance(value, dict):
        value = {}
    name = plain_name(_text(value.get("name"), 1000))
    kind = _text(value.get("type"), 100) or "application/octet-stream"
    metadata = _text(value.get("metadata"), 20)
    problem = None
    try:
        key, tree = unb64u(value.get("key"), 32), unhex(value.get("tree"), 32).hex()
        chunks, size = value["chunks"], value["size"]
        if type(chunks) is not int or type(size) is not int or size < 0:
            raise ValueError("numbers")
    except (ProtocolError, ValueError, KeyError):
        key, tree, chunks, size = b"", "", 0, 0
        problem = say("The message describes this file in a way that cannot be followed.")
    else:
        if size > FILE_BYTES_MAX:
            problem = say("The message says this file is larger than 2 GB; it is not fetched.")
        elif chunks < 1 or chunks != chunk_count(size):
            problem = say("The message gives this file a size and parts that do not agree.")
    if problem is not None:
        # Numbers that are not followed are not kept either: they may be larger than any store's.
        chunks = size = 0
    return DescribedFile(key, chunks, name, kind, size, metadata, tree, problem)
