"""The information pack: what is unchecked, out of date or changed never looks like what is not."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from markupsafe import escape

from app.protocol.identities import sign, verify_key
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_ENTRY
from app.reporter.build import render_site
from app.reporter.catalogue import open_catalogue
from app.reporter.content import DEFAULT_FOLDER, SiteContent, load_content
from app.reporter.entries import (
    COUNTRY_KINDS,
    KINDS,
    Entry,
    Signers,
    checked_bytes,
    signature_field,
    with_fields,
)
from app.reporter.errors import ContentError
from app.reporter.infopack import FOR_ALL, read_chapter, remarks
from app.reporter.phrases import kind_names
from tests.reporter.conftest import DAY, LINE_ID, LINE_NAME, Page, tags

COUNTRIES = tuple(tomllib.loads((DEFAULT_FOLDER / "site.toml").read_text())["countries"])
WITH_LAW = ("us", "uk", "eu", FOR_ALL)
LINES_MAX = 10
EU = {
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
    *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
}
TRANSLATIONS = sorted(
    (path.parent.name, path.stem)
    for path in DEFAULT_FOLDER.glob("*/*.md")
    if path.parent.name != "en"
)
SEED = Secret(bytes(range(32)))
SIGNERS = Signers(LINE_ID, frozenset({verify_key(SEED)}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "content"))


def _change(folder: Path, old: str, new: str, name: str = "en/us.md") -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def _entry(folder: Path, entry_id: str, page: str = "us", signers: Signers = SIGNERS) -> Entry:
    chapter = read_chapter(folder, page, "en", signers)
    return next(one for one in chapter.entries if one.id == entry_id)


def _check(folder: Path, entry_id: str, day: dt.date, good_to: dt.date, page: str = "us") -> None:
    """Sign that an entry was right on a day, as the agency's ceremony does."""
    message = checked_bytes(LINE_ID, page, _entry(folder, entry_id, page), day, good_to)
    path = folder / "en" / f"{page}.md"
    fields = {
        "checked_on": day.isoformat(),
        "signed": signature_field(sign(SEED, TAG_ENTRY, message)),
        "expires_on": good_to.isoformat(),
    }
    path.write_text(with_fields(path.read_text(), entry_id, fields))


def _article(page: str, title: str) -> str:
    """Return the part of a page that shows one entry."""
    (found,) = (part for part in page.split("<article") if f"<h3>{escape(title)}</h3>" in part)
    return found.partition("</article>")[0]


def _page(folder: Path, day: dt.date = DAY, page: str = "us", language: str = "en") -> str:
    content = load_content(LINE_ID, LINE_NAME, folder, (language,), SIGNERS)
    return render_site(content, day)[f"{language}/info/{page}/index.html"].decode()


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
                assert escape(entry.source) in page
                if entry.phone:
                    assert f'href="tel:{entry.phone.replace(" ", "")}"' in page
            help_page = site[f"{tag}/help/index.html"].decode()
            assert f'href="/{tag}/info/{chapter.country}/"' in help_page


def test_every_country_has_the_five_headings_in_their_order(site: dict[str, bytes]) -> None:
    names = kind_names(open_catalogue("en"))
    for country in COUNTRIES:
        page = site[f"en/info/{country}/index.html"].decode()
        places = [page.index(f"<h2>{names[kind]}</h2>") for kind in COUNTRY_KINDS]
        assert places == sorted(places)


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_heading_has_ten_lines_at_most_and_what_may_change_says_so(country: str) -> None:
    chapter = read_chapter(DEFAULT_FOLDER, country, "en")
    for kind in KINDS:
        lines = [
            line for one in chapter.of_kind(kind) for block in one.blocks for line in block.lines
        ]
        assert len(lines) <= LINES_MAX or kind not in COUNTRY_KINDS, (country, kind, len(lines))
    for entry in chapter.entries:
        text = " ".join(line for block in entry.blocks for line in block.lines)
        if re.search(r"\b(court has|law of (January|July))\b", text):
            assert re.search(r"change again[;.] (?:A|a)sk", text), entry.id


@pytest.mark.parametrize("country", [one for one in COUNTRIES if one not in WITH_LAW])
def test_what_we_do_not_know_is_said_and_leads_to_the_page_for_all(
    site: dict[str, bytes], country: str
) -> None:
    page = site[f"en/info/{country}/index.html"].decode()
    chapter = read_chapter(DEFAULT_FOLDER, country, "en")
    empty = sum(not chapter.of_kind(kind) for kind in COUNTRY_KINDS)
    assert page.count("We have no answer here for this country that we could confirm.") == empty
    assert page.count(f'href="/en/info/{FOR_ALL}/" data-inside lang="en"') == empty


def test_each_country_of_the_union_has_a_number_or_says_that_none_is_known(
    site: dict[str, bytes],
) -> None:
    numbers = read_chapter(DEFAULT_FOLDER, "eu", "en").numbers("talk")
    assert sorted(one.country for one in numbers) == sorted(EU)
    spanish = site["es/info/eu/index.html"].decode()
    assert all(f"<h3>{name}</h3>" in spanish for name in ("Alemania", "Chequia", "Suecia"))
    page = site["en/info/eu/index.html"].decode()
    unknown = [one for one in numbers if not one.phone]
    assert [one.country for one in unknown] == ["SI"]
    assert "We know no number here. In danger, call 112." in _article(page, "Slovenia")


@pytest.mark.parametrize(("language", "country"), TRANSLATIONS)
def test_what_is_translated_has_the_lists_and_numbers_of_the_english_entry(
    language: str, country: str
) -> None:
    english, other = (read_chapter(DEFAULT_FOLDER, country, code) for code in ("en", language))
    assert other.language == language
    assert not other.left_over
    for there, here in zip(english.entries, other.entries, strict=True):
        assert (there.kind, there.phone, there.source) == (here.kind, here.phone, here.source)
        assert [block.is_list for block in there.blocks] == [block.is_list for block in here.blocks]
        numbers = [sorted(re.findall(r"\d{2,}", str(each.blocks))) for each in (there, here)]
        assert numbers[0] == numbers[1], f"{country}, {language}, {there.title}"


def test_a_changed_entry_is_shown_in_english_and_says_so_until_it_is_translated(
    folder: Path,
) -> None:
    said = "This part is in English. It is new or was changed, and is not translated yet."
    in_spanish = open_catalogue("es").gettext(said)
    english, spanish = _entry(folder, "emergency"), read_chapter(folder, "us", "es").entries[0]
    assert english.title != spanish.title
    assert in_spanish not in _article(_page(folder, language="es"), spanish.title)

    _change(folder, "If life is in danger now", "If somebody may die now")
    page = _page(folder, language="es")
    assert spanish.title not in page
    fallen_back = _article(page, english.title)
    assert '<div lang="en" dir="ltr">' in fallen_back
    assert "If somebody may die now" in fallen_back
    assert in_spanish in fallen_back

    _change(
        folder, f"of: {english.version}", f"of: {_entry(folder, 'emergency').version}", "es/us.md"
    )
    assert in_spanish not in _article(_page(folder, language="es"), spanish.title)


def test_a_changed_number_or_day_is_changed_in_every_language(folder: Path) -> None:
    title = read_chapter(folder, "us", "ar").entries[0].title
    _change(folder, "phone: 911", "phone: 912")
    _change(folder, "expires_on: 2027-05-31", "expires_on: 2029-01-02")
    article = _article(_page(folder, language="ar"), title)
    assert 'href="tel:912"' in article
    assert "2029" in article


def test_an_entry_that_is_taken_out_is_gone_in_every_language(folder: Path) -> None:
    path = folder / "en" / "us.md"
    head, first, *rest = path.read_text().split("\n## ")
    path.write_text("\n## ".join([head, *rest]))
    chapter = read_chapter(folder, "us", "fr")
    assert first.startswith("Emergency number")
    assert "emergency" not in [one.id for one in chapter.entries]
    assert chapter.left_over == ("emergency",)


def test_the_manual_shows_an_entry_that_is_taken_and_every_kind(folder: Path) -> None:
    manual = (DEFAULT_FOLDER / "README.md").read_text()
    example, translated = re.findall(r"```\n(.*?)```", manual, re.DOTALL)
    (folder / "en" / "us.md").write_text(f"# United States\n\n{example}")
    (folder / "es" / "us.md").write_text(f"# Estados Unidos\n\n{translated}")
    (entry,) = read_chapter(folder, "us", "en").entries
    assert [block.is_list for block in entry.blocks] == [False, True]
    (spanish,) = read_chapter(folder, "us", "es").entries
    assert spanish.language == "es"
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", manual, re.MULTILINE))
    assert rows == kind_names(open_catalogue("en"))
    assert tuple(rows) == KINDS


def test_nothing_claims_to_have_been_checked_that_nobody_checked() -> None:
    for country in COUNTRIES:
        for entry in read_chapter(DEFAULT_FOLDER, country, "en").entries:
            assert entry.claimed_on is None


def test_what_has_no_source_is_shown_as_not_confirmed(site: dict[str, bytes]) -> None:
    for country in COUNTRIES:
        page = site[f"en/info/{country}/index.html"].decode()
        doubtful = [
            one for one in read_chapter(DEFAULT_FOLDER, country, "en").entries if not one.confirmed
        ]
        assert page.count("Not confirmed. It may be wrong.") == len(doubtful)
        assert all("We have not checked" not in _article(page, one.title) for one in doubtful)


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
    _change(folder, "A person listens", "<b>A person</b> listens")
    _check(folder, "hotline", dt.date(2026, 11, 20), dt.date(2027, 5, 21))
    article = _article(_page(folder), "National Human Trafficking Hotline")
    assert "checked on November 20, 2026." in article
    assert "unsure" not in article.partition(">")[0]
    assert "&lt;b&gt;A person&lt;/b&gt; listens" in article


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("phone: 1-888-373-7888", "phone: 1-888-373-7889"),
        ("A person listens", "A machine listens"),
        ("source: humantraffickinghotline.org; ", "source: "),
        ("checked_on: 2026-11-20", "checked_on: 2026-11-21"),
        ("expires_on: 2027-05-21", "expires_on: 2029-05-21"),
        ("## National Human", "## Our Human"),
    ],
)
def test_a_checked_entry_that_was_changed_looks_unchecked(folder: Path, old: str, new: str) -> None:
    _check(folder, "hotline", dt.date(2026, 11, 20), dt.date(2027, 5, 21))
    assert _entry(folder, "hotline").checked_on
    _change(folder, old, new)
    changed = _entry(folder, "hotline")
    assert changed.checked_on is None
    assert changed.claimed_on is not None
    page = _page(folder)
    assert "checked on" not in _article(page, changed.title)
    assert page.count("We have not checked any of this yet.") == 1


def test_where_some_are_checked_each_other_entry_says_that_it_is_not(folder: Path) -> None:
    _check(folder, "hotline", dt.date(2026, 11, 20), dt.date(2027, 5, 21))
    page = _page(folder)
    assert "We have not checked any of this yet." not in page
    assert "checked on November 20, 2026." in _article(page, _entry(folder, "hotline").title)
    assert page.count("We have not checked it yet.") > 3


def test_a_day_that_nobody_of_the_line_signed_is_no_check(folder: Path) -> None:
    _change(folder, "checked_on:", "checked_on: 2026-11-20")
    assert "checked on" not in _page(folder)
    _check(folder, "hotline", dt.date(2026, 11, 20), dt.date(2027, 5, 21))
    strangers = Signers(LINE_ID, frozenset({verify_key(Secret(bytes(32)))}))
    elsewhere = Signers(bytes(32), SIGNERS.roots)
    for signers in (strangers, elsewhere):
        assert _entry(folder, "hotline", signers=signers).checked_on is None


def test_a_check_belongs_to_its_entry_and_page(folder: Path) -> None:
    _check(folder, "hotline", dt.date(2026, 11, 20), dt.date(2027, 5, 21))
    part = (folder / "en" / "us.md").read_text().split("\n## ")[2]
    path = folder / "en" / "uk.md"
    path.write_text(f"{path.read_text()}\n## {part}")
    assert _entry(folder, "hotline", "uk").checked_on is None


def test_a_checked_entry_out_of_date_does_not_look_checked(folder: Path) -> None:
    _check(folder, "hotline", dt.date(2026, 11, 20), dt.date(2027, 5, 21))
    article = _article(_page(folder, dt.date(2027, 5, 22)), "National Human Trafficking Hotline")
    assert "Out of date since May 21, 2027." in article
    assert "checked on" not in article
    assert "unsure" in article.partition(">")[0]


def test_a_country_that_is_not_translated_is_shown_in_english_and_says_so(folder: Path) -> None:
    (folder / "ar" / "us.md").unlink()
    page = _page(folder, language="ar")
    assert '<div lang="en" dir="ltr">' in page
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
        ("kind: talk", "kind: phone", "`kind` must be one of danger, talk"),
        ("kind: talk", "sort: talk", "is none of id, kind"),
        ("kind: talk", "kind: helpline", "us.md is of an older kind"),
        ("id: hotline", "id: Hot line", "`id` must be a short name"),
        ("id: hotline", "id: emergency", "two entries have the id emergency"),
        ("kind: talk", "kind: talk\ncountry: Austria", "`country` must be two letters"),
        ("kind: talk", "kind: talk\nconfirmed: perhaps", "`confirmed` may say no"),
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


def test_a_translation_may_not_have_facts_of_its_own(folder: Path) -> None:
    _change(folder, "id: hotline", "id: hotline\nphone: 123", "es/us.md")
    with pytest.raises(ContentError, match=r"es/us\.md.*'phone: 123' is none of id, of"):
        load_content(LINE_ID, LINE_NAME, folder)


def test_a_file_of_another_editor_is_read_or_named(folder: Path) -> None:
    path = folder / "en" / "us.md"
    text = path.read_text().replace("A person listens", "Señorita listens")
    path.write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig")
    assert read_chapter(folder, "us", "en").title == "United States"
    path.write_text(text, encoding="cp1252", errors="replace")
    with pytest.raises(ContentError, match=r"en/us\.md is not UTF-8"):
        load_content(LINE_ID, LINE_NAME, folder)


def test_whoever_publishes_hears_what_is_unconfirmed_and_when_it_runs_out(folder: Path) -> None:
    _check(folder, "emergency", dt.date(2026, 11, 20), dt.date(2026, 12, 1))
    chapter = read_chapter(folder, "us", "en", SIGNERS)
    count = len(chapter.entries)
    now = remarks([chapter], DAY)
    assert now[0].startswith(f"{count - 1} of {count} entries")
    assert now[1].startswith("The next entries run out on 2026-12-01.")
    later = remarks([chapter], dt.date(2026, 12, 2))
    assert later[1] == "Out of date, and shown as such: us/emergency."
    assert later[2].startswith("The next entries run out on 2027-05-31.")
    never = remarks([chapter], dt.date(2028, 1, 1))
    assert never[1].endswith(f" and {count - 5} more.")
    _change(folder, "If life is in danger now", "If somebody may die now")
    behind = len(read_chapter(folder, "us", "es").behind)
    (said,) = (one for one in remarks([read_chapter(folder, "us", "es")], DAY) if "behind" in one)
    assert said.startswith(f"{behind} translated entries are behind")


def test_a_country_without_a_file_is_named(folder: Path) -> None:
    (folder / "en" / "uk.md").unlink()
    with pytest.raises(ContentError, match=r"no en/uk\.md"):
        load_content(LINE_ID, LINE_NAME, folder)
