"""All cards, posters and screens of a line in one folder, with a sheet for the agency.

    made = write_posters(folder, out, today=day)

A language is left out until a review covers its words, or ``site.toml`` says ``unreviewed = true``
of it. Then the sheet for the agency says so, and not the poster, whose reader can do nothing about
it. Two runs give the same bytes.
"""

import datetime as dt
import glob
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from string import Template
from typing import Final

from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.posters.drawing import as_pdf, as_pictures, drawing_problem
from app.agency.posters.poster_words import numbers_said, read_words, unreviewed
from app.agency.posters.printed_addresses import Address, addresses_of
from app.agency.posters.sheets import Said, Sheet, sheets_of
from app.agency.posters.typefaces import check_letters, typeface_of
from app.agency.review_records import covered_by, read_records
from app.agency.site import site_content
from app.files.whole_folders import put_in_place, sync_tree
from app.files.writing import PUBLIC, open_new
from app.protocol.encoding import json_bytes
from app.reporter.catalogue import SOURCE_LANGUAGE, language_of
from app.reporter.content import SiteContent

SHEET: Final = "READ-FIRST.txt"
"""The sheet for the agency: its first line says what the folder is, its last what it is made of."""
_FIRST: Final = "Cards, posters and screens of a hotline, made by `quietline agency posters`."
_MADE_OF: Final = "Made of: "
_NOT_MADE: Final = "Not made, because nobody has reviewed all of it (`quietline agency review`):"
_SCREEN_DOTS: Final = 96
"""A CSS pixel is a 96th of an inch: so a screen's picture has just its pixels."""
_PAPER_DOTS: Final = 300
_MIDNIGHT: Final = dt.time(tzinfo=dt.UTC)

Progress = Callable[[str, int, int], None]
"""Told a language's name, how many languages are done and how many there are."""


@dataclass(frozen=True, slots=True)
class PosterLanguages:
    """Which languages are made, which are left out (by how many texts), which are unreviewed."""

    made: tuple[str, ...]
    left_out: dict[str, int]
    admitted: dict[str, int]


@dataclass(frozen=True, slots=True)
class WrittenPosters:
    """What now stands in place: number of files, bytes in all, and what was chosen."""

    files: int
    size: int
    chosen: PosterLanguages


def write_posters(
    folder: Path,
    out: Path,
    *,
    today: dt.date,
    languages: Sequence[str] = (),
    pictures: bool = False,
    progress: Progress | None = None,
) -> WrittenPosters:
    """Make them and put them at ``out``, which they replace in one step if it holds such a folder.

    ``languages`` narrows those of the site; ``pictures`` makes a picture of each page of paper
    too. Files bear the day and no time of it. Raises AgencyError: nothing to draw with, a typeface
    or a text that lacks, a place that holds something else. Then nothing is changed.
    """
    agency, out = AgencyFolder(folder), out.absolute()
    _check_replaceable(out)
    if (problem := drawing_problem()) is not None:
        raise AgencyError(problem)
    content = site_content(agency)
    chosen = _choose(agency, content, languages)
    if languages and not chosen.made:
        raise AgencyError(
            f"Nobody has reviewed the words of {', '.join(chosen.left_out)} (`quietline agency "
            f"review`): nothing was made, and {out} is as it was."
        )
    addresses = addresses_of(agency.line())
    said = [_said(content, code, addresses) for code in chosen.made]
    out.parent.mkdir(parents=True, exist_ok=True)
    for left in out.parent.glob(f".{glob.escape(out.name)}.new-*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
    try:
        new.chmod(0o755)
        sizes = []
        for done, one in enumerate(said):
            if progress:
                progress(one.language.name, done, len(said))
            place = new / one.language.tag
            place.mkdir()
            for sheet in sheets_of(one):
                for name, data in _files(sheet, pictures=pictures):
                    sizes.append(_write(place / name, data))
        sheet_text = _sheet_for_agency(chosen, addresses, _digest(said))
        sizes.append(_write(new / SHEET, sheet_text.encode()))
        sync_tree(new, time=int(dt.datetime.combine(today, _MIDNIGHT).timestamp()))
        put_in_place(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return WrittenPosters(len(sizes), sum(sizes), chosen)


def are_current(folder: Path, out: Path) -> bool:
    """Say whether what stands at ``out`` was made of what the agency's folder says now.

    Raises AgencyError.
    """
    if not _is_ours(out):
        return False
    agency = AgencyFolder(folder)
    content = site_content(agency)
    chosen, addresses = _choose(agency, content, ()), addresses_of(agency.line())
    made_of = _digest([_said(content, code, addresses) for code in chosen.made])
    return (out / SHEET).read_text(encoding="utf-8") == _sheet_for_agency(
        chosen, addresses, made_of
    )


def _choose(
    agency: AgencyFolder, content: SiteContent, languages: Sequence[str]
) -> PosterLanguages:
    for code in languages:
        if code not in content.languages:
            raise AgencyError(
                f"The site is not published in {code}: it speaks {', '.join(content.languages)}."
            )
    records = read_records(agency)
    made, left_out, admitted = [], {}, {}
    for code in languages or content.languages:
        count = unreviewed(content.folder, code, covered_by(records, code))
        if count and code not in content.unreviewed_allowed:
            left_out[code] = count
            continue
        made.append(code)
        if count:
            admitted[code] = count
    return PosterLanguages(tuple(dict.fromkeys(made)), left_out, admitted)


def _said(content: SiteContent, code: str, addresses: tuple[Address, ...]) -> Said:
    words = read_words(content.folder, code)
    numbers = numbers_said(
        [(one.number, one.country) for one in content.local[code].emergency], code
    )
    check_letters(code, [*words.values(), numbers])
    return Said(language_of(code), typeface_of(code), words, numbers, addresses)


def _digest(said: Sequence[Said]) -> str:
    """Return a hash of all that goes into the sheets, the release's drawing included."""
    texts = [
        [one.language.tag, one.typeface.css, one.numbers, *map(list, one.words.items())]
        for one in said
    ]
    urls = [address.url for one in said[:1] for address in one.addresses]
    return hashlib.sha256(json_bytes([metadata.version("quietline"), urls, texts])).hexdigest()


def _files(sheet: Sheet, *, pictures: bool) -> Iterator[tuple[str, bytes]]:
    pdf = as_pdf(sheet.html)
    if sheet.is_screen:
        (picture,) = as_pictures(pdf, _SCREEN_DOTS)
        yield f"{sheet.name}.png", picture
        return
    yield f"{sheet.name}.pdf", pdf
    if pictures:
        for number, picture in enumerate(as_pictures(pdf, _PAPER_DOTS), start=1):
            yield f"{sheet.name}-{number}.png", picture


def _write(path: Path, data: bytes) -> int:
    with open_new(path, PUBLIC) as file:
        file.write(data)
    return len(data)


def _sheet_for_agency(chosen: PosterLanguages, addresses: Sequence[Address], made_of: str) -> str:
    left_out = "".join(f"    {_named(code)}\n" for code in chosen.left_out)
    return Template(Path(__file__).with_name("read_first.txt").read_text("utf-8")).substitute(
        first=_FIRST,
        languages="\n".join(f"    {_of_language(chosen, code)}" for code in chosen.made),
        left_out=left_out and f"\n{_NOT_MADE}\n{left_out}",
        addresses="\n".join(f"    {one.url}" for one in addresses),
        made_of=_MADE_OF + made_of,
    )


def _of_language(chosen: PosterLanguages, code: str) -> str:
    if code in chosen.admitted:
        return f"{_named(code)}: {chosen.admitted[code]} TEXTS ARE UNREVIEWED, as site.toml allows"
    return f"{_named(code)}: " + ("the source" if code == SOURCE_LANGUAGE else "reviewed")


def _named(code: str) -> str:
    return f"{language_of(code).tag} ({language_of(code).name})"


def _is_ours(out: Path) -> bool:
    sheet = out / SHEET
    if out.is_symlink() or sheet.is_symlink() or not sheet.is_file():
        return False
    with sheet.open("rb") as file:
        return file.read(len(_FIRST)) == _FIRST.encode()


def _check_replaceable(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise AgencyError(f"{out} is not a folder: choose another place for the posters.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out):
        raise AgencyError(
            f"{out} holds something else, which would be removed: choose an empty or a new folder."
        )
