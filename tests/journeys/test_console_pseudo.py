"""The console in a made-up language as long as German: axe finds nothing, and no word is cut off.

The first of the fixed worlds' pages, at the widths of desks; what is shortened on purpose says the
whole in its title. ``make soak`` looks at it in every language, at every width and in the dark.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.console.web.reader_languages import Languages
from app.sentences.language import Language
from tests.console.pseudo import made_up
from tests.journeys import axe
from tests.journeys.console_world import World, world

PAGES = (
    "/", "", "/due", "/search", "/links", "/team", "/numbers", "/letters", "/transfers",
    "/templates", "/retention", "/machine", "/translation", "/alarm",
)  # fmt: skip
"""The empty one is a case."""
EVERYWHERE = os.environ.get("AXE_EVERYWHERE") == "1"
MADE_UP = "made-up"
LANGUAGES = [MADE_UP, *(tag for tag, _ in Languages().offered())] if EVERYWHERE else [MADE_UP]
WIDTHS = (320, 360, 412, 768, 1093, 1366, 1920) if EVERYWHERE else (1093, 1366, 1920)
AXE_AT = (360, 1366, 1920) if EVERYWHERE else (1920,)
"""Widths of one, two and three columns; elsewhere axe looks at the two in English."""
DESK, BAR = 1093, 112
"""From this width on the bar at the top has at most two lines, in pixels."""
TABS = ("triage", "links", "notes", "more")

CUT = """([mark, highest]) => {
  const seen = (one) => one.checkVisibility({visibilityProperty: true}) && one.clientWidth > 4;
  const said = (one) => one.closest('[title], summary, select, textarea, .unseen, svg') !== null;
  const beyond = (one) => one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).overflowX !== 'visible' && getComputedStyle(one).overflowX !== 'auto'
    && getComputedStyle(one).overflowX !== 'scroll';
  const cut = [...document.querySelectorAll('body *')].filter(
    (one) => seen(one) && one.textContent.includes(mark) && beyond(one) && !said(one)
      && (mark || getComputedStyle(one).textOverflow !== 'ellipsis'));
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const high = document.querySelector('.bar').offsetHeight;
  return [
    ...(high > highest ? [`the bar is ${high} high`] : []),
    ...(wide > 1 ? [`the page is ${wide} too wide`] : []),
    ...cut.map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`),
  ];
}"""


@pytest.fixture(scope="module", params=LANGUAGES)
def long(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Open the fixed world in one language, whatever the browser asks for."""
    language = made_up() if request.param == MADE_UP else _offered(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Languages, "find", lambda self, tag: language)
        patch.setattr(Languages, "wanted", lambda self, header: language)
        with world(tmp_path_factory.mktemp("long"), past=False) as made:
            yield made


def _offered(tag: str) -> Language:
    found = Languages().find(tag)
    assert found is not None
    return found


def test_a_language_as_long_as_german_has_room(browser: Browser, long: World) -> None:
    pictures = os.environ.get("QUIETLINE_PSEUDO_PICTURES")
    page = browser.new_page(viewport={"width": DESK, "height": 900}, reduced_motion="reduce")
    page.goto(long.console.login_url())
    mark = "⟦" if page.locator("html").get_attribute("lang") == made_up().tag else ""
    complaints: list[str] = []

    def look(name: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            highest = BAR if width >= DESK else 900
            found = page.evaluate(CUT, [mark, highest])
            complaints.extend(f"{name}, {width}: {one}" for one in found)
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)
            if width in AXE_AT:
                schemes = axe.violations_in_both_schemes if EVERYWHERE else axe.violations
                complaints.extend(f"{name}, {width}: {one}" for one in schemes(page))

    for address in PAGES:
        page.goto(long.home + (address or f"/cases/{long.case}"))
        look(address.strip("/") or ("case" if not address else "inbox"))
        for tab in TABS if not address else ():
            page.locator(f"#to-{tab}").click()
            look(f"case-{tab}")
    page.close()
    assert complaints == [], "\n".join(complaints)
