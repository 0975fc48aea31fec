"""The information pack: who helps, what the law says, by country, in Markdown that agencies edit.

``content/en/COUNTRY.md`` has a title after ``# `` and entries (``entries``), with every number, day
and source. ``content/LANGUAGE/COUNTRY.md`` has the words of another language, each tied to the
version of the English entry it was made from: where that has changed, the English entry is shown,
and says so. Never here: how a page looks, or anything without a source.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from app.reporter.entries import (
    Entry,
    Signers,
    Translation,
    only_once,
    read_entry,
    read_translation,
)
from app.reporter.errors import ContentError

FALLBACK = "en"
FOR_ALL = "int"
"""The chapter for all countries that have none of their own."""
_NAMED = 5  # so many entries are called by name in a remark
_OLDER = (
    " If your folder comes from an older release: `quietline agency init` in another place makes "
    "a new one; copy its site/LANGUAGE/COUNTRY.md here, then put your own words into them."
)


@dataclass(frozen=True)
class Chapter:
    """A country in one language, all its entries in the English file's order.

    ``behind`` are the ids whose translation is missing or was made from another English text (they
    are in English here); ``left_over`` those that are translated and no longer in English.
    """

    country: str
    language: str
    title: str
    entries: tuple[Entry, ...]
    behind: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of one kind, in order, without those of a list of countries."""
        return tuple(one for one in self.entries if one.kind == kind and not one.country)

    def numbers(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of one kind that stand in a list of countries."""
        return tuple(one for one in self.entries if one.kind == kind and one.country)

    @property
    def emergency(self) -> str:
        """The number to call in danger, empty where the chapter has none."""
        return next((one.phone for one in self.of_kind("danger") if one.phone), "")


def read_chapter(
    folder: Path, country: str, language: str, signers: Signers | None = None
) -> Chapter:
    """Read a country in a language, or in English. Raises ContentError, naming file and entry.

    Without ``signers`` nothing counts as checked.
    """
    name = f"{FALLBACK}/{country}.md"
    title, parts = _read(folder, name)
    english = tuple(read_entry(part, name, country, FALLBACK, signers) for part in parts)
    only_once((one.id for one in english), name)
    if language == FALLBACK or not (folder / language / f"{country}.md").is_file():
        return Chapter(country, FALLBACK, title, english)
    name = f"{language}/{country}.md"
    title, parts = _read(folder, name)
    translations = [read_translation(part, name) for part in parts]
    only_once((one.id for one in translations), name)
    by_id = {one.id: one for one in translations}
    entries = tuple(_in_language(one, by_id.get(one.id), language) for one in english)
    return Chapter(
        country,
        language,
        title,
        entries,
        behind=tuple(one.id for one in entries if one.language != language),
        left_over=tuple(sorted(by_id.keys() - {one.id for one in english})),
    )


def remarks(chapters: Iterable[Chapter], today: dt.date) -> list[str]:
    """Return what whoever publishes the pack should know.

    Sentences on what is unconfirmed, what is out of date on ``today``, what falls back to English,
    when the pages have to be made again.
    """
    chapters = list(chapters)
    entries = {(one.country, each.id): each for one in chapters for each in one.entries}
    said = []
    unchecked = sum(each.checked_on is None for each in entries.values())
    if unchecked:
        said.append(
            f"{unchecked} of {len(entries)} entries of the information pack were not checked, or "
            "were changed since: the pages say so. `quietline agency pack check` asks them."
        )
    old = sorted(f"{page}/{each}" for (page, each), one in entries.items() if one.expired(today))
    if old:
        more = f" and {len(old) - _NAMED} more" if len(old) > _NAMED else ""
        said.append(f"Out of date, and shown as such: {'; '.join(old[:_NAMED])}{more}.")
    behind = sum(len(one.behind) for one in chapters)
    if behind:
        said.append(
            f"{behind} translated entries are behind their English ones, and are shown in English: "
            "`quietline agency pack due` lists them."
        )
    ends = [each.expires_on for each in entries.values() if not each.expired(today)]
    if ends:
        said.append(
            f"The next entries run out on {min(ends)}. Make the site again then: pages that were "
            "made before cannot say that an entry is out of date, only until when it is good."
        )
    return said


def _in_language(entry: Entry, translation: Translation | None, language: str) -> Entry:
    if entry.wordless:
        return replace(entry, language=language)
    if translation is None or translation.of != entry.version:
        return entry
    return replace(entry, title=translation.title, blocks=translation.blocks, language=language)


def _read(folder: Path, name: str) -> tuple[str, list[str]]:
    country = Path(name).stem
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")  # some editors put a mark in front
    except FileNotFoundError:
        raise ContentError(
            f"The information pack has no {name}. Write one as README.md of a new folder shows, "
            f"or take “{country}” out of `countries` in site.toml."
        ) from None
    except UnicodeDecodeError:
        raise ContentError(f"{name} is not UTF-8: save it again as UTF-8.") from None
    head, *parts = ("\n" + text).split("\n## ")
    if not head.strip().startswith("# "):
        raise ContentError(f"{name}: the first line must be `# ` and a title.")
    if any(f"\nkind: {old}\n" in text for old in ("emergency", "helpline", "shelter", "legal")):
        raise ContentError(f"{name} is of an older kind.{_OLDER}")
    return head.strip().removeprefix("# ").strip(), parts
