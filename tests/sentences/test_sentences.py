"""A sentence in its English, in another language, and stored between them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.sentences.language import END_ISOLATE, ISOLATE, Language, english, open_language
from app.sentences.message_catalogues import write_catalogue
from app.sentences.stored_sentences import kept, said
from app.sentences.translatable import said_by, say, say_as, say_count
from app.sentences.values import Amount, CommaList, LanguageName, Listing, Moment

AT = dt.datetime(2026, 11, 24, 8, 15, tzinfo=dt.UTC)
FORMS = {
    "ar": ("صفر", "ملف", "ملفان", "{count} ملفات", "{count} ملف", "{count} ملفًا"),
    "uk": ("{count} файл", "{count} файли", "{count} файлів"),
}


@pytest.fixture
def languages(tmp_path: Path) -> dict[str, Language]:
    found = {}
    for code, forms in FORMS.items():
        catalogue = Catalog(locale=code)
        catalogue.add(("{count} file", "{count} files"), forms)
        catalogue.add("Listen to {name}", f"{code}: {{name}}")
        catalogue.add("Open", f"{code}: open!")
        catalogue.add("Open", f"{code}: not closed", context="cases")
        write_catalogue(tmp_path / f"{code}.po", catalogue)
        found[code] = open_language(code, tmp_path / f"{code}.po")
    return found


def test_one_word_in_two_uses_is_said_in_two_ways(languages: dict[str, Language]) -> None:
    of_cases = say_as("cases", "Open")
    assert of_cases == say("Open") == english().say(of_cases) == "Open"
    for code, language in languages.items():
        assert language.say(say("Open")) == f"{code}: open!"
        assert language.say(of_cases) == f"{code}: not closed"
        assert language.say(said(kept(of_cases))) == f"{code}: not closed", "stored, too"
        assert language.say(say_as("a third use", "Open")) == "Open", "not what means another"


def test_a_sentence_is_english_by_itself() -> None:
    assert say("Listen to {name}", name="a.ogg") == "Listen to a.ogg"
    assert [say_count("{count} file", "{count} files", n) for n in (1, 2)] == ["1 file", "2 files"]
    assert (
        english().say(say("Nothing {left}", left=Listing.of(("a", "b", "c"))))
        == "Nothing a, b and c"
    )


def test_every_plural_form_is_said(languages: dict[str, Language]) -> None:
    def forms(code: str, *counts: int) -> list[str]:
        return [languages[code].say(say_count("{count} file", "{count} files", n)) for n in counts]

    assert forms("ar", 0, 1, 2, 3, 11, 100) == [
        "صفر",
        "ملف",
        "ملفان",
        "3 ملفات",
        "11 ملفًا",
        "100 ملف",
    ]
    assert forms("uk", 1, 3, 5, 21) == ["1 файл", "3 файли", "5 файлів", "21 файл"]
    assert set(languages["ar"].plural_forms("{count} file", "{count} files")) == {
        "zero", "one", "two", "few", "many", "other",
    }  # fmt: skip


def test_what_is_not_translated_stays_english(languages: dict[str, Language]) -> None:
    assert languages["uk"].say(say("Nothing of it.")) == "Nothing of it."


def test_a_name_is_isolated_where_one_writes_from_the_right(languages: dict[str, Language]) -> None:
    sentence = say("Listen to {name}", name="a (1).ogg")
    assert languages["ar"].say(sentence) == f"ar: {ISOLATE}a (1).ogg{END_ISOLATE}"
    assert languages["uk"].say(sentence) == "uk: a (1).ogg"


def test_dates_numbers_and_lists_are_the_languages_own(languages: dict[str, Language]) -> None:
    ukrainian = languages["uk"].say
    assert ukrainian(Moment.of(AT, "day")) == "вівторок, 24 листопада 2026\u202fр."
    assert "08:15" in ukrainian(Moment.of(AT, "long"))
    assert ukrainian(Amount.of(3.14, 1)) == "3,1"
    assert ukrainian(LanguageName.of("ar", "Arabic")) == "арабська"
    assert ukrainian(Listing.of(("а", "б", "в"))) == "а, б і в"
    assert languages["ar"].say(CommaList.of(("a", "b"))).count("،") == 1


@pytest.mark.parametrize(
    "sentence",
    [
        say("Listen to {name}", name="a.ogg"),
        say_count("{count} file", "{count} files", 3),
        say("Back on {day}: {what}", day=Moment.of(AT, "date"), what=say("Nothing of it.")),
        say("{names}", names=Listing.of(("a", say("Nothing of it.")))),
        Amount.of(2.5, 1),
    ],
)
def test_what_is_stored_can_be_said_later(sentence: str, languages: dict[str, Language]) -> None:
    back = said(kept(sentence))
    assert back == sentence
    assert languages["ar"].say(back) == languages["ar"].say(sentence)


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ('{"said": "Sentence", "of": ["Listen to {name}", "", 0, {"name": "a"}]}', "Listen to a"),
        ('{"said": "Row", "of": ["a", "b"]}', "a, b"),
        ('{"said": "Listing", "of": ["a", "b"]}', "a and b"),
        ('{"said": "Amount", "of": [2.5, 1]}', "2.5"),
        ('{"said": "LanguageName", "of": ["ar", "Arabic"]}', "Arabic"),
        ('{"said": "CountryName", "of": ["AL", "Albania"]}', "Albania"),
    ],
)
def test_what_a_vault_has_stored_is_read_whatever_its_class_is_called_today(
    stored: str, read: str
) -> None:
    assert said(stored) == read
    assert said(kept(said(stored))) == read


@pytest.mark.parametrize(
    "text", ["", "plain", '{"said": ', '{"said": "Sentence", "of": []}', '{"said": 3}']
)
def test_what_is_no_stored_sentence_is_shown_as_it_is(text: str) -> None:
    assert said(text) == text
    assert kept(text) == text


def test_an_error_says_its_sentence(languages: dict[str, Language]) -> None:
    error = ValueError(say("Listen to {name}", name="a"))
    assert str(error) == "Listen to a"
    assert languages["uk"].say(said_by(error)) == "uk: a"
    assert said_by(ValueError("a", "b")) == "('a', 'b')"
