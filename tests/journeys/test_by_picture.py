"""The short way for somebody who cannot read: no word is seen, pictures alone lead to "sent"."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.test_returning import _kept

# Every word is gone; digits of the code and of numbers to call are no words.
WORDLESS = """
body *:not(svg, svg *, .numbers a, [data-receipt-numbers] *, .pic) { font-size: 0 !important; }
"""
# What can be pressed on the screen that is shown, with the pictures on it, as they are seen.
PRESSABLE = """() => {
  const seen = (each) => each.getClientRects().length > 0;
  const large = (svg) => seen(svg) && svg.getBoundingClientRect().width >= 20;
  const screen = [...document.querySelectorAll('[data-step]')].find(seen);
  const choice = 'label:has([type="checkbox"], [type="radio"], [type="file"])';
  return [...screen.querySelectorAll(`button, a[href], ${choice}`)]
    .filter((each) => seen(each) && !each.matches('[href^="tel:"]'))
    .map((each) => {
      const box = each.getBoundingClientRect();
      const drawn = [...each.querySelectorAll('svg')].filter(large);
      const uses = drawn.map((svg) => svg.querySelector('use')?.getAttribute('href') ?? '#i-own');
      const pictures = uses.map((href) => href.slice(3));
      const spans = [...each.querySelectorAll('span.pic')].filter(seen);
      const digits = spans.map((one) => one.textContent);
      return {
        act: each.dataset.action ?? each.dataset.desk ?? each.href ?? `field ${each.control?.name}`,
        picture: [...pictures, ...digits].join('+'),
        size: Math.min(box.width, box.height),
      };
    });
}"""


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as line:
        line.open_desks()
        yield line


class Picture:
    """Somebody who sees pictures alone; remembers which picture stood for which act."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts: dict[str, str] = {}

    def looks_at(self, name: str) -> dict[str, str]:
        """Each thing to press has a picture of its own, large enough, the same as elsewhere."""
        reporter.screen(self.page, name)
        found = self.page.evaluate(PRESSABLE)
        pictures = [one["picture"] for one in found]
        assert all(pictures), (name, found)
        assert len(pictures) == len(set(pictures)), (name, pictures)
        for one in found:
            assert one["size"] >= 44, (name, one)
            # One "next" is "I wrote it down".
            if one["act"] not in {"field undefined", "next", "no-code"}:
                assert self.acts.setdefault(one["act"], one["picture"]) == one["picture"], name
        return {one["act"]: one["picture"] for one in found}

    def presses(self, *pictures: str) -> None:
        """Press what has just these pictures on it."""
        self.on_screen(*pictures).click()

    def on_screen(self, *pictures: str) -> Locator:
        found = self.page.locator("[data-step]:visible :is(button, a, label)")
        for picture in pictures:
            found = found.filter(has=self.page.locator(f'use[href="#i-{picture}"]:visible'))
        return found


@pytest.mark.parametrize(("sent", "width", "language"), [(1, 320, "en"), (2, 412, "ar")])
def test_from_the_first_screen_to_sent_without_a_word(
    browser: Browser, open_line: RunningLine, sent: int, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{open_line.url}/{language}/")
    page.add_style_tag(content=WORDLESS)
    one = Picture(page)
    chooses = page.locator('[data-part="by-picture"]')
    box = chooses.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    chooses.click()
    expect(chooses).to_have_attribute("aria-pressed", "true")

    first = one.looks_at("safety")
    assert first["write"] == "voice+pencil+photo", "what the next screen is"
    one.presses("voice", "pencil", "photo")
    ways = one.looks_at("text")
    assert list(ways) == ["voice", "files", "back", "send-now"], "speaking first, and the short way"
    page.locator("#text").fill("0")
    one.presses("photo")
    one.looks_at("files")
    one.presses("check")
    if language == "en":
        one.presses("voice")
        assert one.looks_at("voice")["record"] == "voice"
        one.presses("back")
    one.presses("send")
    desks = page.locator('[data-step="desks"] [data-desk]')
    expect(desks.first).to_be_visible(timeout=reporter.SLOW)
    who = one.looks_at("desks")
    assert (who["support"], who["police"]) == ("hand", "badge")
    one.presses("hand")
    one.presses("send")
    numbers = page.locator("[data-receipt-numbers] li")
    expect(numbers).to_have_count(12, timeout=reporter.SLOW)
    expect(page.locator("[data-receipt]")).to_be_hidden()
    one.looks_at("receipt")
    one.presses("no")
    one.looks_at("no-code")
    one.presses("key")
    # As a finger does it: the list is written anew meanwhile, and its last row stays where it is.
    numbers.last.evaluate("(row) => row.scrollIntoView()")
    expect(one.on_screen("check")).not_to_have_attribute("aria-disabled", "true")
    one.presses("check")
    one.looks_at("try")
    one.presses("skip")
    one.looks_at("done")
    expect(one.on_screen("exit")).to_be_visible()
    context.close()
    reports = _kept(open_line, "ana", ["report"] * sent)
    assert {tuple(each["desks"]) for each in reports} == {("support",)}


def test_nothing_of_it_is_seen_by_who_does_not_choose_it_and_a_language_keeps_it(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    reporter.begin(page, open_line.url)
    expect(page.locator(".pic:visible")).to_have_count(0)
    reporter.press(page, "text", "back")
    chooses = page.locator('[data-part="by-picture"]')
    chooses.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pic:visible")).to_have_count(2)
    page.locator("[data-settings] summary").click()
    page.locator('[data-settings] a[lang="es"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator('[data-part="by-picture"]')).to_have_attribute("aria-pressed", "true")
    page.locator('[data-part="by-picture"]').click()
    expect(page.locator(".pic:visible")).to_have_count(0)
    page.reload()
    expect(page.locator('[data-part="by-picture"]')).to_have_attribute("aria-pressed", "false")
    page.close()
