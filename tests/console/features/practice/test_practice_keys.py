"""Practice in a real browser, by keys alone: from a console's door to what was missed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, expect, sync_playwright

from tests.console.running_line import PASSPHRASE, Line
from tests.journeys import axe
from tests.journeys.conftest import launch
from tests.ports import free_port

SLOW = 120_000


def _ready(page: Page) -> None:
    expect(page.locator("#keys-open")).not_to_have_attribute("hidden", "")


def _to(page: Page, selector: str) -> None:
    """Goes on with Tab until something has the focus, as a person without a mouse does."""
    for _ in range(60):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def _out_of_the_case(page: Page) -> None:
    """Presses h until the page has gone: what comes meanwhile may put the focus into the answer."""
    for _ in range(60):
        page.keyboard.press("Escape")
        page.keyboard.press("h")
        with contextlib.suppress(TimeoutError):
            page.wait_for_url("**/practice/first", timeout=1_500)
            return
    raise AssertionError("h does not lead to the exercise")


def test_practice_by_keys_from_the_door_to_what_was_missed(still: Line, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase.txt"
    secret.write_bytes(PASSPHRASE.reveal())
    sittings = tmp_path / "tmp"
    sittings.mkdir()
    folder = still.folder_of("ana")
    arguments = ["run", str(folder), "--port", str(free_port()), "--interval", "0", "--json"]
    arguments += ["--passphrase-file", str(secret)]
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.entry", "console", *arguments],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"TMPDIR": str(sittings)},
    )
    try:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        with sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            try:
                _walk(page, facts["console"])
            finally:
                browser.close()
        assert len(list(sittings.iterdir())) == 1
        # Whatever was practised, the real vault was not opened for it.
        kept = json.loads((folder.with_name("ana-practice") / "progress.json").read_text())
        assert set(kept["people"]["Ana"]) == {"first"}
    finally:
        process.terminate()
        process.communicate(timeout=120)
    # The console's end is practice's end, and its vault's.
    assert list(sittings.iterdir()) == []


def _walk(page: Page, home: str) -> None:
    page.goto(f"{home}/unlock")
    expect(page.locator(".practice-band")).to_have_count(0)
    _to(page, "form[action$='/practise'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Open practice")).to_be_focused()
    page.keyboard.press("Enter")
    band = page.locator(".practice-band")
    expect(band).to_contain_text("Everybody here is made up")
    assert not page.url.startswith(home)
    _ready(page)
    _to(page, ".places a[href$='/practice']")
    page.keyboard.press("Enter")
    expect(page.locator("[name=person]")).to_be_focused()
    assert axe.violations(page) == []
    page.keyboard.type("Ana")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("9 of 9 are due for Ana")
    _to(page, ".exercises a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Begin")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".steps li")).to_have_count(5)
    assert axe.violations(page) == []
    expect(page.get_by_role("link", name="Open the case")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".message-text")).to_contain_text("[SYNTHETIC]")
    _ready(page)
    page.keyboard.press("m")
    expect(page.locator("#owner option:checked")).to_contain_text("(you)")
    _ready(page)
    page.keyboard.press("r")
    page.keyboard.type("You have done nothing wrong. Call 555 123 4567")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reply .notice")).to_contain_text("seems to contain a phone number")
    _ready(page)
    _to(page, "[name=sure]")
    page.keyboard.press("Space")
    page.locator("#reply-text").focus()
    page.keyboard.press("Control+Enter")
    # The one who is made up writes back, by herself.
    expect(page.locator("#latest")).to_contain_text("Please do not write numbers")
    expect(page.locator("#reply .notice")).to_have_count(0)
    assert axe.violations(page) == []
    _ready(page)
    _out_of_the_case(page)
    expect(page.locator(".steps .found-good")).to_have_count(3)
    _to(page, "form[action$='/finish'] button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("3 missed")
    expect(page.locator("main")).to_contain_text("Your answer holds a number")
    expect(page.locator("main")).to_contain_text("The case is yours")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert axe.violations(page) == []
