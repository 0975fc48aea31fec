"""Forty words of a trafficking line: where English says one, each language says its own for it.

docs/glossaries/terms.toml finds a term in English; a file a language says what it is called there,
and names the sentences that say it in another way. A translation that lost the word, or that calls
one thing by a new name, is found here.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.reporter.beginning import all_languages
from tests.reporter.translated import Pair, pairs

GLOSSARIES = Path(__file__).parents[2] / "docs" / "glossaries"
TERMS: dict[str, str] = tomllib.loads((GLOSSARIES / "terms.toml").read_text("utf-8"))["terms"]
OTHERS = [code for code in all_languages() if code != "en"]
OTHERWISE_MOST = 8
ARABIC_VOWELS = re.compile("[\u064b-\u0652\u0640]")


def glossary(code: str) -> dict[str, dict[str, list[str]]]:
    read: dict[str, Any] = tomllib.loads((GLOSSARIES / f"{code}.toml").read_text("utf-8"))
    return {"words": read["words"], "otherwise": read.get("otherwise", {})}


def folded(text: str) -> str:
    return ARABIC_VOWELS.sub("", unicodedata.normalize("NFC", text).casefold())


def lacking(
    texts: Iterable[Pair], words: Mapping[str, Sequence[str]]
) -> list[tuple[str, str, str]]:
    """Return term, English text and translation, of each that has none of the term's words."""
    return [
        (term, english, other)
        for english, other in texts
        for term, form in TERMS.items()
        if re.search(form, english, re.IGNORECASE)
        and not any(folded(word) in folded(other) for word in words[term])
    ]


def test_there_are_forty_terms_and_a_glossary_for_each_language() -> None:
    assert len(TERMS) >= 40
    assert {path.stem for path in GLOSSARIES.glob("*.toml")} == {"terms", *OTHERS}


@pytest.mark.parametrize("code", OTHERS)
def test_each_term_of_an_english_text_is_in_its_translation(code: str) -> None:
    said = glossary(code)
    assert list(said["words"]) == list(TERMS)
    named = {(term, start) for term, starts in said["otherwise"].items() for start in starts}
    assert len(named) <= OTHERWISE_MOST, "too many to be exceptions"
    found = lacking(pairs(code), said["words"])
    excused = {
        (term, start)
        for term, start in named
        for lost, english, _ in found
        if lost == term and english.startswith(start)
    }
    assert named == excused, "named, but the word is there"
    starts = tuple(named)
    lost = [
        f"{term}: {english} | {other}"
        for term, english, other in found
        if not any(term == t and english.startswith(s) for t, s in starts)
    ]
    assert not lost, "\n".join(["none of the term’s words is in the translation:", *lost])


@pytest.mark.parametrize("code", OTHERS)
def test_the_way_out_is_called_as_its_button_is_and_skipping_is_another_word(code: str) -> None:
    said = dict(pairs(code))
    button = said["Leave this page"]
    naming = [other for english, other in said.items() if "“Leave this page”" in english]
    assert len(naming) >= 3
    assert [other for other in naming if button not in other] == []
    assert said["Skip"] != button


def test_a_translation_that_lost_a_word_or_gave_a_thing_another_name_is_found() -> None:
    words = glossary("fr")["words"]
    (right,) = (one for one in pairs("fr") if one[0].startswith("It does not promise papers"))
    assert lacking([right], words) == []
    lost = (right[0], right[1].replace("visa", "titre"))
    other = (right[0], right[1].replace("avocat", "notaire"))
    assert [one[0] for one in lacking([lost, other], words)] == ["visa", "lawyer"]
