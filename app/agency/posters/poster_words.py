"""What cards, posters and screens say in a language, and how far that was reviewed.

    words = read_words(content.folder, "hu")
    words["quiet.title"]

The release's words are ``app/reporter/content/LANGUAGE/posters.toml``; a line's own file of that
name, in its folder's ``site/``, says otherwise what it has. Every text has a place such as
``quiet.title``. The agency's reviews cover them like other sentences, and apart from the pages: the
site does not wait for its posters.
"""

import json
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from babel.lists import format_list

from app.agency.errors import AgencyError
from app.reporter.catalogue import CONTENT_FOLDER, SOURCE_LANGUAGE
from app.reporter.content import POSTERS
from app.reporter.review_kit.reviewed_sentences import POSTER, Sentence
from app.reporter.review_kit.sentence_purposes import purposes

NUMBERS: Final = "{numbers}"
"""Stands in a text for the emergency numbers of the line's countries."""


def read_words(folder: Path, code: str) -> dict[str, str]:
    """Return every text of a language by its place; ``folder`` is that of the line's content.

    Raises AgencyError: a language without such texts, a file that is damaged, a text that is
    missing, is none of ours, or lost its ``{numbers}``.
    """
    english = _leaves(_table(CONTENT_FOLDER / SOURCE_LANGUAGE / POSTERS))
    own, ours = folder / code / POSTERS, CONTENT_FOLDER / code / POSTERS
    if not own.is_file() and not ours.is_file():
        raise AgencyError(
            f"There are no words for posters in {code}. Write {own}: "
            f"{CONTENT_FOLDER / SOURCE_LANGUAGE / POSTERS} has the English ones."
        )
    words = (_leaves(_table(ours)) if ours.is_file() else {}) | (
        _leaves(_table(own)) if own.is_file() else {}
    )
    for place, text in english.items():
        said = words.get(place, "").strip()
        if not said:
            raise AgencyError(f"{code}/{POSTERS} lacks `{place}`.")
        if said.count(NUMBERS) != text.count(NUMBERS) or said.count("{") != text.count("{"):
            raise AgencyError(
                f"{code}/{POSTERS}, `{place}`: {NUMBERS} must stand in it as in English."
            )
    if unknown := sorted(words.keys() - english.keys()):
        raise AgencyError(f"{code}/{POSTERS} has `{unknown[0]}`, which no poster says.")
    return {place: words[place].strip() for place in english}


def numbers_said(emergency: Sequence[tuple[str, str]], code: str) -> str:
    """Return emergency numbers as a language lists them, the countries only if there are several.

    ``emergency`` has each number and its country's name; the two stay on one line.
    """
    several = len(emergency) > 1
    each = [f"{number}\u00a0({where})" if several else number for number, where in emergency]
    return format_list(each, style="or", locale=code)


def sentences_of_posters(folder: Path, code: str) -> list[Sentence]:
    """Return a language's texts beside their English, for whoever reviews them.

    English has none, nor has a language without words for posters. Raises AgencyError.
    """
    own, ours = folder / code / POSTERS, CONTENT_FOLDER / code / POSTERS
    if code == SOURCE_LANGUAGE or not (own.is_file() or ours.is_file()):
        return []
    purpose = purposes().of_text_beside(POSTER)
    english = read_words(folder, SOURCE_LANGUAGE)
    return [
        Sentence(code, (POSTER, place), english[place], text, purpose)
        for place, text in read_words(folder, code).items()
    ]


def unreviewed(folder: Path, code: str, covered: Collection[str]) -> int:
    """Return how many of a language's texts no review covers; ``covered`` are hashes."""
    return sum(one.hash not in covered for one in sentences_of_posters(folder, code))


def with_word(own: bytes | None, place: str, text: str) -> bytes:
    """Return a line's own file with one text changed; what else it says stays."""
    table = {} if own is None else tomllib.loads(own.decode("utf-8-sig"))
    part, name = place.split(".")
    table.setdefault(part, {})[name] = text
    rows = [
        f"[{part}]\n"
        + "".join(
            f"{name} = {json.dumps(said, ensure_ascii=False)}\n" for name, said in names.items()
        )
        for part, names in table.items()
        if isinstance(names, dict)
    ]
    head = "# What your line's posters say otherwise. The rest follows the release.\n\n"
    return (head + "\n".join(rows)).encode()


def _table(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AgencyError(f"{path} cannot be read: {error}.") from None


def _leaves(table: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{part}.{name}": text
        for part, names in table.items()
        if isinstance(names, dict)
        for name, text in names.items()
        if isinstance(text, str)
    }
