"""A content folder of an agency's own, as it begins: ours, offered in English alone.

A translation that nobody who grew up with the language has read can be wrong about a danger. The
other languages lie in the folder, and its site.toml names them: adding one is the agency's
decision, after a review (docs/adr/0046, 0092).
"""

import json
import re
import shutil
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from babel import Locale

from app.files.writing import write_whole
from app.reporter.catalogue import CATALOGUE, SOURCE_LANGUAGE, language_of
from app.reporter.content import DEFAULT_FOLDER, POSTERS, TEXTS, UNREVIEWED
from app.reporter.infopack import FALLBACK, read_chapter

SITE = "site.toml"
_NOT_OFFERED = "# Here, but not offered: "
_LINES = re.compile(rf"^(?:{re.escape(_NOT_OFFERED)}.*\n#.*\n)?languages = \[.*\]$", re.MULTILINE)
_COUNTRIES = re.compile(r"^countries = \[.*\]$", re.MULTILINE)
_ROWS = re.compile(r"^\[\[(?:emergency|helpline)\]\]\n(?:[a-z]+ *=.*\n?)*\n*", re.MULTILINE)
_EMERGENCY = re.compile(r"^\[emergency\]\n", re.MULTILINE)
_ISO = {"uk": "GB", "eu": "EU"}
"""The pack's codes that are not a country's in CLDR."""


def all_languages() -> list[str]:
    """Return every language that comes with this release, in the order they are offered."""
    text = (DEFAULT_FOLDER / SITE).read_text(encoding="utf-8")
    return [str(code) for code in tomllib.loads(text)["languages"]]


def begin(folder: Path) -> None:
    """Copy the default content to ``folder``, which must not exist.

    The page's own wording is not copied, nor that of posters: both stay with the release.
    """
    shutil.copytree(DEFAULT_FOLDER, folder, ignore=shutil.ignore_patterns(CATALOGUE, POSTERS))
    offer(folder, [SOURCE_LANGUAGE])


def offer(folder: Path, languages: Sequence[str]) -> None:
    """Set which languages a content folder made by ``begin`` offers; it names those it does not."""
    quoted = ", ".join(f'"{code}"' for code in languages)
    lines = [f"languages = [{quoted}]"]
    others = [code for code in all_languages() if code not in languages]
    if others:
        names = ", ".join(f'"{code}" ({language_of(code).name})' for code in others)
        lines.insert(0, f"{_NOT_OFFERED}{names}.")
        lines.insert(1, "# Add one when it is reviewed: `quietline agency review FOLDER LANGUAGE`.")
    path = folder / SITE
    text = path.read_text(encoding="utf-8")
    write_whole(path, _LINES.sub(lambda _: "\n".join(lines), text).encode())


def offer_unreviewed(folder: Path, languages: Sequence[str] | None = None) -> None:
    """Offer languages, or every one, in a content folder, unreviewed, which their pages admit.

    For what is there to be looked at, such as the demo.
    """
    offered = all_languages() if languages is None else languages
    offer(folder, offered)
    admit(folder, offered)


def admit(folder: Path, languages: Iterable[str]) -> None:
    """Let languages be published that no review covers; their pages then say so.

    What ``site.toml`` says of a language already stays.
    """
    path = folder / SITE
    text = path.read_text(encoding="utf-8")
    said = tomllib.loads(text).get("language", {})
    codes = [code for code in languages if code != SOURCE_LANGUAGE and code not in said]
    tables = "".join(f"\n[language.{code}]\n{UNREVIEWED} = true\n" for code in codes)
    write_whole(path, (text + tables).encode())


def admitted(folder: Path) -> set[str]:
    """Return the languages that a content folder lets be published without a review."""
    said = tomllib.loads((folder / SITE).read_text(encoding="utf-8")).get("language", {})
    return {code for code, table in said.items() if table.get(UNREVIEWED) is True}


def all_countries() -> dict[str, str]:
    """Return every country of this release's information pack: its code, and its English name."""
    text = (DEFAULT_FOLDER / SITE).read_text(encoding="utf-8")
    codes = tomllib.loads(text)["countries"]
    return {code: read_chapter(DEFAULT_FOLDER, code, FALLBACK).title for code in codes}


def look_after(folder: Path, countries: Sequence[str], emergency: Mapping[str, str]) -> None:
    """Set which countries a content folder is for, of those of the pack, and what is called first.

    ``emergency`` gives numbers by country. Helplines of other countries are left out of the first
    screens; those of these are there, ours and the folder's own. A country's name that the folder
    lacks is CLDR's.
    """
    for texts in sorted(folder.glob(f"*/{TEXTS}")):
        _name_countries(texts, emergency)
    path = folder / SITE
    before = path.read_text(encoding="utf-8")
    ours = _helplines((DEFAULT_FOLDER / SITE).read_text(encoding="utf-8"))
    lines = [_row("emergency", id=code, number=number) for code, number in emergency.items()]
    known = {one["id"]: one for one in [*ours, *_helplines(before)]}
    lines += [
        _row("helpline", id=one["id"], entry=one["entry"])
        for one in known.values()
        if one["entry"].split("/")[0] in countries
    ]
    listed = ", ".join(_quoted(code) for code in countries)
    text = _COUNTRIES.sub(lambda _: f"countries = [{listed}]", before)
    write_whole(path, f"{_ROWS.sub('', text).rstrip()}\n\n{chr(10).join(lines)}".encode())


def looks_after(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return the countries of a content folder, and its emergency numbers by country."""
    site = tomllib.loads((folder / SITE).read_text(encoding="utf-8"))
    numbers = {str(one["id"]): str(one["number"]) for one in site.get("emergency", [])}
    return [str(code) for code in site.get("countries", [])], numbers


def emergency_numbers(folder: Path, countries: Sequence[str]) -> dict[str, str]:
    """Return the number to call in danger that the pack has of each country, where it has one."""
    numbers = {code: read_chapter(folder, code, FALLBACK).emergency for code in countries}
    return {code: number for code, number in numbers.items() if number}


def offered(folder: Path) -> list[str]:
    """Return the languages that a content folder offers."""
    site = tomllib.loads((folder / SITE).read_text(encoding="utf-8"))
    return [str(code) for code in site["languages"]]


def _helplines(site: str) -> list[dict[str, str]]:
    return list(tomllib.loads(site).get("helpline", []))


def _name_countries(texts: Path, countries: Iterable[str]) -> None:
    text = texts.read_text(encoding="utf-8")
    there = tomllib.loads(text).get("emergency", {})
    names = Locale.parse(texts.parent.name).territories
    rows = [
        f"{code} = {_quoted(str(names[_ISO.get(code, code.upper())]))}\n"
        for code in countries
        if code not in there
    ]
    if rows:
        write_whole(texts, _EMERGENCY.sub(lambda found: found[0] + "".join(rows), text).encode())


def _row(name: str, **values: str) -> str:
    lines = "".join(f"{key} = {_quoted(value)}\n" for key, value in values.items())
    return f"[[{name}]]\n{lines}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
