"""No word stands in two pieces where there is room for it: "advertisemen" and under it a "t"."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.reporter.catalogue import language_of
from app.reporter.content import load_content
from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph
from tests.journeys.test_accessibility import LATER_TOO

LANGUAGES = [language_of(code).tag for code in load_content(bytes(32), "A line").languages]
WITHOUT_SPACES = {"th", "zh-Hans"}
WIDTHS = (320, 360, 412, 768, 1366)

BROKEN = r"""(name) => {
  const all = [...document.querySelectorAll('[data-step]')];
  const broken = new Set();
  for (const section of name ? all.filter((one) => one.dataset.step === name) : all) {
    for (const each of all) each.hidden = each !== section;
    const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const own = node.parentElement;
      if (!own.checkVisibility()) continue;
      if (own.closest('.unseen, textarea, script, noscript, svg')) continue;
      for (const word of node.textContent.matchAll(/[^\s\-–—\/.]+/gu)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
        if (new Set(boxes.map((box) => Math.round(box.top))).size > 1) broken.add(word[0]);
      }
    }
  }
  return [...broken];
}"""


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as line:
        line.open_desks()
        yield line


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag not in WITHOUT_SPACES])
def test_every_word_is_whole(browser: Browser, open_line: RunningLine, language: str) -> None:
    page = browser.new_page()
    page.goto(f"{open_line.url}/{language}/")
    page.evaluate(LATER_TOO, f"/{language}/later/")
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        if broken := page.evaluate(BROKEN, None):
            found[width] = broken
    page.close()
    assert found == {}


def test_with_letters_of_twice_the_size_a_file_and_the_last_look_can_be_read(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    """Seen in a picture: a file's name stood one letter a line."""
    photograph(tmp_path / "IMG_2031.jpg", width=60, height=40)
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}}
    )
    reporter.begin(page, open_line.url)
    page.locator("#text").fill("They keep our passports.")
    reporter.press(page, "text", "files")
    page.locator("[data-choose]").set_input_files(tmp_path / "IMG_2031.jpg")
    reporter.looked_into(page, 1)
    broken = page.evaluate(BROKEN, "files")
    reporter.press(page, "files", "next")
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    broken += page.evaluate(BROKEN, "desks")
    reporter.press(page, "desks", "look")
    reporter.screen(page, "review")
    broken += page.evaluate(BROKEN, "review")
    context.close()
    assert broken == []
