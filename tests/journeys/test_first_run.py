"""The first run in a browser: by keys alone, narrow, from the right, and straight into practice."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.agency import ceremonies, rootkey
from app.protocol.secrets import Secret
from tests.journeys.axe import violations
from tests.journeys.held_form import sent_and_answered_after_the_alarm

WORDS = "identify cage illness click blouse upgrade valid"
SLOW = 120_000


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "agency"
    ceremonies.init_agency(
        folder,
        name="Harbour line",
        server="http://127.0.0.1:9",
        passphrase=Secret(WORDS.encode()),
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )
    return folder


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """Start a console where nothing is yet; yields the link that it prints."""
    folder = tmp_path / "case-store"
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.entry", "console", "run", str(folder), "--open", "--json",
         "--interval", "0"],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["login"]
    finally:
        process.kill()
        process.communicate()


def looked_at(page: Page, name: str) -> None:
    """Check a page as people with other eyes and hands meet it."""
    assert violations(page) == [], name
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 700})
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, (name, width)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {selector}")


def test_a_person_gets_through_by_keys_alone(browser: Browser, link: str, agency: Path) -> None:
    page = browser.new_page()
    page.set_default_timeout(SLOW)
    page.goto(link)
    looked_at(page, "welcome")
    tab_to(page, "a[href$='/first/new']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#label")
    looked_at(page, "new")
    tab_to(page, "#label")
    page.keyboard.type("Caseworker 1")
    page.set_input_files("#line", agency / "line.json")  # the system's own dialogue
    tab_to(page, "form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#passphrase")
    tab_to(page, "#passphrase")
    page.keyboard.type("password1234")
    expect(page.locator("#strength[data-kind=weak]")).not_to_be_empty()
    looked_at(page, "passphrase")
    page.fill("#passphrase", WORDS)
    expect(page.locator("#strength[data-kind=strong]")).not_to_be_empty()
    tab_to(page, "#again")
    page.keyboard.type(WORDS)
    page.keyboard.press("Enter")
    words = page.locator(".words-large li")
    expect(words).to_have_count(12)
    looked_at(page, "steps")
    # The agency's answer, as a file; the page notices what it changes.
    with page.expect_download() as saved:
        page.click("a[download]")
    today = dt.datetime.now(dt.UTC).date()
    read = " ".join(words.all_inner_texts())
    request = Path(saved.value.path()).read_bytes()
    ceremonies.enrol(agency, request, ["support"], words=read, today=today)
    signed = ceremonies.sign_directory(agency, passphrase=Secret(WORDS.encode()), today=today)
    (agency / "answer.json").write_bytes(signed.file)
    page.set_input_files("#directory", agency / "answer.json")
    page.click("#answer form button")
    expect(page.locator("#request .step-done")).to_be_visible()
    looked_at(page, "enrolled")
    page.goto(page.url.partition("/first")[0] + "/connection")
    looked_at(page, "connection")
    page.context.close()


def test_the_first_run_goes_on_though_the_alarm_hears_first_that_the_console_is_open(
    browser: Browser, link: str, agency: Path
) -> None:
    page = browser.new_page()
    page.set_default_timeout(SLOW)
    page.goto(link)
    page.click("a[href$='/first/new']")
    page.fill("#label", "Caseworker 1")
    page.set_input_files("#line", agency / "line.json")
    page.click("form[action$='/new'] button")
    page.fill("#passphrase", WORDS)
    page.fill("#again", WORDS)
    sent_and_answered_after_the_alarm(page, "**/first/passphrase")
    expect(page.locator(".words-large li")).to_have_count(12)
    page.context.close()


def test_from_the_first_page_straight_into_practice(browser: Browser, link: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(SLOW)
    page.goto(link)
    page.select_option("#language", "ar")
    page.click(".first-language button")
    assert page.get_attribute("html", "dir") == "rtl"
    looked_at(page, "welcome, from the right")
    page.click("form[action$='/practise'] button")
    page.click("a.button-primary")
    expect(page.locator(".practice-band")).to_be_visible()
    page.context.close()
