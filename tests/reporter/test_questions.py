"""Questions that hang on earlier answers, or whose words a language lacks."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from app.reporter.build import render_site
from app.reporter.content import DEFAULT_FOLDER, LocalContent, load_content
from app.reporter.errors import ContentError
from app.reporter.questions import TEXT, applies
from tests.reporter.conftest import DAY, LINE_ID

NOBODY = {"whose_case": "nobody"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "content"))


def ask(folder: Path, question: str, texts: str = 'text = "Why?"\nhint = ""') -> None:
    """Put a further question at the end, with its English words."""
    with (folder / "questions.toml").open("a") as file:
        file.write(f'\n[[question]]\nid = "own"\nmore = true\n{question}\n')
    with (folder / "en" / "texts.toml").open("a") as file:
        file.write(f"\n[question.own]\n{texts}\n")


def english(folder: Path) -> LocalContent:
    return load_content(LINE_ID, "A line", folder, ("en",)).local["en"]


def asked(answers: dict[str, object]) -> set[str]:
    return {q.id for q in english(DEFAULT_FOLDER).questions if applies(q.only_if, answers)}


def test_who_saw_something_goes_another_way_than_who_lives_through_it() -> None:
    saw, lives = asked({"whose_case": "something_i_saw"}), asked({"whose_case": "mine"})
    assert saw - lives == {"what_seen", "how_often", "may_ask"}
    assert lives - saw == {"who_is_near", "who_sees_phone", "how_it_began", "signs", "needs"}
    assert asked({}) == lives, "who does not say is asked as a victim is"
    assert {"country", "made_to_do", "where", "traces"} <= saw & lives


@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        ('only_if = { own = ["yes"] }', "`own`, which is no question"),
        ('only_if = { where = ["x"] }', "`where`, which is no question with fixed answers"),
        ('only_if = { nothing_such = ["yes"] }', "`nothing_such`, which is no question"),
        ('only_if = { whose_case = ["mine", "hers"] }', "answers of `whose_case`: mine, some"),
        ("only_if = { whose_case = [] }", "must name answers of `whose_case`"),
        ('only_if = { whose_case = "mine" }', "`whose_case` must be a list of texts"),
        ('only_if = ["mine"]', "`only_if` must name an earlier question"),
    ],
)
def test_a_question_that_can_never_be_asked_stops_the_build(
    folder: Path, condition: str, complaint: str
) -> None:
    ask(folder, condition)
    with pytest.raises(ContentError, match=rf"questions\.toml, question \d+.*{complaint}"):
        english(folder)


def test_a_question_for_everybody_cannot_hang_on_a_further_one(folder: Path) -> None:
    path = folder / "questions.toml"
    condition = 'id = "under_18"\nonly_if = { whose_case = ["mine"] }'
    path.write_text(path.read_text().replace('id = "under_18"', condition))
    with pytest.raises(ContentError, match="asked before this one"):
        english(folder)


def test_an_id_stands_for_one_question_and_none_is_called_skipped(folder: Path) -> None:
    ask(folder, '[[question.option]]\nid = "skipped"\nicon = "no"')
    with pytest.raises(ContentError, match="none may be `skipped`"):
        english(folder)
    path = folder / "questions.toml"
    path.write_text(path.read_text().replace('id = "skipped"', 'id = "a"') + "\n[[question]]\n")
    path.write_text(path.read_text() + 'id = "where"\nmore = true\n')
    with (folder / "en" / "texts.toml").open("a") as file:
        file.write('[question.own.option]\na = "A"\n')
    with pytest.raises(ContentError, match="there is a question `where` already"):
        english(folder)


def test_an_answer_of_several_is_enough_and_of_several_questions_all_must_fit() -> None:
    condition = {"a": ["1", "2"], "b": ["yes"]}
    assert applies(condition, {"a": ["2", "3"], "b": "yes"})
    assert not applies(condition, {"a": ["3"], "b": "yes"})
    assert not applies(condition, {"a": "1"})
    assert applies({"a": ["skipped"]}, {})


def test_pages_and_form_say_on_what_a_question_hangs() -> None:
    site = render_site(load_content(LINE_ID, "A line", languages=("en",)), DAY)
    later = site["en/later/index.html"].decode()
    form = {one["id"]: one for one in json.loads(site["en/form.json"])["questions"]}
    assert form["what_seen"]["only_if"] == {"whose_case": ["something_i_saw"]}
    assert form["where"]["only_if"] == {}
    marked = re.findall(r'data-question="what_seen" data-only-if="([^"]*)"', later)
    assert [json.loads(one.replace("&#34;", '"')) for one in marked] == [
        {"whose_case": ["something_i_saw"]}
    ]


def test_the_countries_of_the_pack_can_be_answers_in_the_words_of_the_language() -> None:
    content = load_content(LINE_ID, "A line", languages=("en",))
    question = next(q for q in content.local["en"].questions if q.id == "country")
    answers = {option.id: option.text for option in question.options}
    assert answers["uk"] == "United Kingdom"
    assert "int" not in answers
    assert list(answers)[-2:] == ["another", "unknown"]


def test_a_further_question_without_a_translation_is_asked_in_english_and_said(
    folder: Path,
) -> None:
    ask(folder, "")
    local = load_content(LINE_ID, "A line", folder, ("es",)).local["es"]
    own = next(q for q in local.questions if q.id == "own")
    assert (own.text, own.language) == ("Why?", "en")
    assert any("es/texts.toml, [question.own]: `text` is missing" in one for one in local.lacking)
    later = render_site(load_content(LINE_ID, "A line", folder, ("es",)), DAY)
    assert 'tabindex="-1" lang="en" dir="ltr">Why?</h1>' in later["es/later/index.html"].decode()
    assert not any("[question.where]" in one for one in local.lacking)


def test_what_everybody_is_asked_must_be_there_in_every_language(folder: Path) -> None:
    path = folder / "es" / "texts.toml"
    path.write_text(path.read_text().replace("[question.under_18]", "[question.under18]"))
    with pytest.raises(ContentError, match=r"es/texts\.toml, \[question\.under_18\]: `text`"):
        load_content(LINE_ID, "A line", folder, ("es",))


def test_an_icon_that_is_not_drawn_is_named(folder: Path) -> None:
    ask(folder, '[[question.option]]\nid = "a"\nicon = "unicorn"', 'text = "W"\nhint = ""\n'
        '[question.own.option]\na = "A"')  # fmt: skip
    with pytest.raises(ContentError, match=r"there is no icon `unicorn`\. There are: alone, "):
        render_site(load_content(LINE_ID, "A line", folder, ("en",)), DAY)


def test_every_card_of_a_question_has_a_picture_of_its_own() -> None:
    for question in english(DEFAULT_FOLDER).questions:
        if question.kind == "cards":
            icons = [option.icon for option in question.options]
            assert len(set(icons)) == len(icons), question.id
        assert question.kind != TEXT or not question.answers
