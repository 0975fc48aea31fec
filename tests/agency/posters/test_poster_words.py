"""What cards and posters say: in every language, reviewed apart from the pages, and what never."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.posters.poster_words import (
    numbers_said,
    read_words,
    sentences_of_posters,
    unreviewed,
)
from app.agency.text_changes import problem_of, put_in_place
from app.cli.agency.review import _beside_pages
from app.reporter.beginning import all_languages
from app.reporter.catalogue import CONTENT_FOLDER
from tests.agency.conftest import Agency

GLOSSARIES = Path(__file__).parents[3] / "docs" / "glossaries"
OTHERS = [code for code in all_languages() if code != "en"]


def content(agency: Agency) -> Path:
    return agency.folder / "site"


def own(agency: Agency, code: str, text: str) -> None:
    (content(agency) / code / "posters.toml").write_text(text, encoding="utf-8")


def glossary(code: str) -> dict[str, Any]:
    read: dict[str, Any] = tomllib.loads((GLOSSARIES / f"{code}.toml").read_text("utf-8"))
    return read["words"]


@pytest.mark.parametrize("code", all_languages())
def test_no_card_or_poster_says_police_and_a_quiet_one_says_nothing_of_what_it_is_for(
    code: str,
) -> None:
    """Who is found with one is asked what it is; a witness's card alone names the crime."""
    words = read_words(CONTENT_FOLDER, code)
    english = {"police": ["police"], "trafficking": ["traffick"], "victim": ["victim"]}
    english |= {"danger": ["danger"], "threat": ["threat"], "passport": ["passport"]}
    english |= {"lawyer": ["lawyer"]}
    forbidden = english if code == "en" else glossary(code)

    def said(place: str, term: str) -> bool:
        return any(word.casefold() in words[place].casefold() for word in forbidden[term])

    assert [place for place in words if said(place, "police")] == []
    for_reporters = [
        place for place in words if place.partition(".")[0] in ("open", "quiet", "address")
    ]
    assert len(for_reporters) >= 15
    assert [p for p in for_reporters for t in ("trafficking", "victim") if said(p, t)] == []
    quiet = [place for place in for_reporters if not place.startswith("open.")]
    terms = ("danger", "threat", "passport", "lawyer")
    assert [place for place in quiet for term in terms if said(place, term)] == []


def test_a_line_says_otherwise_what_its_own_file_has_and_the_rest_follows(agency: Agency) -> None:
    before = read_words(content(agency), "fr")
    own(agency, "fr", '[quiet]\ntitle = "Une question\u00a0?"\n')
    after = read_words(content(agency), "fr")
    assert {place for place in before if before[place] != after[place]} == {"quiet.title"}
    assert after["quiet.title"] == "Une question\u00a0?"


@pytest.mark.parametrize("code", all_languages())
def test_a_number_stays_with_its_country_and_a_language_lists_them_in_its_own_way(
    code: str,
) -> None:
    said = numbers_said([("911", "A"), ("999", "B"), ("113", "C")], code)
    for one in ("911\u00a0(A)", "999\u00a0(B)", "113\u00a0(C)"):
        assert one in said
    assert numbers_said([("999", "A")], code) == "999"
    assert numbers_said([], code) == ""
    if code in ("ar", "ur", "zh_Hans"):
        assert "," not in said, "not that script's comma"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[quiet]\ntitel = "?"\n', "quiet.titel"),
        ('[quiet]\ntitle = " "\n', "lacks `quiet.title`"),
        ('[open]\ndanger = "Appelez le 112."\n', "{numbers} must stand"),
        ('[quiet]\ntitle = "Chez {name}\u00a0?"\n', "quiet.title"),
        ("[quiet\n", "cannot be read"),
    ],
)
def test_a_mistake_in_a_lines_own_file_is_named(agency: Agency, text: str, complaint: str) -> None:
    own(agency, "fr", text)
    with pytest.raises(AgencyError) as error:
        read_words(content(agency), "fr")
    assert complaint in str(error.value)


def test_a_language_of_a_lines_own_without_words_for_posters_is_named(agency: Agency) -> None:
    (content(agency) / "eo").mkdir()
    with pytest.raises(AgencyError, match="no words for posters in eo"):
        read_words(content(agency), "eo")
    assert sentences_of_posters(content(agency), "eo") == []


def test_a_reviewer_reads_them_beside_the_pages_which_do_not_wait_for_them(agency: Agency) -> None:
    sentences = sentences_of_posters(content(agency), "hu")
    assert {one.place[1] for one in sentences} == set(read_words(content(agency), "hu"))
    assert {one.purpose.risk for one in sentences} == {"safety"}
    assert {one.hash for one in sentences} <= {
        one.hash for one in _beside_pages(agency.folder, "hu")
    }
    assert unreviewed(content(agency), "hu", set()) == len(sentences)
    assert unreviewed(content(agency), "hu", {one.hash for one in sentences[1:]}) == 1
    assert unreviewed(content(agency), "en", set()) == 0


def test_a_reviewers_change_goes_into_the_lines_own_file_and_a_wrong_one_nowhere(
    agency: Agency,
) -> None:
    here = AgencyFolder(agency.folder)
    by_place = {one.place[1]: one for one in sentences_of_posters(content(agency), "hu")}
    file = content(agency) / "hu" / "posters.toml"
    assert not file.exists(), "a new line follows the release"
    put_in_place(here, [(by_place["quiet.title"], 'Kérdése „van”? "Igen"')])
    put_in_place(here, [(by_place["open.write"], "Itt írhat.")])
    words = read_words(content(agency), "hu")
    assert words["quiet.title"] == 'Kérdése „van”? "Igen"'
    assert words["open.write"] == "Itt írhat."
    assert words["quiet.ask"] == by_place["quiet.ask"].text

    assert problem_of(by_place["open.danger"], "Hívja a 112-t.") is not None
    before = file.read_bytes()
    with pytest.raises(AgencyError):
        put_in_place(here, [(by_place["open.title"], "Más"), (by_place["open.danger"], "112!")])
    assert file.read_bytes() == before
