"""A priority is chosen by its first letter and Enter: one of them decides who goes out tonight."""

from __future__ import annotations

import pytest

from app.console.rules.vocabulary import LIFE_SAFETY, PRIORITIES, URGENT
from app.console.web.reader_languages import Languages

TAGS = [tag for tag, _ in Languages().offered()]


@pytest.mark.parametrize("tag", TAGS)
def test_what_can_wait_begins_with_another_letter_than_what_cannot(tag: str) -> None:
    language = Languages().find(tag)
    assert language is not None
    said = {name: language.say(words) for name, words in PRIORITIES.items()}
    now = {said.pop(name)[0].casefold() for name in (LIFE_SAFETY, URGENT)}
    assert [words for words in said.values() if words[0].casefold() in now] == []
