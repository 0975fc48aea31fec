"""A desk for tests of what the console shows: its world, its pages, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from app.console.rules import changes
from app.console.rules.changes import PRIORITY
from app.console.vault import Vault
from app.console.vault.records import messages
from tests.console.running_line import DAY
from tests.journeys.console_world import NOON, World, do, receive, world


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk's world, and cases of it by what they are."""

    world: World
    dire: str
    """In danger, called so, and with every mark that a row can have."""
    told: str
    """In danger as its reporter says; nobody has looked at it."""
    spam: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made: list[str] = []

    def fill(vault: Vault) -> None:
        said = {"danger_now": "yes", "under_18": "yes", "safe_to_reply": "no"}
        dire = receive(
            vault, 901, "أعمل في بيت ولا أستطيع الخروج", NOON - 9 * DAY, lang="ar", answers=said
        )
        told = receive(vault, 902, "They lock the door at night.", NOON - 900, answers=said)
        spam = receive(vault, 903, "Cheap pills.", NOON - 800)
        for number in range(904, 924):
            receive(vault, number, f"Report {number}.", NOON - number * 60)
        with vault.write() as tx:
            messages.mark_read(tx, dire)
        do(vault, NOON - 700, changes.put(dire, PRIORITY, "life-safety"))
        for label in ("hotel", "to check with the harbour police"):
            do(vault, NOON - 600, changes.add(dire, "labels", label))
        made.extend((dire, told, spam))

    with world(tmp_path_factory.mktemp("world"), fill, past=False) as there:
        yield Desk(there, *made)


@pytest.fixture(scope="module")
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(60_000)
    opened = context.new_page()
    opened.goto(desk.world.console.login_url())
    yield opened
    context.close()


@pytest.fixture
def plain(browser: Browser, desk: Desk) -> Iterator[Page]:
    """Open a page without scripts."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1366, "height": 768}
    )
    opened = context.new_page()
    opened.goto(desk.world.console.login_url())
    yield opened
    context.close()


def open_case(page: Page, desk: Desk, case: str, place: str = "") -> None:
    page.goto("about:blank")  # else an address that differs in its place alone loads nothing
    page.goto(f"{desk.world.home}/cases/{case}{place}")


def shown_sections(page: Page) -> list[str]:
    """Return the sections of the tab that is shown."""
    every = page.locator("#details .section")
    return [str(one.get_attribute("id")) for one in every.all() if one.is_visible()]
