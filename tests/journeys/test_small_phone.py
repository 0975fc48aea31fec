"""A small phone: what must be seen at once is, and no word of a code stands in two pieces.

Both were seen broken in a picture: the buttons of the first screen half under its edge, "remembe"
with an "r" under it, as if it were a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from mnemonic import Mnemonic
from playwright.sync_api import Browser, Page, expect

from app.reporter.catalogue import WORD_LISTS, language_of
from app.reporter.content import load_content
from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line

SPOKEN = load_content(bytes(32), "A line").languages
WIDTHS = (320, 360, 375, 390, 412)

# Those of the words that are drawn in more than one piece, or beyond their sheet, in the places of
# the code, twelve at a time.
BROKEN = """(long) => {
  const section = document.querySelector('[data-step="receipt"]');
  for (const each of document.querySelectorAll('[data-step]')) each.hidden = each !== section;
  const code = section.querySelector('[data-receipt]');
  const broken = [];
  for (let at = 0; at < long.length; at += 12) {
    code.replaceChildren(...Array.from({length: 12}, (_, n) => {
      const row = document.createElement('li');
      row.textContent = long[(at + n) % long.length];
      return row;
    }));
    const edge = code.getBoundingClientRect();
    for (const row of code.children) {
      const range = document.createRange();
      range.selectNodeContents(row);
      const boxes = [...range.getClientRects()];
      const out = boxes.some((box) => box.left < edge.left || box.right > edge.right);
      const whole = boxes.length === 1 && row.scrollWidth <= row.clientWidth;
      if (!whole || out) broken.push(row.textContent);
    }
  }
  return broken;
}"""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, line: RunningLine) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize("code", SPOKEN)
def test_both_buttons_of_the_first_screen_are_in_view(
    page: Page, line: RunningLine, code: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{line.url}/{language_of(code).tag}/")
    for action in ("write", "return"):
        box = page.locator(f'[data-step="safety"] [data-action="{action}"]').bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 640
        assert box["height"] >= 44


@pytest.mark.parametrize("code", [code for code in SPOKEN if code in WORD_LISTS])
def test_no_word_of_a_code_is_in_two_pieces(page: Page, line: RunningLine, code: str) -> None:
    words = Mnemonic(WORD_LISTS[code]).wordlist
    longest = max(map(len, words))
    long = [word for word in words if len(word) >= longest - 1]
    page.goto(f"{line.url}/{language_of(code).tag}/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate(BROKEN, long) == [], f"{width} px"


def _in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 640


def test_who_chose_nobody_sees_what_is_missing(page: Page, line: RunningLine) -> None:
    line.open_desks()
    page.set_viewport_size({"width": 360, "height": 640})
    reporter.begin(page, line.url)
    reporter.screen(page, "text").locator("textarea").fill("They keep our pasports.")
    reporter.press(page, "text", "send-now")
    first = reporter.screen(page, "desks").locator("[data-desk]").first
    expect(first).to_be_visible(timeout=reporter.SLOW)
    box = page.get_by_role("checkbox", name="Support workers, not police", exact=True)
    expect(box).to_have_accessible_description(re.compile("^People who help .* immigration.$"))
    reporter.press(page, "desks", "next")
    expect(reporter.screen(page, "desks").locator("[data-problem]")).not_to_be_empty()
    assert _in_view(page, '[data-step="desks"] [data-problem]')


def test_words_offered_for_a_wrong_one_are_in_view(page: Page, line: RunningLine) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{line.url}/en/")
    reporter.press(page, "safety", "return")
    field = reporter.screen(page, "code").locator("textarea")
    field.fill("sugar sunny museum latex boost federal recipe alarm extend debate gorilla bleak")
    reporter.press(page, "code", "check")
    expect(page.locator("[data-suggestion]").first).to_be_visible(timeout=reporter.SLOW)
    assert _in_view(page, "[data-suggestions]")
    expect(field).to_be_focused()


def test_escape_folds_languages_and_countries_away(page: Page, line: RunningLine) -> None:
    page.goto(f"{line.url}/en/")
    summary = page.locator(".settings summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[data-choose-country]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-choose-country]")).to_be_hidden()
    expect(summary).to_be_focused()
