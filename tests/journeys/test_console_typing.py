"""What is typed in the console's pages stays, whatever becomes of the page; and goes once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys.console_world import World, world
from tests.journeys.reporter import SLOW


def signed_in(browser: Browser, here: World) -> Page:
    page = browser.new_context().new_page()
    page.goto(here.login)
    page.goto(f"{here.home}/cases/{here.case}")
    return page


def test_what_is_typed_stays_and_goes_once(browser: Browser, tmp_path: Path) -> None:
    with world(tmp_path, past=False) as here:
        page = signed_in(browser, here)
        early = page.context.new_page()
        early.goto(page.url)
        page.locator("#to-notes").click()
        page.locator("#note-text").fill("Called the shelter: two beds")
        expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=SLOW)
        page.reload()
        expect(page.locator("#note-text")).to_have_value("Called the shelter: two beds")
        page.locator("#to-notes").click()
        page.locator("#note-text").fill("Called the shelter: two beds, from Friday.")
        # Left before the pause after which it is kept.
        page.goto(here.home)
        page.goto(early.url)
        expect(page.locator("#note-text")).to_have_value(
            "Called the shelter: two beds, from Friday.", timeout=SLOW
        )
        # A window that was opened before says that it keeps nothing.
        early.locator("#to-notes").click()
        early.locator("#note-text").fill("ok")
        expect(early.locator("#note-state")).to_contain_text("another note", timeout=SLOW)
        answers = page.locator(".message-mine").count()
        page.locator("#reply-text").fill("Thank you for writing. What do you need?")
        expect(page.locator("#draft-state")).to_have_text("Draft saved", timeout=SLOW)
        page.locator("#send").evaluate(
            "button => { button.click(); setTimeout(() => button.click(), 120); }"
        )
        expect(page.locator(".message-mine")).to_have_count(answers + 1, timeout=SLOW)
        page.reload()
        expect(page.locator(".message-mine")).to_have_count(answers + 1)
    page.locator("#reply-text").fill("Typed when it had stopped.")
    expect(page.locator("#draft-state")).to_contain_text("Not saved", timeout=SLOW)
