"""The console in a made-up language as long as German: axe finds nothing, and no word is cut off.

The first of the fixed worlds' pages, at the widths of desks; what is shortened on purpose says the
whole in its title.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.console.web.reader_languages import Languages
from tests.console.pseudo import made_up
from tests.journeys import axe
from tests.journeys.console_world import World, world

PAGES = (
    "/", "", "/due", "/search", "/links", "/team", "/numbers", "/letters", "/transfers",
    "/templates", "/retention", "/machine", "/translation", "/alarm",
)  # fmt: skip
"""The empty one is a case."""
WIDTHS = (1093, 1366)
TABS = ("triage", "links", "notes", "more")

CUT = """() => {
  const seen = (one) => one.checkVisibility({visibilityProperty: true}) && one.clientWidth > 4;
  const said = (one) => one.closest('[title], summary, select, textarea, .unseen, svg') !== null;
  const beyond = (one) => one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).overflowX !== 'visible' && getComputedStyle(one).overflowX !== 'auto'
    && getComputedStyle(one).overflowX !== 'scroll';
  const cut = [...document.querySelectorAll('body *')].filter(
    (one) => seen(one) && one.textContent.includes('⟦') && beyond(one) && !said(one));
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const high = document.querySelector('.bar').offsetHeight;
  return [
    ...(high > 112 ? [`the bar is ${high} high`] : []),
    ...(wide > 1 ? [`the page is ${wide} too wide`] : []),
    ...cut.map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`),
  ];
}"""


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    language = made_up()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Languages, "find", lambda self, tag: language)
        patch.setattr(Languages, "wanted", lambda self, header: language)
        with world(tmp_path_factory.mktemp("long"), past=False) as made:
            yield made


def test_a_language_as_long_as_german_has_room(browser: Browser, long: World) -> None:
    pictures = os.environ.get("QUIETLINE_PSEUDO_PICTURES")
    page = browser.new_page(viewport={"width": WIDTHS[-1], "height": 900})
    page.goto(long.console.login_url())
    complaints: list[str] = []

    def look(name: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            complaints.extend(f"{name}, {width}: {one}" for one in page.evaluate(CUT))
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)
        complaints.extend(f"{name}: {one}" for one in axe.violations(page))

    for address in PAGES:
        page.goto(long.home + (address or f"/cases/{long.case}"))
        look(address.strip("/") or ("case" if not address else "inbox"))
        for tab in TABS if not address else ():
            page.locator(f"#to-{tab}").click()
            look(f"case-{tab}")
    page.close()
    assert complaints == []
