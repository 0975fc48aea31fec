"""How a report's answers are said: in the words in which the page asked."""

from __future__ import annotations

import pytest

from app.console.rules import wording
from app.console.rules.intake_labels import Intake
from app.reporter.catalogue import language_of
from app.reporter.content import load_content


@pytest.mark.parametrize(
    ("name", "value", "asked", "said"),
    [
        ("danger_now", "yes", "In danger now", "Yes"),
        ("how_many", "two_to_five", "How many people need help?", "2 to 5"),
        ("where", "behind the mill, unknown street", "Where does it happen?", None),
        (
            "signs",
            "deception, debt_bondage, not_known_here",
            "Does any of this happen?",
            "The work or the promise was a lie, Working to pay a debt that never ends, "
            "not_known_here",
        ),
        ("the_agencys_own", "blue", "The agencys own", "blue"),
    ],
)
def test_answers_are_said_in_words(name: str, value: str, asked: str, said: str | None) -> None:
    assert Intake().question(name) == asked
    assert Intake().answer(name, value) == (value if said is None else said)


def test_what_the_agency_asks_goes_before_what_comes_with_the_program() -> None:
    own = Intake(
        {
            "hair": ("Hair colour", {"red": "Like a fox"}),
            "how_many": ("How many of you?", {"two_to_five": "A few"}),
            "danger_now": ("Is somebody about to hurt you?", {"yes": "Yes, now", "no": "No"}),
        }
    )
    assert own.question("hair") == "Hair colour"
    assert own.answer("hair", "red, blue") == "Like a fox, blue"
    assert own.question("how_many") == "How many of you?"
    assert own.answer("how_many", "two_to_five") == "A few"
    assert own.question("danger_now") == "Is somebody about to hurt you?"
    assert own.answer("danger_now", "yes") == "Yes, now"
    assert own.question("under_18") == "Under 18"


def test_languages_of_one_name_are_told_apart() -> None:
    assert wording.language("zh-Hans") == "Chinese (simplified)"
    assert wording.language("zh-HK") == "Chinese"
    assert wording.language("pt-BR") == "Portuguese"
    assert wording.language("xx") == "xx"


def test_an_answer_can_be_marked_with_every_language_of_the_reporters_site() -> None:
    languages = load_content(bytes(32), "A line").languages
    assert {language_of(code).tag for code in languages} <= set(wording.language_tags())
