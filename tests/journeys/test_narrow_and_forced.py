"""The console in a narrow window and with colours forced: what must be read there can be.

Each of these was seen broken in a picture: names of cases gone behind their tags, the state of the
sync and two buttons one letter a line, bars and chosen tabs without any mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.console.rules import changes
from app.console.rules.changes import PRIORITY
from app.console.vault import Vault
from app.console.vault.records import messages, saved_views
from app.console.web.case_views import case_name
from tests.console.running_line import PASSPHRASE
from tests.journeys import axe
from tests.journeys.console_world import NOON, World, do, receive, world

WIDTHS = (320, 360, 768, 1093, 1366)
REPORTER_CSS = Path(__file__).parents[2] / "app" / "reporter" / "pages" / "site.css"
LINE = 40
"""Pixels: two lines of small text are less."""

CUT = """() => [
  ...document.querySelectorAll('.row :is(.line-name, .tag, .priority, .line-time)'),
].filter((one) => {
  const box = one.getBoundingClientRect(), row = one.closest('.row').getBoundingClientRect();
  return box.right > row.right || one.scrollWidth > one.clientWidth + 1 || box.width < 20;
}).map((one) => one.textContent)"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """Make a case that has all the tags that there are."""
    cases: list[str] = []

    def fill(vault: Vault) -> None:
        said = {"danger_now": "yes", "under_18": "yes"}
        case = receive(vault, 900, "They owe us wages.", NOON - 900, answers=said)
        with vault.write() as tx:
            messages.mark_read(tx, case)
        do(vault, NOON - 800, changes.put(case, PRIORITY, "urgent"))
        cases.append(case)

    with world(tmp_path_factory.mktemp("world"), fill, past=False) as made:
        yield made, cases[0]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, desk: tuple[World, str]) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(desk[0].console.login_url())
    yield page
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_name_and_tag_is_read_whole(
    signed_in: Page, desk: tuple[World, str], width: int
) -> None:
    made, case = desk
    signed_in.set_viewport_size({"width": width, "height": 800})
    for path in ("/", f"/cases/{case}"):
        signed_in.goto(made.home + path)
        if signed_in.locator(".row").first.is_visible():
            assert signed_in.evaluate(CUT) == []
        words = signed_in.locator("#sync-words")
        if words.is_visible():
            box = words.bounding_box()
            assert box is not None
            assert box["height"] <= LINE, "the state of the sync, one letter a line"
        assert signed_in.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_page_is_wider_than_a_telephone(signed_in: Page, desk: tuple[World, str]) -> None:
    signed_in.set_viewport_size({"width": 360, "height": 740})
    wide = []
    for path in ("/links", "/team", "/due", "/numbers", "/machine", "/retention", "/alarm"):
        signed_in.goto(desk[0].home + path)
        if path == "/links":  # of an agency that names three countries, as a new one's file does
            option = signed_in.locator("select[name=region] option").first
            expect(option).to_contain_text("the agency's countries: ")
            option.evaluate("one => one.append(', United States, United Kingdom, European Union')")
        if signed_in.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []


HIDDEN = """() => {
  const row = document.querySelector('.places').getBoundingClientRect();
  const here = document.querySelector('.places [aria-current]').getBoundingClientRect();
  return here.left < row.left - 1 || here.right > row.right + 1;
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_in_the_row_of_pages_it_is_seen_where_one_is(
    browser: Browser, desk: tuple[World, str], language: str
) -> None:
    context = browser.new_context(locale=language, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(desk[0].console.login_url())
    expect(page.locator("html")).to_have_attribute("lang", language)
    hidden = []
    for path in ("/due", "/team", "/numbers", "/machine"):
        page.goto(desk[0].home + path)
        page.wait_for_function("document.documentElement.classList.contains('ready')")
        if page.evaluate(HIDDEN):
            hidden.append(path)
    context.close()
    assert hidden == []


def test_what_was_not_kept_is_said_without_squeezing_the_buttons(
    signed_in: Page, desk: tuple[World, str]
) -> None:
    made, case = desk
    signed_in.set_viewport_size({"width": 1366, "height": 800})
    signed_in.goto(f"{made.home}/cases/{case}")
    other = signed_in.context.new_page()
    other.goto(f"{made.home}/cases/{case}")
    other.locator("#to-notes").click()
    other.locator("#note-text").press_sequentially("The other window's")
    expect(other.locator("#note-state")).to_have_text("Draft saved")
    signed_in.locator("#to-notes").click()
    signed_in.locator("#note-text").press_sequentially("This one's")
    state = signed_in.locator("#note-state")
    expect(state).to_contain_text("Not saved")
    expect(state).to_have_css("font-weight", "650")
    for button in signed_in.locator(".note-tools .button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] <= LINE
    other.close()


def test_with_colours_forced_it_is_seen_where_one_is(
    browser: Browser, desk: tuple[World, str]
) -> None:
    made, case = desk
    context = browser.new_context(forced_colors="active", viewport={"width": 1366, "height": 800})
    page = context.new_page()
    page.goto(made.console.login_url())
    page.goto(f"{made.home}/cases/{case}")
    for chosen in (
        ".places a[aria-current]",
        ".views a[aria-current]",
        ".theme [aria-pressed=true]",
    ):
        assert page.locator(chosen).evaluate("(one) => getComputedStyle(one).outlineStyle") == (
            "solid"
        ), chosen
    opened = "(one) => getComputedStyle(one).borderInlineStartColor"
    rows = page.locator(".line")
    colours = {bool(row.get_attribute("aria-current")): row.evaluate(opened) for row in rows.all()}
    assert colours[True] != colours[False], "the open case stands out in the list"
    context.close()


def test_letters_of_twice_the_size_have_the_room_of_half_a_window(
    browser: Browser, desk: tuple[World, str]
) -> None:
    """As with the page enlarged: panes, rows and the bar follow the letters, not the window."""
    made, case = desk
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(made.console.login_url())
    context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}}
    )
    for path in ("/", f"/cases/{case}"):
        page.goto(made.home + path)
        panes = [one for one in page.locator(".pane").all() if one.is_visible()]
        assert len(panes) == 1, "three would be a few letters wide"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        cut = "one => one.scrollHeight > one.clientHeight + 1"
        rows = page.locator(".row:visible .line").all()
        assert [one.inner_text() for one in rows if one.evaluate(cut)] == []
    context.close()


@pytest.mark.parametrize("width", [320, 1366])
def test_a_saved_view_can_be_removed_however_long_its_name(
    signed_in: Page, desk: tuple[World, str], width: int
) -> None:
    made, _ = desk
    with made.console.vault.write() as tx:
        saved_views.save(tx, "Harbour, all that came by the old number", "/?lang=en", 20)
    signed_in.set_viewport_size({"width": width, "height": 800})
    signed_in.goto(made.home)
    signed_in.locator("#more-views summary").click()
    button = signed_in.get_by_role("button", name="Remove the view").bounding_box()
    pane = signed_in.locator("#list").bounding_box()
    assert button is not None
    assert pane is not None
    assert button["x"] + button["width"] <= pane["x"] + pane["width"]


def test_the_strip_lies_over_no_page_that_stands_alone(
    browser: Browser, desk: tuple[World, str]
) -> None:
    made, _ = desk
    receive(made.console.vault, 905, "He is here.", NOON - 9, answers={"danger_now": "yes"})
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(made.console.login_url())
    for path, first in ((f"/files/{made.photo}", ".back-link"), ("/nowhere", "h1")):
        page.goto(made.home + path)
        strip = page.locator("[data-danger]").bounding_box()
        below = page.locator(first).first.bounding_box()
        assert strip is not None, path
        assert below is not None, path
        assert below["y"] >= strip["y"] + strip["height"], path
    context.close()


@pytest.mark.parametrize("forced", ["active", "none"])
def test_a_bar_shows_how_far_it_is(browser: Browser, forced: str) -> None:
    """The reporter's, while a report is sent."""
    context = browser.new_context(forced_colors="active" if forced == "active" else "none")
    page = context.new_page()
    page.set_content(f"<style>{REPORTER_CSS.read_text()}</style>"
                     '<progress class="bar" max="1000" value="500"></progress>')  # fmt: skip
    picture = Image.open(BytesIO(page.locator(".bar").screenshot())).convert("RGB")
    middle = picture.height // 2
    quarter, end = (picture.getpixel((picture.width * part // 8, middle)) for part in (2, 6))
    assert quarter != end
    if forced == "active":
        edge = {picture.getpixel((picture.width * 6 // 8, y)) for y in range(picture.height)}
        assert len(edge) > 1, "its end is seen before it is full"
    context.close()


@pytest.mark.parametrize("place", ["details", "tab-links"])
def test_what_is_known_of_a_case_says_on_a_telephone_of_which(
    signed_in: Page, desk: tuple[World, str], place: str
) -> None:
    made, case = desk
    signed_in.set_viewport_size({"width": 360, "height": 740})
    signed_in.goto("about:blank")  # else the address alone would change, and nothing be shown anew
    signed_in.goto(f"{made.home}/cases/{case}#{place}")
    expect(signed_in.get_by_role("heading", level=1)).to_have_text(case_name(case))
    assert axe.violations(signed_in) == []


@pytest.mark.parametrize("width", [320, 1366])
def test_a_page_has_its_heading_and_its_main_part_at_every_width(
    signed_in: Page, desk: tuple[World, str], width: int
) -> None:
    """On a telephone the list is all that is shown where no case is open."""
    made, case = desk
    signed_in.set_viewport_size({"width": width, "height": 800})
    for path, heading in (("/", "Cases" if width == 320 else "Today"), (f"/cases/{case}", None)):
        signed_in.goto(made.home + path)
        name = heading or case_name(case)
        shown = signed_in.get_by_role("heading", level=1)
        expect(shown).to_have_count(1)
        expect(shown).to_have_accessible_name(name)
        assert axe.violations(signed_in) == []


@pytest.fixture
def on_duty(desk: tuple[World, str]) -> Iterator[str]:
    """Lock the screen with somebody in danger; gives the page's address."""
    console = desk[0].console
    receive(console.vault, 906, "He is back.", NOON - 5, answers={"danger_now": "yes"})
    console.settings.interval = 300
    console.go_on_duty(8)
    console.settings.interval = 0
    yield f"{desk[0].home}/unlock"
    console.unlock(PASSPHRASE)


def test_on_duty_the_number_is_seen_in_whatever_colours_and_direction(
    browser: Browser, on_duty: str
) -> None:
    for language, scheme, forced in (
        ("en-GB", "light", "none"),
        ("ar", "dark", "none"),
        ("ar", "light", "active"),
        ("ar", "dark", "active"),
    ):
        context = browser.new_context(
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
            forced_colors="active" if forced == "active" else "none",
            viewport={"width": 320, "height": 640},
        )
        page = context.new_page()
        page.goto(on_duty)
        assert page.evaluate("document.documentElement.dir") == (
            "rtl" if language == "ar" else "ltr"
        )
        number = page.locator("#duty-count strong")
        expect(number).to_be_in_viewport(ratio=1)
        assert number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 64
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        frame = page.locator("#duty-count").evaluate("one => getComputedStyle(one).borderWidth")
        assert frame == ("2px" if forced == "active" else "1px"), "without red it is framed"
        assert axe.violations(page) == [], (language, scheme, forced)
        context.close()
