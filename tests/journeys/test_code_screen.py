"""The code is shown once: every row must be seen, and a paper that lacks some must not pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line

COVERED = """(row) => {
  const box = row.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !(hit && (row === hit || row.contains(hit) || hit.contains(row)));
}"""
STICKY = """() => [...document.querySelectorAll('main *')]
  .filter((e) => e.checkVisibility() && getComputedStyle(e).position === 'sticky').length"""
PLACE = re.compile(r"try-(\d+)")


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as line:
        line.open_desks()
        yield line


def _sent(page: Page, line: RunningLine, language: str = "en") -> Locator:
    reporter.begin(page, line.url, language)
    reporter.screen(page, "text").locator("textarea").fill("A few words.")
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "next")
    reporter.receipt(page)
    return reporter.screen(page, "receipt")


@pytest.mark.parametrize(
    ("width", "height", "font"),
    [
        (320, 568, 16),
        (360, 640, 16),
        (375, 628, 16),
        (390, 664, 16),
        (640, 360, 16),
        (360, 640, 32),
    ],
)
def test_no_row_lies_under_anything_and_the_button_wakes_with_the_last_one(
    browser: Browser, open_line: RunningLine, width: int, height: int, font: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": font, "fixed": font}}
    )
    shown = _sent(page, open_line)
    assert page.evaluate(STICKY) == 0
    expect(shown.locator("h1")).to_have_text("Your code: 12 words")
    rows = shown.locator(".code:not([hidden]) li")
    button = shown.locator('[data-action="next"]')
    for row in rows.all():
        row.scroll_into_view_if_needed()
        assert not row.evaluate(COVERED), row.inner_text()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    reporter.screen(page, "try")
    context.close()


def test_before_the_last_row_was_seen_the_button_leads_there_also_by_keys(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 400})
    shown = _sent(page, open_line)
    button = shown.locator('[data-action="next"]')
    expect(button).to_have_attribute("aria-disabled", "true")
    button.evaluate("button => button.focus({preventScroll: true})")
    page.keyboard.press("Enter")
    expect(shown).to_be_visible()
    expect(shown.locator("[data-problem]")).to_contain_text("Number 12 is here.")
    page.keyboard.press("Enter")
    reporter.screen(page, "try")
    page.close()


def test_the_try_always_asks_for_the_foot_of_a_column_and_one_other(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    _sent(page, open_line)
    words = reporter.receipt(page).split()
    asked: set[int] = set()
    reporter.written_down(page)
    for _ in range(12):
        fields = reporter.screen(page, "try").locator("[data-try] input")
        names = [str(field.get_attribute("name")) for field in fields.all()]
        places = {int(PLACE.fullmatch(name)[1]) for name in names if PLACE.fullmatch(name)}  # type: ignore[index]
        assert len(places) == 2
        assert places & {6, 12}
        asked |= places
        reporter.press(page, "try", "back")
        reporter.written_down(page)
    assert len(asked) > 3
    fields = reporter.screen(page, "try").locator("[data-try] input")
    for field in fields.all():
        field.fill("wrong")
    reporter.press(page, "try", "check")
    expect(page.locator('[data-step="try"] [data-problem]')).to_contain_text("not the same")
    for field in fields.all():
        field.fill(words[int(str(field.get_attribute("name"))[4:]) - 1])
    reporter.press(page, "try", "check")
    expect(reporter.screen(page, "done")).to_contain_text("Come back with your code")
    page.close()


def test_going_on_without_the_code_asks_leads_back_and_then_speaks_of_none(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    _sent(page, open_line)
    code = reporter.receipt(page)
    reporter.press(page, "receipt", "no-code")
    reporter.press(page, "no-code", "back-to-code")
    assert reporter.receipt(page) == code
    reporter.press(page, "receipt", "no-code")
    reporter.press(page, "no-code", "no-code")
    done = reporter.screen(page, "done")
    assert "code" not in done.inner_text().lower()
    assert "answer stays" not in done.inner_text()
    expect(done).to_contain_text("You can write again")
    page.close()


def test_the_code_is_printed_without_the_page_around_it(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page(color_scheme="dark")
    shown = _sent(page, open_line)
    page.emulate_media(media="print")
    expect(shown.locator(".code:not([hidden]) li").last).to_be_visible()
    for hidden in (".top", ".actions", ".tabs"):
        expect(page.locator(hidden).locator("visible=true")).to_have_count(0)
    colours = shown.locator(".code:not([hidden])").evaluate(
        "(e) => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    page.close()


def test_without_the_network_the_numbers_come_and_the_true_cause_is_said(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    page.route("**/assets/words-*", lambda route: route.abort())
    shown = _sent(page, open_line)
    expect(shown.locator("h1")).to_have_text("Your code: 12 numbers")
    reporter.press(page, "receipt", "as-words")
    expect(shown.locator("[data-copied]")).to_contain_text(
        "We cannot be reached now, so the words are missing.", timeout=reporter.SLOW
    )
    page.close()
