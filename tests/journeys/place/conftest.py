"""One console with forty cases in its list, for all that keeps the place and the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.console.vault import Vault
from tests.journeys import interception
from tests.journeys.console_world import NOON, World, receive, world
from tests.journeys.place.case_list import WITHIN

MANY = 40


def _more(vault: Vault) -> None:
    for number in range(700, 700 + MANY):
        receive(vault, number, f"Case {number} has something to say.", NOON - 60 * (number - 600))


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world"), _more, past=False) as made:
        yield made


@pytest.fixture
def signed_in(browser: Browser, desk: World) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    interception.from_the_start(context)
    context.new_page().goto(desk.console.login_url())
    yield context
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext, desk: World) -> Page:
    one = signed_in.pages[0]
    one.goto(desk.home)
    expect(one.locator("#keys-open")).to_be_visible(timeout=WITHIN)
    return one
