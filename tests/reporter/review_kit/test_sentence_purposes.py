"""Every sentence says what it is for, and what hangs on its translation."""

from dataclasses import replace

import pytest

from app.reporter.content import load_content
from app.reporter.entries import KINDS
from app.reporter.errors import SiteError
from app.reporter.languages import source_messages
from app.reporter.review_kit.reviewed_sentences import MESSAGE, sentences_of
from app.reporter.review_kit.sentence_purposes import SAFETY, purposes

LINE = bytes(32)


def test_every_message_of_the_pages_has_one_place_and_no_other_has() -> None:
    messages = {
        one.id if isinstance(one.id, str) else one.id[0] for one in source_messages() if one.id
    }
    named = set(purposes().messages)
    assert messages - named == set(), "new: put each into a group of review_kit/purposes.toml"
    assert named - messages == set(), "gone: take them out of review_kit/purposes.toml"


def test_what_has_no_place_is_named_and_the_gravest_are_called_so() -> None:
    with pytest.raises(SiteError, match="A sentence from nowhere"):
        purposes().of_message("A sentence from nowhere")
    with pytest.raises(SiteError, match="sideways"):
        purposes().of_text("sideways.text")
    assert purposes().of_message("Leave this page").risk == SAFETY
    assert purposes().of_text("question.danger_now.option.yes").risk == SAFETY
    assert all(purposes().of_entry(kind).text for kind in (*KINDS, "title"))


def test_a_language_has_every_message_once_and_each_form_of_a_plural() -> None:
    sentences = sentences_of(load_content(LINE, "A line", languages=("ar",)), "ar")
    said = [one for one in sentences if one.place[0] == MESSAGE]
    assert {one.place[1] for one in said} == set(purposes().messages)
    about = [one for one in said if one.english.startswith("Room for about {count}")]
    assert len(about) == 6, "Arabic has six"
    assert [one.when for one in about][:3] == ["0", "1", "2"]
    assert len({one.hash for one in sentences}) == len(sentences)


def test_a_hash_is_of_both_texts_and_the_place_but_not_of_the_order_in_an_entry() -> None:
    sentences = sentences_of(load_content(LINE, "A line", languages=("fr",)), "fr")
    one = next(each for each in sentences if each.place[:3] == ("entry", "us", "hotline"))
    moved = replace(one, place=(*one.place[:3], "9.9"))
    assert moved.hash == one.hash
    for other in (
        replace(one, text=one.text + "!"),
        replace(one, english=one.english + "!"),
        replace(one, language="es"),
        replace(one, place=("entry", "uk", "hotline", one.place[3])),
    ):
        assert other.hash != one.hash
