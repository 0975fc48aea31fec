"""Every screen for everyone: axe-core, narrow screens, large text, little motion, keys alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser

from app.reporter.catalogue import language_of
from app.reporter.content import load_content
from tests.journeys import axe, reporter, walk
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph

LANGUAGES = [language_of(code).tag for code in load_content(bytes(32), "A line").languages]

EVERYWHERE = os.environ.get("AXE_EVERYWHERE") == "1"
"""All languages, widths and schemes (``make soak``); else ``_some_languages`` on a phone."""
WIDTHS = (320, 360, 412, 768, 1093, 1366, 1920) if EVERYWHERE else (360,)
BOTH: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SCHEMES = BOTH if EVERYWHERE else BOTH[:1]


def _letters(code: str) -> int:
    """Count the letters of a language's catalogue; English has none of its own."""
    file = Path("app/reporter/content") / code / "messages.po"
    if not file.exists():
        return 0
    with file.open("rb") as opened:
        return sum(len(str(message.string)) for message in read_po(opened))


def _some_languages() -> list[str]:
    """Return English, one from right to left, one without spaces, and the longest."""
    codes = load_content(bytes(32), "A line").languages
    return list(dict.fromkeys(["en", "ar", "th", language_of(max(codes, key=_letters)).tag]))


# What is cut off, lies outside the page, or lies under something else once scrolled to.
LOST = """() => {
  const lost = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) lost.push(`the page is ${root.scrollWidth} px wide`);
  const seen = (e) => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})
    && !e.closest('.unseen, .skip');
  for (const e of document.body.querySelectorAll('*')) {
    if (!seen(e) || e.closest('svg')) continue;
    const box = e.getBoundingClientRect();
    const name = `${e.tagName} ${(e.textContent || '').trim().slice(0, 30)}`;
    if (box.width && (box.left < -1 || box.right > innerWidth + 1)) lost.push(`outside: ${name}`);
    const clipped = getComputedStyle(e).overflowX !== 'visible' && e.tagName !== 'TEXTAREA';
    if (clipped && e.scrollWidth > e.clientWidth + 1) lost.push(`cut off: ${name}`);
  }
  for (const e of document.querySelectorAll('main a, main button, main input, main textarea')) {
    if (!seen(e)) continue;
    e.scrollIntoView({block: 'nearest'});
    const box = e.getBoundingClientRect();
    const top = Math.max(box.top, document.querySelector('.top').getBoundingClientRect().bottom);
    const middle = (top + Math.min(box.bottom, innerHeight)) / 2;
    const hit = document.elementFromPoint(box.left + box.width / 2, middle);
    const own = hit && (e.contains(hit) || hit.contains(e) || hit.closest('label')?.contains(e));
    if (!own) lost.push(`covered: ${e.tagName} ${(e.textContent || e.name).trim().slice(0, 30)}`);
  }
  return lost;
}"""

LATER_TOO = """async (later) => {
  const rest = await new Promise((done) => {
    const asked = new XMLHttpRequest();
    asked.open('GET', later);
    asked.responseType = 'document';
    asked.addEventListener('load', () => done(asked.response));
    asked.send();
  });
  for (const section of rest.querySelectorAll('[data-step]')) {
    document.querySelector('main').append(document.importNode(section, true));
  }
}"""

EACH_SCREEN = f"""() => {{
  const lost = {LOST};
  const found = {{}};
  const sections = [...document.querySelectorAll('[data-step]')];
  for (const section of sections) {{
    for (const each of sections) each.hidden = each !== section;
    for (const one of section.querySelectorAll('[hidden]')) one.hidden = false;
    scrollTo(0, 0);
    found[section.dataset.step] = lost();
  }}
  return found;
}}"""

# Below each other, where a button that keeps to the bottom would lie over the next screen. The one
# that records gets its words when its screen comes.
ALL_SHOWN = """() => {
  for (const section of document.querySelectorAll('[data-step]')) section.hidden = false;
  for (const bar of document.querySelectorAll('.actions, .top')) bar.style.position = 'static';
  document.querySelector('[data-voice-record]').textContent = 'Record';
  // The screens before hard questions have one heading, and are never shown together.
  const [, ...others] = document.querySelectorAll('[data-step^="before-"]');
  for (const each of others) each.remove();
}"""

SMALL = """() => [...document.querySelectorAll('a, button, label.choice, input')]
  .filter((e) => e.checkVisibility() && !e.closest('.unseen, .skip, p, label'))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
  .map(([e, box]) => `${e.outerHTML.slice(0, 60)} ${box.width} × ${box.height}`)"""

SIZES = ((320, 560, 32), (320, 560, 16), (640, 400, 32), (1280, 900, 16))
"""Width and height of a screen, and the size of its reader's text; in pixels."""


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    """One line for all of these tests: they only read screens."""
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as line:
        line.open_desks()
        yield line


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "a-photo-with-a-very-long-name-from-a-telephone.jpg"
    photograph(path, width=200, height=100)
    return path


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_any_screen(
    browser: Browser, open_line: RunningLine, photo: Path, language: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        # As high as all of it: the bar lies over another part of a long screen at each place.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": 360, "height": max(740, height)})
        found[name] = page.evaluate(SMALL)
        found[name] += axe.violations_in_both_schemes(page)
        page.set_viewport_size({"width": 360, "height": 740})

    walk.whole_way(page, open_line.url, language, photo, look)
    context.close()
    assert set(found) == set(walk.SCREENS)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_lost_on_small_screens_or_with_large_text(
    browser: Browser, open_line: RunningLine, photo: Path, language: str
) -> None:
    """The way is walked on the smallest screen with the largest text; each screen in all sizes."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    found: dict[str, list[str]] = {}

    def be(width: int, height: int, font: int) -> None:
        page.set_viewport_size({"width": width, "height": height})
        session.send("Page.setFontSizes", {"fontSizes": {"standard": font, "fixed": font}})

    def look(name: str) -> None:
        for width, height, font in (*SIZES, SIZES[0]):
            be(width, height, font)
            lost = page.evaluate(LOST)
            exit_link = page.locator("[data-exit]")
            box = exit_link.bounding_box()
            if box is None or box["y"] < 0 or box["x"] < 0 or box["x"] + box["width"] > width:
                lost.append(f"the way out is at {box}")
            size = exit_link.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert size >= font, "the text does not grow with the reader's setting"
            found.setdefault(name, []).extend(f"{width}, {font}: {one}" for one in lost)

    be(*SIZES[0])
    walk.whole_way(page, open_line.url, language, photo, look)
    context.close()
    assert set(found) == set(walk.SCREENS)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits_the_smallest_screen_with_the_largest_text(
    browser: Browser, open_line: RunningLine, language: str
) -> None:
    """Each screen as it stands in the page, also those that are loaded later.

    Every language has its own longest word, and Thai and Chinese have no spaces to break at.
    """
    context = browser.new_context(viewport={"width": 320, "height": 560})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}})
    page.goto(f"{open_line.url}/{language}/")
    page.evaluate(LATER_TOO, f"/{language}/later/")
    found = page.evaluate(EACH_SCREEN)
    context.close()
    assert len(found) > len(walk.SCREENS) / 2
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_axe_finds_nothing_in_any_language(browser: Browser, open_line: RunningLine) -> None:
    """All screens at once, also those that are loaded later, and the pages beside them."""
    found: dict[str, list[str]] = {}
    for scheme in SCHEMES:
        page = browser.new_page(color_scheme=scheme)
        for language in LANGUAGES if EVERYWHERE else _some_languages():
            page.goto(f"{open_line.url}/{language}/")
            page.evaluate(LATER_TOO, f"/{language}/later/")
            page.evaluate(ALL_SHOWN)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 740})
                found[f"{language} {width} {scheme}"] = axe.violations(page)
        page.close()
    page = browser.new_page(viewport={"width": 360, "height": 740})
    for path in ("help/", "info/us/", "info/eu/", "info/mx/", "measures/"):
        page.goto(f"{open_line.url}/en/{path}")
        found[path] = axe.violations(page)
    page.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_in_no_language_the_button_below_lies_over_what_is_reached_by_keys(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        page.goto(f"{open_line.url}/{language}/")
        reporter.press(page, "safety", "help")
        reporter.screen(page, "help")
        found[language] = page.evaluate(LOST)
    page.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_nothing_moves_for_those_who_want_no_motion(
    browser: Browser, open_line: RunningLine
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{open_line.url}/en/")
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter((e) => {"
        " const style = getComputedStyle(e);"
        " return style.transitionDuration !== '0s' || style.animationName !== 'none'"
        " || style.scrollBehavior === 'smooth'; }).length"
    )
    assert moving == 0
    context.close()


BROKEN = """() => [...document.querySelectorAll('.exit > span')].flatMap((one) => {
  if (!one.checkVisibility() || one.firstChild?.nodeType !== Node.TEXT_NODE) return [];
  const range = document.createRange(), text = one.firstChild, broken = [];
  for (const word of text.textContent.matchAll(/[^\\s]+/g)) {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
    if (lines.size > 1) broken.push(word[0]);
  }
  return broken;
})"""
"""Words of the way out that are broken within."""
WITHOUT_SPACES = {"th", "zh-Hans"}


def test_letters_of_twice_the_size_leave_the_way_out_whole_and_the_page_its_room(
    browser: Browser, open_line: RunningLine
) -> None:
    """Seen in a picture: the bar was six lines of broken words, over half of a telephone."""
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 32}})
    found = {}
    for language in LANGUAGES:
        page.goto(f"{open_line.url}/{language}/")
        high = page.locator(".top").evaluate("one => one.offsetHeight")
        broken = [] if language in WITHOUT_SPACES else page.evaluate(BROKEN)
        if high > 568 / 3 or broken:
            found[language] = (high, broken)
    context.close()
    assert found == {}
