"""The agency's content folder: what may be in it, and what a mistake in it sounds like."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from app.reporter.build import render_site
from app.reporter.content import DEFAULT_FOLDER, load_content, question_labels
from app.reporter.errors import ContentError
from tests.reporter.conftest import DAY

LINE_ID = bytes(32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "content"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_defaults_are_complete_in_every_language() -> None:
    content = load_content(LINE_ID, "A line")
    assert set(content.languages) == {
        path.name for path in DEFAULT_FOLDER.iterdir() if path.is_dir()
    }
    for code in content.languages:
        local = content.local[code]
        asked = [q.id for q in local.first_questions]
        assert asked == ["danger_now", "safe_to_reply", "under_18"]
        signs = next(q for q in local.more_questions if q.id == "signs")
        assert len(signs.options) == 15, "the indicators of forced labour, three more, “not known”"
        assert signs.before, "a hard question is announced"
        assert local.emergency
        assert local.helplines


def test_nothing_is_said_to_have_been_checked_that_nobody_checked() -> None:
    for local in load_content(LINE_ID, "A line").local.values():
        assert all(helpline.entry.checked_on is None for helpline in local.helplines)


def test_an_edited_question_is_in_the_page(folder: Path) -> None:
    change(folder, "en/texts.toml", "Is someone in danger right now?", "Is it urgent?")
    site = render_site(load_content(LINE_ID, "A line", folder, ("en",)), DAY)
    assert b"Is it urgent?" in site["en/index.html"]


def test_who_reads_reports_learns_what_the_ids_stand_for() -> None:
    labels = question_labels("en")
    text, options = labels["signs"]
    assert text == "Does any of this happen?"
    assert options["debt_bondage"] == "Working to pay a debt that never ends"
    assert labels["under_18"][1] == {}


def test_an_agency_may_leave_out_all_further_questions(folder: Path) -> None:
    path = folder / "questions.toml"
    path.write_text(path.read_text().split("# From here on", 1)[0])
    site = render_site(load_content(LINE_ID, "A line", folder, ("en",)), DAY)
    assert b'data-step="more"' not in site["en/index.html"]


def test_fewer_languages_may_be_asked_for() -> None:
    site = render_site(load_content(LINE_ID, "A line", languages=("ar",)), DAY)
    assert "ar/index.html" in site
    assert "en/index.html" not in site


def test_a_helpline_has_the_number_and_the_doubts_of_its_entry(folder: Path) -> None:
    change(folder, "en/us.md", "phone: 1-888-373-7888", "phone: 1-888-373-0000")
    content = load_content(LINE_ID, "A line", folder, ("en",))
    page = render_site(content, DAY)["en/help/index.html"].decode()
    assert 'href="tel:1-888-373-0000"' in page
    assert page.count("We have not checked any of this yet. Do not rely on it after") == 1
    assert page.count("Do not rely on it after") == 1, "what holds for all is said once"
    late = render_site(content, dt.date(2027, 6, 1))["en/help/index.html"].decode()
    assert late.count("Out of date since") == len(content.local["en"].helplines)


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        (
            "es/texts.toml",
            "hint =",
            "hin =",
            r"es/texts\.toml, \[question\.danger_now\]: `hint` is",
        ),
        (
            "es/texts.toml",
            "[helpline.uk]",
            "[h.uk]",
            r"\[helpline\.uk\]: `name` is missing",
        ),
        ("site.toml", "us/hotline", "us/nobody", "there is no us/nobody"),
        ("site.toml", "us/hotline", "us/lawyer", "must name one of the information pack that has"),
        ("questions.toml", 'warn_on = "yes"', 'warn_on = "maybe"', "must be one of yes, no"),
        ("questions.toml", 'kind = "cards"', 'kind = "card"', "must be one of choice, cards, text"),
        ("questions.toml", 'kind = "text"', 'kind = "cards"', "cards need at least one"),
        ("questions.toml", 'warn_on = "yes"', 'kind = "text"', "yes, no or unknown"),
        ("site.toml", "https://www.wikipedia.org/", "http://x.example", "must begin with https"),
        ("site.toml", "languages = [", "languages = [] # [", "`languages` is empty"),
        ("site.toml", 'number = "911"', "number = 911", "emergency 1: `number` is missing or is"),
        ("site.toml", "[[emergency]]", "[emergency", r"site\.toml cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    folder: Path, name: str, old: str, new: str, complaint: str
) -> None:
    change(folder, name, old, new)
    with pytest.raises(ContentError, match=complaint):
        load_content(LINE_ID, "A line", folder)


def test_a_folder_without_its_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"no site\.toml"):
        load_content(LINE_ID, "A line", tmp_path)


def test_a_folder_of_an_older_release_is_told_what_to_copy_from_where(folder: Path) -> None:
    (folder / "es" / "texts.toml").unlink()
    with pytest.raises(ContentError, match=r"no es/texts\.toml.*agency init.*site/es/texts\.toml"):
        load_content(LINE_ID, "A line", folder)


def test_a_line_needs_a_whole_id_and_a_name() -> None:
    with pytest.raises(ContentError, match="32 bytes"):
        load_content(b"short", "A line")
    with pytest.raises(ContentError, match="needs a name"):
        load_content(LINE_ID, "  ")
