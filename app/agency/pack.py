"""The information pack's ceremonies: what is due, and signing that an entry was found right.

    for one in due(folder, today): print(one.where, one.why)
    sign_checked(folder, [("us", "hotline")], passphrase=Secret(b"..."), today=day)
    withdraw(folder, [("us", "hotline")])

A check is a signature of the root key over the whole entry and its two days (spec: site). It stands
in the entry itself, in ``site/en/COUNTRY.md``: an entry that is changed afterwards is unchecked.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.agency import signing
from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.latest_directory import check_today
from app.agency.site import site_content
from app.files.writing import write_whole
from app.protocol.secrets import Secret
from app.reporter.content import SiteContent
from app.reporter.entries import Entry, checked_bytes, signature_field, with_fields
from app.reporter.infopack import FALLBACK

GOOD_DAYS: Final = 182
"""For so many days a check is good, unless another number is named."""
SOON_DAYS: Final = 30
"""An entry that runs out within so many days is due."""

Key = tuple[str, str]
"""A chapter's country and an entry's id."""


@dataclass(frozen=True, slots=True)
class Due:
    """An entry that somebody must look at: where it stands, and why, in words."""

    key: Key
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A translation that is not shown: its file, its entry, and the version that it must name."""

    file: str
    entry: str
    of: str


def entries(folder: Path) -> dict[Key, Entry]:
    """Every entry of the pages, in their order. Raises AgencyError, naming the file to mend."""
    chapters = _english(AgencyFolder(folder)).local[FALLBACK].chapters
    return {(one.country, each.id): each for one in chapters for each in one.entries}


def due(folder: Path, today: dt.date, within: int = SOON_DAYS) -> list[Due]:
    """Return what is out of date, changed since its check, never checked, or runs out soon.

    The worst first. Raises AgencyError.
    """
    found: list[tuple[int, Due]] = []
    for (country, entry_id), entry in entries(folder).items():
        for rank, why in _reasons(entry, today, within):
            where = f"{country}/{entry_id} “{entry.title}”"
            found.append((rank, Due((country, entry_id), where, why)))
    return [one for _, one in sorted(found, key=lambda each: each[0])]


def behind(folder: Path) -> list[Behind]:
    """Return the translations that fall back to English, in the languages that the line offers."""
    agency = AgencyFolder(folder)
    english = entries(folder)
    found = []
    for code, local in site_content(agency).local.items():
        for chapter in local.chapters:
            for entry_id in chapter.behind:
                of = english[chapter.country, entry_id].version
                found.append(Behind(f"{code}/{chapter.country}.md", entry_id, of))
    return found


def sign_checked(
    folder: Path,
    keys: Sequence[Key],
    *,
    passphrase: Secret,
    today: dt.date,
    good_days: int = GOOD_DAYS,
) -> dt.date:
    """Sign that these entries were found right today; return the last day they are good for.

    An entry that was not confirmed is confirmed by it. Raises WrongPassphrase; AgencyError for an
    entry that is not there or has no source; Suspicious as ``check_today``.
    """
    agency = AgencyFolder(folder)
    check_today(agency, today)
    known = entries(folder)
    if missing := [key for key in keys if key not in known]:
        raise AgencyError(f"There is no entry {'/'.join(missing[0])} in {agency.site_content()}.")
    if unfounded := [key for key in keys if not known[key].source]:
        raise AgencyError(
            f"Write first where {'/'.join(unfounded[0])} is known from: its `source`."
        )
    good_to = today + dt.timedelta(days=good_days)
    line_id = agency.line().line_id
    seed = agency.root_key().open(passphrase)
    changes = {}
    for country, entry_id in keys:
        message = checked_bytes(line_id, country, known[country, entry_id], today, good_to)
        changes[country, entry_id] = {
            "confirmed": "",
            "checked_on": today.isoformat(),
            "signed": signature_field(signing.sign_entry(message, seed)),
            "expires_on": good_to.isoformat(),
        }
    seed.wipe()
    _change(agency, changes)
    return good_to


def withdraw(folder: Path, keys: Iterable[Key]) -> None:
    """Take the check away from entries that were found wrong. Raises AgencyError."""
    _change(AgencyFolder(folder), {key: {"checked_on": "", "signed": ""} for key in keys})


_OLD, _CHANGED, _NEVER, _SOON = range(4)


def _reasons(entry: Entry, today: dt.date, within: int) -> list[tuple[int, str]]:
    if entry.expired(today):
        return [(_OLD, f"out of date since {entry.expires_on}")]
    if entry.claimed_on and not entry.checked_on:
        return [(_CHANGED, f"changed or not signed since {entry.claimed_on}: shown as unchecked")]
    if not entry.checked_on:
        doubt = "" if entry.confirmed else "; not confirmed by any source"
        return [(_NEVER, f"never checked{doubt}")]
    if entry.expires_on <= today + dt.timedelta(days=within):
        return [(_SOON, f"runs out on {entry.expires_on}")]
    return []


def _change(agency: AgencyFolder, changes: Mapping[Key, Mapping[str, str]]) -> None:
    """Change fields of entries, each file in one step."""
    for country in sorted({country for country, _ in changes}):
        path = agency.site_content() / FALLBACK / f"{country}.md"
        text = path.read_text(encoding="utf-8-sig")
        for (where, entry_id), fields in changes.items():
            if where == country:
                text = with_fields(text, entry_id, fields)
        write_whole(path, text.encode())


def _english(agency: AgencyFolder) -> SiteContent:
    return site_content(agency, (FALLBACK,))
