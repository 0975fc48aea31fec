"""What the pages must not promise, and where they must say what sending means."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from app.agency import texts
from app.console.rules import answer_templates
from app.reporter.build import render_site
from app.reporter.content import load_content
from tests.reporter.conftest import DAY, LINE_ID, LINE_NAME

# Each of these was said once, and was untrue or read as its opposite.
FALSE = (
    r"[Nn]obody (?:here )?may read",
    r"Nobody else can read",
    r"nobody can read them again",
    r"unless you ask",
    r"[Yy]ou decide what happens",
    r"tell nobody who you are",
    r"without talking to anybody official",
    r"any phone or computer",
    r"until you copy something",
    r"keep you safe",
    r"this page protects you",
    r"clear the history",
    r"Good until",
)
CONSENT = (
    "The people you choose can read everything you send. "
    "A law can make them act, for example to protect a child."
)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """Return the English files of the site, by path."""
    site = render_site(load_content(LINE_ID, LINE_NAME, languages=("en",)), DAY)
    return {path: data.decode() for path, data in site.items() if path.startswith("en/")}


def support() -> str:
    (desk,) = (one for one in tomllib.loads(texts.example())["desks"] if one["id"] == "support")
    return str(desk["about"]["en"])


@pytest.mark.parametrize("false", FALSE)
def test_no_english_text_makes_a_promise_that_is_not_kept(
    english: dict[str, str], false: str
) -> None:
    answers = {f"answer {one.id}": one.text for one in answer_templates.for_language("en")}
    manuals = (ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md"))
    read = {path.name: path.read_text() for path in manuals}
    for where, text in {**english, **answers, **read, "the desk": support()}.items():
        assert not re.search(false, text), where


def test_who_chooses_the_readers_is_told_that_a_law_can_make_them_act(
    english: dict[str, str],
) -> None:
    """On the way that everybody goes and before the choice: choosing and sending is consent."""
    whole = english["en/index.html"]
    screen = whole[whole.index('data-step="desks"') : whole.index('data-step="text"')]
    assert screen.index(CONSENT) < screen.index("data-desks></div>")
    assert CONSENT in json.loads(english["en/form.json"])["phrases"]["desks-why"]


def test_a_support_desk_says_that_a_law_can_make_it_tell_the_police() -> None:
    assert "if a law makes them" in support()


def test_beside_numbers_to_call_stands_what_a_call_leaves_on_the_phone(
    english: dict[str, str],
) -> None:
    for path in ("en/help/index.html", "en/later/index.html", "en/info/us/index.html"):
        assert "tel:" in english[path]
        assert "A call or a text stays in the phone’s list." in english[path], path
