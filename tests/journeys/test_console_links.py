"""Links in a real browser, by the keyboard alone; and the number in the bar, which stays fresh."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.console.features.links.storage import link_index
from app.console.rules import changes
from app.console.vault import Vault
from app.console.web.case_views import case_name
from tests.journeys import axe
from tests.journeys.console_world import NOON, World, do, receive, world

SLOW = 60_000
TABS = 60
"""Presses of the Tab key that may come before the picture."""


@dataclass(slots=True)
class Linked:
    """Two cases with one number, and the console that holds them."""

    cases: list[str]
    world: World


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    cases: list[str] = []

    def two_with_one_number(vault: Vault) -> None:
        for number, said in enumerate(("Call +1 202 555 0123.", "He calls from 001 202 555-0123.")):
            cases.append(receive(vault, 500 + number, said, NOON - 60))
        link_index.read_on(vault, NOON)

    with world(tmp_path_factory.mktemp("world"), two_with_one_number, past=False) as made:
        yield Linked(cases, made)


@pytest.fixture(scope="module")
def page(browser: Browser, linked: Linked) -> Iterator[Page]:
    opened = browser.new_page()
    opened.set_default_timeout(SLOW)
    opened.goto(linked.world.login)
    yield opened
    opened.close()


def named(page: Page, name: str) -> None:
    """Expect that what has the keyboard is called so, and can be seen to have it."""
    here = page.locator(":focus")
    expect(here).to_have_attribute("aria-label", re.compile(name), timeout=SLOW)
    width = "element => parseFloat(getComputedStyle(element.querySelector('.node')).strokeWidth)"
    assert here.evaluate(width) > 3


def dismiss(links: Locator) -> None:
    """Say in a case that its only link is wrong."""
    links.get_by_text("Not a match …").click()
    links.get_by_label("Why?").fill("A taxi office")
    links.get_by_role("button", name="Not a match").click()
    expect(links).to_contain_text("No other case here was found to share", timeout=SLOW)


def test_links_are_walked_by_keyboard_dismissed_and_taken_back(page: Page, linked: Linked) -> None:
    home, (one, two) = linked.world.home, linked.cases
    first, second = case_name(one), case_name(two)
    page.goto(f"{home}/cases/{one}#links")
    links = page.locator("#links")
    expect(links).to_contain_text(second, timeout=SLOW)
    links.get_by_role("link", name="Show connections").press("Enter")
    page.wait_for_url(f"{home}/links/{one}")
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.box')"):
            break
    named(page, f"^{first}, New; linked with \\+1 202")
    page.keyboard.press("ArrowLeft")
    named(page, f"^\\+1 202-555-0123, Phone number; linked with {first} and {second}$")
    expect(page.locator("#picture .edge-near")).to_have_count(2)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    named(page, f"^{first}")
    page.keyboard.press("ArrowDown")
    named(page, f"^{second}")
    page.keyboard.press("ArrowDown")
    named(page, f"^{second}")  # Here the column ends.
    page.keyboard.press("ArrowRight")
    named(page, f"^{second}")  # And here the lines.
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home}/links/{two}#start")
    named(page, f"^{second}")
    assert axe.violations(page) == []

    page.goto(f"{home}/cases/{one}#links")
    dismiss(links)
    page.get_by_role("button", name="Undo").click()
    expect(links).to_contain_text("Not a match …", timeout=SLOW)
    dismiss(links)
    page.goto(f"{home}/links")
    listed = page.get_by_role("region", name="Not a match")
    expect(listed).to_contain_text("A taxi office", timeout=SLOW)
    assert axe.violations(page) == []
    listed.get_by_role("button", name=re.compile("Link again")).click()
    expect(listed).to_contain_text("No link is marked as not a match.", timeout=SLOW)
    page.goto(f"{home}/cases/{two}")
    expect(links).to_contain_text(first, timeout=SLOW)


def test_the_number_beside_due_changes_while_a_page_stands_open(page: Page, linked: Linked) -> None:
    page.goto(linked.world.home)
    shown = page.locator("#due-count [data-count]").first
    before = int(shown.text_content() or "")
    day = changes.put(linked.cases[0], "due", "2026-11-24")
    do(linked.world.console.vault, NOON, day)
    expect(shown).to_have_text(str(before + 1), timeout=SLOW)
