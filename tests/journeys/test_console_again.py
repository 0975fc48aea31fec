"""A page that answered a form, loaded again or gone back to: it leads to the page as it is now.

In both browsers, in chromium without scripts as well; a search is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.console_world import NOON, World, receive, world
from tests.onion.bidi import running_firefox
from tests.onion.process import until

ASKED = "zwirbelquestion"
REFUSED = "your colleagues read the reason"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world"), past=False) as made:
        yield made


class Hands(Protocol):
    """What somebody does at a browser."""

    def open(self, url: str) -> None: ...
    def type(self, css: str, text: str) -> None: ...
    def click(self, css: str) -> None: ...
    def reload(self) -> None: ...
    def back(self) -> None: ...
    def forward(self) -> None: ...
    def shown(self) -> str: ...
    def address(self) -> str: ...


class Chromium:
    """A page of Playwright's, with the hands that Firefox has."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.reload, self.back, self.forward = page.reload, page.go_back, page.go_forward

    def open(self, url: str) -> None:
        self._page.goto(url)

    def type(self, css: str, text: str) -> None:
        self._page.locator(css).first.fill(text)

    def click(self, css: str) -> None:
        self._page.locator(css).first.click()

    def shown(self) -> str:
        return self._page.locator("body").inner_text()

    def address(self) -> str:
        return self._page.url


def goes_on(hands: Any, made: World, number: int) -> None:
    """Go through all of it: a refusal, a reload, back, forward; then the same with a question."""
    receive(made.console.vault, number, f"Case {number} has something to say.", NOON - 60)
    page = f"{made.home}/due?whose=all"
    hands.open(page)
    hands.click(".later summary")
    hands.type(".later input[name=reason]", "  ")
    hands.click(".later form button")
    until(30, "no refusal", lambda: REFUSED in hands.shown())
    refusal = hands.address()
    assert "/shown/" in refusal

    hands.reload()
    until(30, "not the page as it is now", lambda: hands.address() == page)
    assert REFUSED not in hands.shown()

    hands.open(f"{made.home}/team")
    hands.back()
    until(30, "the refusal again", lambda: hands.address() == page)
    assert REFUSED not in hands.shown()
    hands.forward()

    hands.open(f"{made.home}/search")
    hands.type("#question", f"{ASKED} {number}")
    hands.click("form.question button")
    until(30, "no answer", lambda: "Nothing found." in hands.shown())
    assert ASKED not in hands.address()
    hands.open(f"{made.home}/team")
    receive(made.console.vault, number, f"A {ASKED} {number}, here.", NOON - 20, "message")
    hands.back()
    until(30, "an old answer", lambda: "Nothing found." not in hands.shown())
    assert f"{ASKED} {number}" in hands.shown()


@pytest.mark.parametrize("scripts", [True, False])
def test_chromium_shows_what_is_so_now(browser: Browser, desk: World, *, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(desk.console.login_url())
    goes_on(Chromium(page), desk, 600 + scripts)
    context.close()


def test_firefox_shows_what_is_so_now(desk: World) -> None:
    with running_firefox({}) as firefox:
        firefox.open(desk.console.login_url())
        goes_on(firefox, desk, 610)
