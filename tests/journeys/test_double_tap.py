"""A second tap, by habit or by a shaking hand, decides nothing on the screen that came of it.

Seen before: "Send now" tapped twice chose the police on one phone and support workers on another,
"Next" passed over "Is someone in danger right now?", and "Go on without the code" was never asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine

ASKED = "question-danger_now"
SIZES = [(320, 568), (360, 640), (375, 628), (412, 732), (1366, 768)]


@pytest.fixture(params=SIZES, ids=[f"{width}x{height}" for width, height in SIZES])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    yield opened
    opened.close()


def _tap_twice(button: Locator) -> None:
    """Tap, and tap again where the button was, whatever is there now."""
    button.click(trial=True)
    box = button.bounding_box()
    assert box is not None
    button.page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def _button(page: Page, name: str, action: str) -> Locator:
    return reporter.screen(page, name).locator(f'[data-action="{action}"]')


def test_sending_now_chooses_nobody(page: Page, shared_line: RunningLine) -> None:
    # Who may read it is there at once the second time.
    reporter.begin(page, shared_line.url)
    page.locator("#text").fill("They keep our passports.")
    reporter.press(page, "text", "send-now")
    expect(reporter.screen(page, "desks").locator("[data-desk]").first).to_be_visible()
    reporter.press(page, "desks", "back")
    _tap_twice(_button(page, "text", "send-now"))
    desks = reporter.screen(page, "desks")
    expect(desks.locator("[data-desk]").first).to_be_visible()
    expect(desks.locator("input:checked")).to_have_count(0)


def test_going_on_answers_and_skips_no_question(page: Page, shared_line: RunningLine) -> None:
    reporter.begin(page, shared_line.url)
    page.locator("#text").fill("They keep our passports.")
    _tap_twice(_button(page, "text", "next"))
    expect(page.locator("[data-step]:visible")).to_have_attribute("data-step", ASKED)
    expect(page.locator("[data-step]:visible").locator("input:checked")).to_have_count(0)
    # And what is meant is taken, as soon as a person can have read it.
    reporter.press(page, ASKED, "skip")
    reporter.screen(page, "question-safe_to_reply")


def test_going_on_without_the_code_is_still_asked(page: Page, shared_line: RunningLine) -> None:
    reporter.begin(page, shared_line.url)
    page.locator("#text").fill("They keep our passports.")
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "next")
    code = reporter.receipt(page)
    _tap_twice(_button(page, "receipt", "no-code"))
    expect(page.locator("[data-step]:visible")).to_have_attribute("data-step", "no-code")
    reporter.press(page, "no-code", "back-to-code")
    assert reporter.receipt(page) == code


WHAT_IS_THERE = """() => {
  const list = document.querySelector('[data-step="desks"] [data-desks]');
  new MutationObserver((_, watching) => {
    const card = list.querySelector('[data-desk]');
    if (!card) return;
    watching.disconnect();
    const {left, top, height} = card.getBoundingClientRect();
    globalThis.taken = card.contains(document.elementFromPoint(left + 20, top + height / 2));
  }).observe(list, {childList: true});
}"""


def test_a_desk_that_comes_under_a_finger_is_not_chosen_by_it(
    browser: Browser, shared_line: RunningLine
) -> None:
    """Who reads it comes late over a slow network, where "Back" has just been."""
    page = browser.new_page(viewport={"width": 375, "height": 628})
    held: list[Route] = []
    page.route("**/api/v1/directory", lambda route: held.append(route))
    reporter.begin(page, shared_line.url)
    page.locator("#text").fill("They keep our passports.")
    reporter.press(page, "text", "send-now")
    _button(page, "desks", "back").click(trial=True)
    page.evaluate(WHAT_IS_THERE)
    for route in held:
        route.continue_()
    reporter.choose(page, ["support"])  # it can be, a moment later
    assert page.evaluate("taken") is False
    page.close()
