"""Two investigators in two browsers at two consoles: what one does, the other sees after a sync.

By keys alone where a person would; the pages are looked over by axe, light and dark.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Browser, Page, expect

from app.client.line_client import LineClient, LineClientSettings
from app.client.reporter_client import ReporterClient
from app.protocol import bodies
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.journeys import axe
from tests.journeys.line import RunningLine
from tests.journeys.reporter import SLOW

TEXT = "They keep our passports at the hotel."


def send(line: RunningLine, text: str, **answers: str) -> None:
    async def once() -> None:
        async with LineClient(LineClientSettings(line.url), os.urandom) as http:
            client = ReporterClient(http, line.world.line_id)
            fields = {"text": text, "lang": "en", "desks": ["support"], "answers": answers}
            await client.send(
                ReporterIdentity(new_entropy(os.urandom)), bodies.REPORT, fields
            )  # fmt: skip

    # In a thread of its own: the browser's driver has a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, once()).result()


def _at(browser: Browser, login: str, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto(login)
    return page


def _ready(page: Page) -> None:
    expect(page.locator("#keys-open")).not_to_have_attribute("hidden", "", timeout=SLOW)


def test_one_assigns_and_notes_and_the_other_sees_it(browser: Browser, line: RunningLine) -> None:
    line.open_desks()
    send(line, TEXT, danger_now="yes", safe_to_reply="no")
    send(line, "Nothing, I only try this out.")
    ana = _at(browser, line.start_console("ana"), "light")
    ben = _at(browser, line.start_console("ben"), "dark")
    for page in (ana, ben):
        expect(page.locator(".line")).to_have_count(2, timeout=SLOW)
        _ready(page)
        assert axe.violations(page) == []

    # By keys alone: the first case is opened, taken, given a priority, a label and a note.
    ana.keyboard.press("j")
    ana.keyboard.press("Enter")
    expect(ana.locator(".message-text")).to_have_text(TEXT)
    _ready(ana)
    ana.keyboard.press("m")
    expect(ana.locator("#owner option:checked")).to_contain_text("(you)")
    _ready(ana)
    ana.keyboard.press("p")
    ana.keyboard.press("Escape")
    ana.locator("#priority").focus()
    ana.keyboard.type("Imm")
    ana.keyboard.press("Enter")
    expect(ana.locator(".thread-head .priority")).to_have_text("Immediate danger")
    _ready(ana)
    ana.keyboard.press("l")
    ana.keyboard.type("hotel")
    ana.keyboard.press("Enter")
    expect(ana.locator("#triage .label")).to_contain_text("hotel")
    _ready(ana)
    ana.keyboard.press("n")
    ana.keyboard.type("Two beds are free until Friday.")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator(".note-text")).to_have_text("Two beds are free until Friday.")
    assert axe.violations(ana) == []

    # The other one's list says so by itself, and the case has the note.
    row = ben.locator(".row", has_text=TEXT)
    for said in ("Immediate danger", "Ana", "hotel"):
        expect(row).to_contain_text(said, timeout=SLOW)
    row.locator(".line").click()
    expect(ben.locator(".note-text")).to_have_text("Two beds are free until Friday.", timeout=SLOW)
    expect(ben.locator(".note-head")).to_contain_text("Ana")
    expect(ben.locator(".seen-by")).to_contain_text("Ana", timeout=SLOW)
    expect(ben.locator("#history")).to_contain_text("assigned the case to Ana", timeout=SLOW)
    _ready(ben)
    assert axe.violations(ben) == []

    # Closing both at once is asked about with their number, and can be taken back.
    ben.keyboard.press("u")
    expect(ben.locator(".thread-empty")).to_be_visible()
    _ready(ben)
    for key in ("k", "x", "j", "x"):  # the list stands at the case that was open
        ben.keyboard.press(key)
    expect(ben.locator("#many-count")).to_have_text("2 selected")
    assert axe.violations(ben) == []
    ben.locator("#many-status").select_option("closed/no-action")
    ben.locator(".many-do").click()
    expect(ben.locator("#confirm-title")).to_have_text("2 cases: Closed: No action?")
    expect(ben.locator("#confirm form button")).to_be_focused()
    assert axe.violations(ben) == []
    ben.keyboard.press("Enter")
    expect(ben.locator(".undo")).to_contain_text("2 cases: Closed: No action.")
    # What has been read leaves the list. The other stays: nobody has read what was closed.
    left = ben.locator(".row")
    expect(left).to_have_count(1)
    expect(left).to_contain_text("Closed: No action")
    expect(left).to_contain_text("1 new")
    expect(ben.locator('[data-view="open"] .count')).to_have_text("1")
    _ready(ben)
    ben.keyboard.press("z")
    expect(ben.locator(".undo")).to_contain_text("Undone")
    expect(ben.locator(".line")).to_have_count(2)

    expect(ana.locator('[data-view="open"] .count')).to_have_text("2", timeout=SLOW)
    ana.goto(ana.url.partition("/cases")[0] + "/team")
    expect(ana.locator(".members").first).to_contain_text("Ben")
    assert axe.violations(ana) == []
    for page in (ana, ben):
        page.context.close()
