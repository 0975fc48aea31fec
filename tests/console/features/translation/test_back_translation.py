"""The page's texts, translated back by the desk's own engine: what they must not lose.

In Portuguese, whose model a package ships; any other language is tried alike once there is one. A
look back finds what is lost on either way: what the engine alone gets wrong is named here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

import pytest
from fxtranslate import Translator

from tests.bench.look_back import model
from tests.reporter.test_glossaries import GLOSSARIES, TERMS
from tests.reporter.translated import pairs

BACK: dict[str, list[str]] = tomllib.loads((GLOSSARIES / "terms.toml").read_text("utf-8"))["back"]
NEGATION = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|cannot|without|neither|nor|\w+n[’']t)\b", re.IGNORECASE
)
BLANK = re.compile(r"\{\w+\}|%\(\w+\)s")
SAID_THE_OTHER_WAY = (
    "A call or a text stays in the phone’s list.",
    "Out of date since",
    "That is as long as one recording can be.",
    "Together ",
    "Is it safe for you if we write back?",
    "Stop if it is not safe.",
    "When the state has confirmed that you are a victim",
)
"""Right in Portuguese: "if there is no danger" for "if it is safe", "say no" for "refuse"."""
LOST_BY_THE_ENGINE = {
    "trafficker": ("Since February 2025",),
    "visa": ("It does not promise papers or a visa.",),
    "money": ("Before you sign anything",),
}

Texts = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def back() -> Callable[[str], str]:
    return Translator(*model("pten").parts()).translate_long


@pytest.fixture(scope="module")
def texts(back: Callable[[str], str]) -> Texts:
    """Return each text in English, in Portuguese, and in English again; a blank is a number."""
    both = dict.fromkeys((BLANK.sub("5", one), BLANK.sub("5", other)) for one, other in pairs("pt"))
    return [(english, other, back(other)) for english, other in both]


def negates(text: str) -> bool:
    return NEGATION.search(text) is not None


def lost(term: str, came_back: str) -> bool:
    return not any(word in came_back.lower() for word in BACK[term])


def test_what_is_not_so_comes_back_as_not_so(texts: Texts) -> None:
    assert sum(negates(english) for english, _, _ in texts) > 150
    turned = [(one, again) for one, _, again in texts if negates(one) != negates(again)]
    assert [pair for pair in turned if not pair[0].startswith(SAID_THE_OTHER_WAY)] == []


def test_each_term_comes_back(texts: Texts) -> None:
    assert list(BACK) == list(TERMS)
    missing = [
        (term, english, other, again)
        for english, other, again in texts
        for term, form in TERMS.items()
        if re.search(form, english, re.IGNORECASE) and lost(term, again)
    ]
    assert [
        one for one in missing if not one[1].startswith(LOST_BY_THE_ENGINE.get(one[0], ()))
    ] == []


def test_a_lost_negation_and_another_word_are_seen(back: Callable[[str], str]) -> None:
    said = "Não podemos prometer documentos nem visto. Fale primeiro com um advogado."
    assert said in dict.fromkeys(other for _, other in pairs("pt"))
    assert negates(back(said))
    assert not negates(back(said.replace("Não podemos", "Podemos").replace("nem", "e")))
    assert not lost("lawyer", back(said))
    assert lost("lawyer", back(said.replace("advogado", "vizinho")))
