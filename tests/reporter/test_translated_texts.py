"""What can be counted in a translation: its numbers and its length; and how hard the English is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from statistics import median

import pytest

from app.reporter.beginning import all_languages
from tests.reporter.translated import Pair, pairs

OTHERS = [code for code in all_languages() if code != "en"]
BLANK = re.compile(r"\{\w+\}|%\(\w+\)s")
SENTENCE = 40
"""Characters from which a text's length says something: names and buttons differ too much."""
SHORTEST, LONGEST = 0.5, 2.2
"""A text's length by its English one, by what is usual in the language."""
WORDS_MOST = 20
GRADE_MOST = 4
"""Years at school (Flesch and Kincaid, 1975), over all texts."""


def other_numbers(texts: Iterable[Pair]) -> list[Pair]:
    """Return the texts whose numbers of two and more digits are not the English ones."""
    return [
        one
        for one in texts
        if len({tuple(sorted(re.findall(r"\d{2,}", BLANK.sub("", text)))) for text in one}) > 1
    ]


def too_short_or_long(texts: Iterable[Pair]) -> list[Pair]:
    measured = [(len(other) / len(english), (english, other)) for english, other in texts]
    # A name is kept beside its translation, and says nothing of the language.
    long = [(size, one) for size, one in measured if len(one[0]) >= SENTENCE and one[0][-1] in ".?"]
    usual = median(size for size, _ in long)
    return [one for size, one in long if not SHORTEST <= size / usual <= LONGEST]


def sentences(text: str) -> list[list[str]]:
    """Return a text's sentences as words; a colon ends one, as a full stop does."""
    parts = re.split(r"(?<=[.!?:;])\s+", BLANK.sub("x", text))
    return [words for part in parts if (words := re.findall(r"[\w’'-]+", part))]


def syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e"))))


def grade(texts: Iterable[str]) -> float:
    said = [sentence for text in texts for sentence in sentences(text)]
    words = [word for sentence in said for word in sentence]
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("code", OTHERS)
def test_every_number_is_in_the_translation(code: str) -> None:
    assert other_numbers(pairs(code)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_far_shorter_or_longer_than_the_language_is(code: str) -> None:
    assert too_short_or_long(pairs(code)) == []


def test_a_number_that_changed_and_a_half_sentence_are_found() -> None:
    texts = list(pairs("es"))
    at = next(n for n, one in enumerate(texts) if "12 words, or all 12 numbers" in one[0])
    english, other = texts[at]
    assert other_numbers([(english, other.replace("12", "10", 1))])
    texts[at] = (english, other[: len(other) // 3])
    assert [one[0] for one in too_short_or_long(texts)] == [english]


def test_english_has_no_sentence_of_more_than_twenty_words_and_is_easy_to_read() -> None:
    english = [one for one, _ in pairs(OTHERS[0])]
    assert [words for one in english for words in sentences(one) if len(words) > WORDS_MOST] == []
    assert grade(english) < GRADE_MOST
    assert grade(["The authorities may initiate administrative proceedings against you."]) > 10
