"""An entry of the information pack: read from Markdown, tied to its text, checked by a signature.

An entry begins with ``## `` and a title, then lines ``name: value``, an empty line, and its text:
paragraphs and ``- `` lists, nothing else. The English one has all facts; a translation has an
``id``, the version of the English text that it was made from (``of``), a title and a text.
Never here: files and countries (``infopack``), or a private key: who signs is the agency.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.protocol.encoding import b64u, json_bytes, unb64u
from app.protocol.errors import BadSignature, ProtocolError
from app.protocol.signatures import SIGNATURE_BYTES, TAG_ENTRY, verify
from app.reporter.errors import ContentError

# The headings of a country's page, in their order.
COUNTRY_KINDS = ("danger", "talk", "place", "stay", "punished")
# And two that are about the line itself.
KINDS = (*COUNTRY_KINDS, "protection", "after")
FIELDS = (
    "id", "kind", "country", "phone", "source", "confirmed", "checked_on", "signed", "expires_on",
)  # fmt: skip
_ALWAYS = ("source", "checked_on")  # stand there empty, to be filled in
_TRANSLATED = ("id", "of")
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]*")
_VERSION_DIGITS = 8


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or a list (its items)."""

    is_list: bool
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Signers:
    """Whose signature makes an entry a checked one: the line's roots so far (32 bytes each)."""

    line_id: bytes
    roots: frozenset[bytes]


@dataclass(frozen=True)
class Translation:
    """An entry's words in another language, and the version of the English ones they stand for."""

    id: str
    of: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Entry:
    """One piece of information. ``language`` is the one its words are in.

    ``checked_on`` is the day that somebody of the line signed for exactly this entry, else None;
    ``claimed_on`` the day that stands in the file. ``country`` (ISO 3166) belongs to a number that
    stands in a list of countries; such an entry may have no text, and needs no translation.
    """

    id: str
    title: str
    kind: str
    country: str
    phone: str
    source: str
    confirmed: bool
    claimed_on: dt.date | None
    checked_on: dt.date | None
    expires_on: dt.date
    blocks: tuple[Block, ...]
    language: str

    @property
    def version(self) -> str:
        """What a translation names in its ``of``: eight hex digits of the title's and text's hash.

        Numbers, days and sources are not in it: every language takes them from the English entry.
        """
        words = [self.title, [[block.is_list, list(block.lines)] for block in self.blocks]]
        return hashlib.sha256(json_bytes(words)).hexdigest()[:_VERSION_DIGITS]

    @property
    def wordless(self) -> bool:
        """Whether there is nothing to translate: a name and a number in a country."""
        return bool(self.country) and not self.blocks

    def expired(self, today: dt.date) -> bool:
        """Return whether the entry must no longer be relied on."""
        return today > self.expires_on


def checked_bytes(line_id: bytes, page: str, entry: Entry, day: dt.date, good_to: dt.date) -> bytes:
    """Return what is signed when an entry of ``page`` was found right on ``day`` (spec: site).

    All that the page shows of it is in here: whoever changes any of it has an unchecked entry.
    """
    return line_id + json_bytes(
        {
            "v": 1,
            "page": page,
            "id": entry.id,
            "kind": entry.kind,
            "country": entry.country,
            "phone": entry.phone,
            "title": entry.title,
            "text": [[block.is_list, list(block.lines)] for block in entry.blocks],
            "source": entry.source,
            "checked_on": day.isoformat(),
            "expires_on": good_to.isoformat(),
        }
    )


def read_entry(part: str, file: str, page: str, language: str, signers: Signers | None) -> Entry:
    """Read an English entry, without its ``## ``. Raises ContentError, naming file and entry."""
    title, fields, blocks, where = _take_apart(part, file, FIELDS)
    if fields["kind"] not in KINDS:
        raise ContentError(f"{where}: `kind` must be one of {', '.join(KINDS)}.")
    if fields["confirmed"] not in ("", "no"):
        raise ContentError(f"{where}: `confirmed` may say no, or be left out.")
    confirmed = fields["confirmed"] != "no"
    if confirmed and not fields["source"]:
        raise ContentError(
            f"{where}: an entry without a `source` is not shown to anybody, "
            "unless it says `confirmed: no`."
        )
    if fields["phone"] and not _PHONE.fullmatch(fields["phone"]):
        raise ContentError(f"{where}: `phone` may hold digits, spaces, +, - and brackets only.")
    if fields["country"] and not _COUNTRY.fullmatch(fields["country"]):
        raise ContentError(f"{where}: `country` must be two letters such as AT (ISO 3166).")
    claimed = _day(fields["checked_on"], f"{where}: `checked_on`") if fields["checked_on"] else None
    expires = _day(fields["expires_on"], f"{where}: `expires_on`")
    if claimed and claimed > expires:
        raise ContentError(f"{where}: `expires_on` is before `checked_on`.")
    entry = Entry(
        id=fields["id"],
        title=title,
        kind=fields["kind"],
        country=fields["country"],
        phone=fields["phone"],
        source=fields["source"],
        confirmed=confirmed,
        claimed_on=claimed,
        checked_on=None,
        expires_on=expires,
        blocks=blocks,
        language=language,
    )
    if claimed and confirmed and _is_signed(entry, page, claimed, fields["signed"], signers):
        return replace(entry, checked_on=claimed)
    return entry


def read_translation(part: str, file: str) -> Translation:
    """Read a translated entry, without its ``## ``. Raises ContentError as above."""
    title, fields, blocks, _ = _take_apart(part, file, _TRANSLATED)
    return Translation(fields["id"], fields["of"], title, blocks)


def with_fields(text: str, entry_id: str, fields: Mapping[str, str]) -> str:
    """Return a file's text with other fields in one entry; an empty value takes a field out."""
    head, *parts = ("\n" + text).split("\n## ")
    for at, part in enumerate(parts):
        facts, empty, body = part.partition("\n\n")
        title, *lines = facts.splitlines()
        split = (line.partition(":") for line in lines)
        found = {name.strip(): value.strip() for name, _, value in split}
        if found.get("id") == entry_id:
            found |= fields
            kept = [
                f"{name}: {found[name]}".rstrip()
                for name in FIELDS
                if found.get(name) or name in _ALWAYS
            ]
            parts[at] = "\n".join([title, *kept]) + (empty + body if empty else "\n")
    return "\n## ".join([head, *parts]).removeprefix("\n")


def with_words(text: str, entry_id: str, line: str | None, words: str) -> str:
    """Return a translation's text with other words in one entry: its title, or a line of it.

    A line is named by the numbers of its block and of itself, such as ``1.2``, from 1.
    """
    head, *parts = ("\n" + text).split("\n## ")
    for at, part in enumerate(parts):
        facts, _, body = part.partition("\n\n")
        title, *fields = facts.splitlines()
        if f"id:{entry_id}" not in ("".join(field.split()) for field in fields):
            continue
        blocks = [list(block.lines) for block in _blocks(body)]
        lists = [block.is_list for block in _blocks(body)]
        if line is None:
            title = words
        else:
            block, number = (int(one) - 1 for one in line.split("."))
            blocks[block][number] = words
        said = [
            "\n".join(f"- {one}" if is_list else one for one in lines)
            for lines, is_list in zip(blocks, lists, strict=True)
        ]
        parts[at] = "\n\n".join(["\n".join([title, *fields]), *said]) + "\n"
    return "\n## ".join([head, *parts]).removeprefix("\n")


def signature_field(signature: bytes) -> str:
    """How a signature is written in an entry's ``signed``."""
    return b64u(signature)


def only_once(ids: Iterable[str], file: str) -> None:
    """Raise ContentError where two entries of a file have one id."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ContentError(f"{file}: two entries have the id {one}.")
        seen.add(one)


def _is_signed(entry: Entry, page: str, day: dt.date, said: str, signers: Signers | None) -> bool:
    if signers is None:
        return False
    try:
        signature = unb64u(said, SIGNATURE_BYTES)
    except ProtocolError:
        return False
    message = checked_bytes(signers.line_id, page, entry, day, entry.expires_on)
    for root in signers.roots:
        try:
            verify(TAG_ENTRY, root, message, signature)
        except BadSignature:
            continue
        return True
    return False


def _take_apart(
    part: str, file: str, allowed: tuple[str, ...]
) -> tuple[str, dict[str, str], tuple[Block, ...], str]:
    head, _, body = part.partition("\n\n")
    title, *lines = head.splitlines()
    where = f"{file}, “{title.strip()}”"
    fields = dict.fromkeys(allowed, "")
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in fields:
            raise ContentError(
                f"{where}: {line!r} is none of {', '.join(allowed)}. "
                "An empty line must stand before the text."
            )
        fields[name.strip()] = value.strip()
    if not _ID.fullmatch(fields["id"]):
        raise ContentError(
            f"{where}: `id` must be a short name such as hotline: small letters, digits, hyphens."
        )
    return title.strip(), fields, _blocks(body), where


def _day(text: str, where: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ContentError(f"{where} must be a day such as 2031-05-06.") from None


def _blocks(body: str) -> tuple[Block, ...]:
    blocks = []
    for part in body.strip().split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            blocks.append(Block(True, tuple(line.removeprefix("- ") for line in lines)))
        elif lines:
            blocks.append(Block(False, (" ".join(lines),)))
    return tuple(blocks)
