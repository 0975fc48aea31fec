"""The information pack: nothing without a source, nothing expired without saying so."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
from markupsafe import escape

from app.reporter.build import render_site
from app.reporter.catalogue import open_catalogue
from app.reporter.content import DEFAULT_FOLDER, SiteContent, load_content
from app.reporter.errors import ContentError
from app.reporter.infopack import KINDS, read_chapter, remarks
from app.reporter.phrases import kind_names
from tests.reporter.conftest import DAY, LINE_ID, LINE_NAME, Page, tags

COUNTRIES = ("us", "uk", "eu", "int")
TRANSLATED = sorted(
    path.parent.name for path in DEFAULT_FOLDER.glob("*/us.md") if path.parent.name != "en"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "content"))


def _change(folder: Path, old: str, new: str) -> None:
    path = folder / "en" / "us.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_each_country_is_a_page_in_each_language_with_all_its_entries(
    site: dict[str, bytes], content: SiteContent
) -> None:
    for code, tag in tags(content).items():
        assert tuple(one.country for one in content.local[code].chapters) == COUNTRIES
        for chapter in content.local[code].chapters:
            page = site[f"{tag}/info/{chapter.country}/index.html"].decode()
            assert chapter.entries
            for entry in chapter.entries:
                assert escape(entry.title) in page
                assert entry.source in page
                assert str(entry.expires_on.year) in page
                if entry.phone:
                    assert f'href="tel:{entry.phone.replace(" ", "")}"' in page
            help_page = site[f"{tag}/help/index.html"].decode()
            assert f'href="/{tag}/info/{chapter.country}/"' in help_page


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_entries_numbers_and_days_of_the_english_one(
    country: str, language: str
) -> None:
    english, other = (
        read_chapter(DEFAULT_FOLDER, country, "en"),
        read_chapter(DEFAULT_FOLDER, country, language),
    )
    assert other.language == language
    for there, here in zip(english.entries, other.entries, strict=True):
        assert (there.kind, there.phone) == (here.kind, here.phone)
        assert (there.checked_on, there.expires_on) == (here.checked_on, here.expires_on)
        assert [block.is_list for block in there.blocks] == [block.is_list for block in here.blocks]
        numbers = [sorted(re.findall(r"\d{2,}", str(each.blocks))) for each in (there, here)]
        assert numbers[0] == numbers[1], f"{country}, {language}, {there.title}"


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_language_of_the_site_has_its_own_leaf(country: str, content: SiteContent) -> None:
    for code in content.languages:
        assert read_chapter(DEFAULT_FOLDER, country, code).language == code


def test_the_manual_shows_an_entry_that_is_taken_and_every_kind(folder: Path) -> None:
    manual = (DEFAULT_FOLDER / "README.md").read_text()
    (example,) = re.findall(r"```\n(.*?)```", manual, re.DOTALL)
    (folder / "en" / "us.md").write_text(f"# United States\n\n{example}")
    (entry,) = read_chapter(folder, "us", "en").entries
    assert entry.checked_on is not None
    assert [block.is_list for block in entry.blocks] == [False, True]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", manual, re.MULTILINE))
    assert rows == kind_names(open_catalogue("en"))
    assert tuple(rows) == KINDS


def test_the_pack_has_something_of_every_kind() -> None:
    pack = [entry for one in COUNTRIES for entry in read_chapter(DEFAULT_FOLDER, one, "en").entries]
    assert {entry.kind for entry in pack} == set(KINDS)


def test_nothing_claims_to_have_been_checked_that_nobody_checked() -> None:
    for country in COUNTRIES:
        for entry in read_chapter(DEFAULT_FOLDER, country, "en").entries:
            assert entry.checked_on is None


def test_an_entry_past_its_day_says_so() -> None:
    content = load_content(LINE_ID, LINE_NAME, languages=("en",))
    last = dt.date(2027, 5, 31)
    path = "en/info/us/index.html"
    assert b"Out of date" not in render_site(content, last)[path]
    late = render_site(content, last + dt.timedelta(days=1))[path].decode()
    entries = read_chapter(DEFAULT_FOLDER, "us", "en").entries
    assert late.count("Out of date since May 31, 2027.") == len(entries)


def test_the_pack_is_read_without_script_and_names_no_trouble_in_its_title(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        if "/info/" not in path:
            continue
        assert "hidden" not in page.all("section")[0].attributes
        assert re.search(r"\d", page.only("title").text), path


def test_a_checked_entry_shows_its_day_and_text_stays_text(folder: Path) -> None:
    _change(folder, "checked_on:", "checked_on: 2026-11-20")
    _change(folder, "A person listens", "<b>A person</b> listens")
    site = render_site(load_content(LINE_ID, LINE_NAME, folder, ("en",)), DAY)
    page = site["en/info/us/index.html"].decode()
    assert "checked on November 20, 2026." in page
    assert "&lt;b&gt;A person&lt;/b&gt; listens" in page


def test_a_country_that_is_not_translated_is_shown_in_english_and_says_so(folder: Path) -> None:
    (folder / "ar" / "us.md").unlink()
    site = render_site(load_content(LINE_ID, LINE_NAME, folder, ("ar",)), DAY)
    page = site["ar/info/us/index.html"].decode()
    assert '<div class="help" lang="en" dir="ltr">' in page
    assert "بالإنجليزية" in page


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "source: humantraffickinghotline.org; HHS, September 2025",
            "source:",
            "Hotline”: an entry without a `source`",
        ),
        ("expires_on: 2027-05-31", "expires_on: soon", "`expires_on` must be a day such as"),
        ("checked_on:", "checked_on: today", "`checked_on` must be a day"),
        ("kind: helpline", "kind: phone", "`kind` must be one of emergency, helpline"),
        ("kind: helpline", "sort: helpline", "is none of kind, phone"),
        ("# United States", "United States", "first line must be"),
        ("phone: 911", "phone: call us", "`phone` may hold digits"),
        ("05-31\n\nIf life", "05-31\nIf life", "An empty line must stand before the text"),
        ("checked_on:\n", "checked_on: 2027-06-01\n", "`expires_on` is before `checked_on`"),
        ("expires_on: 2027-05-31\n", "", "`expires_on` must be a day"),
    ],
)
def test_a_mistake_in_the_pack_is_named(folder: Path, old: str, new: str, complaint: str) -> None:
    _change(folder, old, new)
    with pytest.raises(ContentError, match=complaint):
        load_content(LINE_ID, LINE_NAME, folder)


def test_a_file_of_another_editor_is_read_or_named(folder: Path) -> None:
    path = folder / "en" / "us.md"
    text = path.read_text().replace("A person listens", "Señorita listens")
    path.write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig")
    assert read_chapter(folder, "us", "en").title == "United States"
    path.write_text(text, encoding="cp1252")
    with pytest.raises(ContentError, match=r"en/us\.md is not UTF-8"):
        load_content(LINE_ID, LINE_NAME, folder)


def test_whoever_publishes_hears_what_is_unconfirmed_and_when_it_runs_out(folder: Path) -> None:
    _change(
        folder,
        "checked_on:\nexpires_on: 2027-05-31",
        "checked_on: 2026-11-20\nexpires_on: 2026-12-01",
    )
    chapter = read_chapter(folder, "us", "en")
    count = len(chapter.entries)
    now = remarks([chapter], DAY)
    assert now[0].startswith(f"{count - 1} of {count} entries")
    assert now[1].startswith("The next entries run out on 2026-12-01.")
    later = remarks([chapter], dt.date(2026, 12, 2))
    assert later[1] == "Out of date, and shown as such: en/us.md, “Emergency number”."
    assert later[2].startswith("The next entries run out on 2027-05-31.")
    never = remarks([chapter], dt.date(2028, 1, 1))
    assert never[1].endswith(f" and {count - 5} more.")


def test_a_country_without_a_file_is_named(folder: Path) -> None:
    (folder / "en" / "uk.md").unlink()
    with pytest.raises(ContentError, match=r"no en/uk\.md"):
        load_content(LINE_ID, LINE_NAME, folder)
