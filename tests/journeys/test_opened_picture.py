"""A picture of a case that is opened in its place is seen whole, between the bars that stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.console_world import world

BETWEEN = """() => {
  const box = (one) => document.querySelector(one).getBoundingClientRect();
  const picture = box('.picture[data-shown]');
  return [picture.top - box('.thread-head').bottom, box('.reply').top - picture.bottom];
}"""
"""How far it is from the case's name above it, and from the answer's field below it, in pixels."""


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1093, 800)])
def test_an_opened_picture_is_seen_whole(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    with world(tmp_path, past=False) as made:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(made.console.login_url())
        page.goto(f"{made.home}/cases/{made.agreed}")
        page.get_by_role("link", name="Show picture").click()
        expect(page.locator(".picture[data-shown]")).to_be_visible()
        above, below = page.evaluate(BETWEEN)
        assert above >= 0, "under the case's name"
        assert below >= 0, "under the answer's field"
        page.close()
