"""The way of somebody with two minutes: its taps and words, from the first screen to "sent".

Counted in a real browser, on the smallest phone: what is shown on each screen, the way out and the
danger box among it, and each tap, the one into the field too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import reporter
from tests.journeys.line import REAL_WORK_STEPS, RunningLine, running_line
from tests.journeys.test_returning import _kept

MOST_TAPS = 5
MOST_WORDS = 300
TEXT = "They keep our passports."

# Words that can be read now: no icons, nothing folded away or only for screen readers.
WORDS = r"""() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement;
    const seen = own.checkVisibility({checkVisibilityCSS: true, contentVisibilityAuto: true});
    if (!seen || own.closest('.unseen, .skip, script, noscript, svg')) continue;
    if (own.closest('details:not([open])') && !own.closest('summary')) continue;
    said.push(node.textContent);
  }
  return said.join(' ').split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}"""


@pytest.fixture
def line(tmp_path: Path) -> Iterator[RunningLine]:
    """Return a line of all languages, which the first screen names, that asks for real work."""
    with running_line(tmp_path / "line", languages=None, work_steps=REAL_WORK_STEPS) as started:
        yield started


class Counted:
    """Somebody's taps, and the words of each screen they were on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.words: dict[str, int] = {}

    def reads(self, name: str) -> None:
        # At once, and not when it takes taps: by then what is sent may be sent.
        shown = self.page.locator(f'section[data-step="{name}"]')
        expect(shown).to_be_visible(timeout=reporter.SLOW)
        self.words[name] = int(self.page.evaluate(WORDS))

    def taps_on(self, name: str, selector: str) -> None:
        shown = reporter.screen(self.page, name).locator(selector)
        expect(shown).to_be_visible(timeout=reporter.SLOW)
        self.reads(name)
        shown.click()
        self.taps += 1


def test_from_the_first_screen_to_sent_in_five_taps_and_three_hundred_words(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    page = browser.new_page(viewport={"width": 320, "height": 568})
    one = Counted(page)
    page.goto(f"{line.url}/en/")
    expect(page.locator(".danger").first).to_contain_text("Are you in danger now?")
    one.taps_on("safety", '[data-action="write"]')
    one.taps_on("text", "textarea")
    page.keyboard.type(TEXT)
    one.taps_on("text", '[data-action="send-now"]')
    desks = reporter.screen(page, "desks")
    expect(desks.locator("[data-desk]").first).to_be_visible(timeout=reporter.SLOW)
    for box in desks.locator("input").all():
        expect(box).not_to_be_checked()
    expect(desks).to_contain_text("A law can make them act")
    expect(desks).to_contain_text("Somebody is in danger right now")
    one.taps_on("desks", '[data-desk="support"]')
    one.taps_on("desks", '[data-action="next"]')
    one.reads("sending")
    reporter.receipt(page)
    page.close()
    assert one.taps <= MOST_TAPS
    assert one.words.keys() == {"safety", "text", "desks", "sending"}
    assert 100 < sum(one.words.values()) <= MOST_WORDS, one.words
    (body,) = _kept(line, "ana", ["report"])
    assert (body["text"], body["desks"], body["answers"]) == (TEXT, ["support"], {})


def test_danger_is_one_more_tap_and_arrives(browser: Browser, line: RunningLine) -> None:
    line.open_desks()
    page = browser.new_page(viewport={"width": 360, "height": 640})
    reporter.begin(page, line.url)
    reporter.screen(page, "text").locator("textarea").fill(TEXT)
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    shown = reporter.screen(page, "desks")
    expect(shown.locator('[data-country="us"] a')).to_be_hidden()
    shown.get_by_text("Somebody is in danger right now").click()
    expect(shown.locator('[data-country="us"] a')).to_be_visible()
    reporter.press(page, "desks", "next")
    reporter.receipt(page)
    page.close()
    (body,) = _kept(line, "ana", ["report"])
    assert body["answers"] == {"danger_now": "yes"}


def test_send_now_asks_for_words_first_and_the_long_way_asks_danger_only_once(
    browser: Browser, shared_line: RunningLine
) -> None:
    page = browser.new_page()
    reporter.begin(page, shared_line.url)
    reporter.press(page, "text", "send-now")
    expect(reporter.screen(page, "text").locator("[data-problem]")).to_contain_text(
        "nothing to send"
    )
    page.locator("#text").fill(TEXT)
    reporter.press(page, "text", "send-now")
    reporter.press(page, "desks", "back")
    expect(reporter.screen(page, "text").locator("textarea")).to_have_value(TEXT)
    reporter.skip_questions(page)
    expect(page.locator("[data-danger]")).to_be_hidden()
    page.close()


def test_step_n_of_m_never_grows(browser: Browser, shared_line: RunningLine) -> None:
    page = browser.new_page()
    reporter.begin(page, shared_line.url)
    said: list[str] = []

    def where(name: str) -> None:
        said.append(reporter.screen(page, name).locator("[data-where]").inner_text().strip())

    where("text")
    reporter.press(page, "text", "next")
    for question in ("danger_now", "safe_to_reply", "under_18"):
        where(f"question-{question}")
        reporter.press(page, f"question-{question}", "skip")
    where("more")
    reporter.press(page, "more", "next")
    first = page.locator('[data-step^="question-"]:visible')
    expect(first).to_be_visible(timeout=reporter.SLOW)
    said.append(first.locator("[data-where]").inner_text().strip())
    first.locator('[data-action="enough"]').click()
    where("desks")
    page.close()
    assert said[:4] == [f"Step {n} of 5" for n in range(1, 5)]
    assert said[4] == ""
    assert said[5].startswith("Question 1 of ")
    assert said[6] == "Step 5 of 5"


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 664), (640, 360)])
def test_the_first_screen_says_danger_first_and_little_else(
    browser: Browser, shared_line: RunningLine, width: int, height: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{shared_line.url}/en/")
    shown = reporter.screen(page, "safety")
    expect(shown.locator('[data-country="us"] a')).to_be_in_viewport()
    assert shown.locator(".points li").count() == 3
    assert shown.locator(".actions .button").count() == 2
    page.get_by_text("Is this safe?").click()
    expect(reporter.screen(page, "help")).to_contain_text("How to leave fast")
    page.close()
