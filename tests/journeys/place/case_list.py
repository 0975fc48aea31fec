"""The list and its cases in a browser, as a hand at the keys goes through them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app.console.vault.records import cases, drafts
from tests.console.running_line import PASSPHRASE
from tests.journeys.console_world import World

WITHIN = 20_000
"""Milliseconds: a machine that does other work as well."""


def ids(page: Page) -> list[str]:
    """Return the ids of the cases that the list shows, in its order."""
    found: list[str] = page.eval_on_selector_all(".line", "all => all.map(e => e.dataset.case)")
    return found


def open_row(page: Page, place: int) -> str:
    """Open the case at a place of the list with a click; return its id."""
    line = page.locator(".line").nth(place)
    case = line.get_attribute("data-case") or ""
    line.click()
    is_open(page, case)
    return case


def is_open(page: Page, case: str) -> None:
    """Wait until a case is the open one, in its pane and in the list."""
    opened = page.locator("#thread")
    expect(opened).to_have_attribute("data-open", case, timeout=WITHIN)
    expect(page.locator(".line[aria-current]")).to_have_attribute("data-case", case, timeout=WITHIN)


def address(case: str) -> str:
    """Return what a case's own address ends with, as a pattern: the list's names every case."""
    return rf"/cases/{case}$"


def keys(page: Page, *pressed: str) -> None:
    """Press one key after the other, waiting for nothing."""
    for key in pressed:
        page.keyboard.press(key)


def of(desk: World, case: str, name: str) -> str:
    """Return what a case of support has under a name, '' for nothing."""
    with desk.console.vault.read() as tx:
        return cases.state(tx, case, "support").get(name)


def draft_of(desk: World, case: str) -> drafts.NoteDraft:
    """Return the note that is begun in a case."""
    with desk.console.vault.read() as tx:
        return drafts.note(tx, case)


def passphrase() -> str:
    """Return what opens the case store."""
    return PASSPHRASE.reveal().decode()
