"""What saves a file, pressed as soon as it can be: the page goes on hearing keys afterwards."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.journeys.console_world import World
from tests.journeys.place.case_list import WITHIN, keys

SCRIPT = re.compile(r"/static/js/dom\.js$")
"""One that every other waits for."""


def test_a_file_that_is_saved_at_once_leaves_the_page_its_scripts(page: Page, desk: World) -> None:
    held: list[Route] = []
    page.route(SCRIPT, lambda route: held.append(route))
    with page.expect_request(SCRIPT):
        page.goto(f"{desk.home}/cases/{desk.case}", wait_until="commit")
    page.locator("#to-more").click()
    page.locator("#evidence > summary").click()
    # Saving begins as if the page were left: browsers give up what they are still loading for it.
    save = page.locator("form[action$='/export'] button")
    if save.is_visible():
        save.click(no_wait_after=True)
    for one in held:
        one.continue_()
    with page.expect_download(timeout=WITHIN):
        save.click(timeout=WITHIN)
    keys(page, "?")
    expect(page.locator("#keys")).to_be_visible(timeout=WITHIN)


def test_where_the_scripts_never_come_a_file_can_be_saved_all_the_same(
    page: Page, desk: World
) -> None:
    page.route(SCRIPT, lambda route: route.abort())
    page.goto(f"{desk.home}/files/{desk.photo}")
    with page.expect_download(timeout=2 * WITHIN):
        page.locator("form[action$='/save'] button").click(timeout=WITHIN)
