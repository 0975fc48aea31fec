"""The information pack: who helps, what the law says, by country, in Markdown that agencies edit.

``content/LANGUAGE/COUNTRY.md`` has a title after ``# ``, entries after ``## ``, each
with lines ``kind source checked_on expires_on`` (and ``phone``), an empty line, and its text:
paragraphs and ``- `` lists, nothing else. ``checked_on`` is empty until an investigator of the line
has checked the entry. Never here: how a page looks, or anything without a source.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.reporter.errors import ContentError

# In the order of the page.
KINDS = ("emergency", "helpline", "shelter", "legal", "rights", "protection", "after")
FALLBACK = "en"
_FIELDS = ("kind", "phone", "source", "checked_on", "expires_on")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]*")
_NAMED = 5  # so many entries are called by name in a remark


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or a list (its items)."""

    is_list: bool
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One piece of information. ``checked_on`` is None until it was checked."""

    title: str
    kind: str
    phone: str
    source: str
    checked_on: dt.date | None
    expires_on: dt.date
    blocks: tuple[Block, ...]

    def expired(self, today: dt.date) -> bool:
        """Say whether the entry must no longer be relied on."""
        return today > self.expires_on


@dataclass(frozen=True)
class Chapter:
    """A country in one language. ``language`` may be English where there is no translation."""

    country: str
    language: str
    title: str
    entries: tuple[Entry, ...]

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of one kind, in the file's order."""
        return tuple(entry for entry in self.entries if entry.kind == kind)


def read_chapter(folder: Path, country: str, language: str) -> Chapter:
    """Read a country in a language, or in English. Raises ContentError, naming file and entry."""
    if not (folder / language / f"{country}.md").is_file():
        language = FALLBACK
    name = f"{language}/{country}.md"
    path = folder / name
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark in front
    except FileNotFoundError:
        raise ContentError(
            f"The information pack has no {name}. Write one as README.md of a new folder shows, "
            f"or take “{country}” out of `countries` in site.toml."
        ) from None
    except UnicodeDecodeError:
        raise ContentError(f"{name} is not UTF-8: save it again as UTF-8.") from None
    head, *rest = ("\n" + text).split("\n## ")
    if not head.strip().startswith("# "):
        raise ContentError(f"{name}: the first line must be `# ` and a title.")
    entries = tuple(_entry(part, f"{name}") for part in rest)
    return Chapter(country, language, head.strip().removeprefix("# ").strip(), entries)


def remarks(chapters: Iterable[Chapter], today: dt.date) -> list[str]:
    """Return what whoever publishes the pack should know, in sentences.

    They say what is unconfirmed, what is out of date on ``today``, and when the pages have to be
    made again.
    """
    entries = {
        (f"{one.language}/{one.country}.md, “{each.title}”", each)
        for one in chapters
        for each in one.entries
    }
    said = []
    unchecked = sum(each.checked_on is None for _, each in entries)
    if unchecked:
        said.append(
            f"{unchecked} of {len(entries)} entries of the information pack have no `checked_on`: "
            "the pages say that you have not checked them yet."
        )
    old = sorted(where for where, each in entries if each.expired(today))
    if old:
        more = f" and {len(old) - _NAMED} more" if len(old) > _NAMED else ""
        said.append(f"Out of date, and shown as such: {'; '.join(old[:_NAMED])}{more}.")
    ends = [each.expires_on for _, each in entries if not each.expired(today)]
    if ends:
        said.append(
            f"The next entries run out on {min(ends)}. Make the site again then: pages that were "
            "made before cannot say that an entry is out of date, only until when it is good."
        )
    return said


def _entry(part: str, file: str) -> Entry:
    head, _, body = part.partition("\n\n")
    title, *lines = head.splitlines()
    where = f"{file}, “{title.strip()}”"
    fields = dict.fromkeys(_FIELDS, "")
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in fields:
            raise ContentError(
                f"{where}: {line!r} is none of {', '.join(_FIELDS)}. "
                "An empty line must stand before the text."
            )
        fields[name.strip()] = value.strip()
    if fields["kind"] not in KINDS:
        raise ContentError(f"{where}: `kind` must be one of {', '.join(KINDS)}.")
    if not fields["source"]:
        raise ContentError(f"{where}: an entry without a `source` is not shown to anybody.")
    if fields["phone"] and not _PHONE.fullmatch(fields["phone"]):
        raise ContentError(f"{where}: `phone` may hold digits, spaces, +, - and brackets only.")
    checked = _day(fields["checked_on"], f"{where}: `checked_on`") if fields["checked_on"] else None
    expires = _day(fields["expires_on"], f"{where}: `expires_on`")
    if checked and checked > expires:
        raise ContentError(f"{where}: `expires_on` is before `checked_on`.")
    return Entry(
        title=title.strip(),
        kind=fields["kind"],
        phone=fields["phone"],
        source=fields["source"],
        checked_on=checked,
        expires_on=expires,
        blocks=_blocks(body),
    )


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
