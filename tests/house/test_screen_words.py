"""docs/GLOSSARY.md against what people read in the console: its words, none retired."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house import screen_words

ROOT = Path(__file__).parents[2]
_MARKED = re.compile(r"`([^`]+)`")


class Word(NamedTuple):
    """A row of the glossary's words of the screen."""

    word: str
    meaning: str
    retired: list[str]
    retired_alone: list[str]


def _words() -> list[Word]:
    _, _, section = (ROOT / "docs" / "GLOSSARY.md").read_text().partition(screen_words.HEADING)
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line[:1] == "|"]
    return [
        Word(row[0].strip(), row[1].strip(), _MARKED.findall(row[2]), _MARKED.findall(row[3]))
        for row in rows
        if row[0].strip() not in {"on the screen", "---"}
    ]


@pytest.fixture(scope="module")
def texts() -> list[screen_words.Text]:
    """Return what people read in the console."""
    return screen_words.of_console(ROOT)


WORDS = _words()
RETIRED = sorted(phrase for word in WORDS for phrase in word.retired)
ALONE = sorted(phrase for word in WORDS for phrase in word.retired_alone)


def test_the_words_of_the_screen_are_listed_once() -> None:
    assert len(WORDS) >= 25
    assert all(word.word and word.meaning for word in WORDS)
    assert len({word.word for word in WORDS}) == len(WORDS)
    assert len(set(RETIRED)) == len(RETIRED)


@pytest.mark.parametrize("phrase", RETIRED)
def test_a_retired_phrase_is_in_nothing_that_people_read(
    phrase: str, texts: list[screen_words.Text]
) -> None:
    wanted = screen_words.whole(phrase)
    assert [f"{text.where}: {text.words}" for text in texts if wanted.search(text.words)] == []


@pytest.mark.parametrize("phrase", ALONE)
def test_a_retired_label_is_no_label(phrase: str, texts: list[screen_words.Text]) -> None:
    assert [text.where for text in texts if text.words.strip(" .:…") == phrase] == []


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.word)
def test_a_word_of_the_screen_is_read_there(word: Word, texts: list[screen_words.Text]) -> None:
    wanted = screen_words.whole(word.word)
    assert any(wanted.search(text.words) for text in texts)


def test_texts_are_found_where_people_read_them() -> None:
    page = '{% if a %}<p title="{{ _(\'Give to\') }}">Raw words</p>{{ _("Walk on") }}{% endif %}'
    assert screen_words.of_template(page) == ["Give to", "Walk on", "Raw words"]
    source = (
        '"""The vault."""\n_A = {"mine": "Mine"}\n\n\ndef f(desk):\n    return f"At {desk} now"\n'
    )
    assert screen_words.of_python(source) == ["Mine", "At {} now"]
    script = "// The vault.\nstate.textContent = 'Draft kept';\n"
    assert screen_words.of_script(script) == ["Draft kept"]
    manual = "# Work\nOpen *Due* and `vault`\n```\nconsole run vault\n```\n"
    assert screen_words.of_document(manual) == ["# Work", "Open *Due* and "]
    assert screen_words.whole("walk").search("Walk the links")
    assert not screen_words.whole("walk").search("a sidewalk")
