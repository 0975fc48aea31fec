"""A report says danger: whoever is at a console, or on duty before it, sees and hears of it."""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.cli.demo.reports import POLICE, SUPPORT
from app.client.line_client import LineClient, LineClientSettings
from app.client.reporter_client import ReporterClient
from app.console.vault import Vault
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.running_line import read
from tests.journeys.file_changes import changes
from tests.journeys.forked import ForkedChildren
from tests.journeys.line import INVESTIGATORS, RunningLine, running_line
from tests.onion.bidi import Firefox, running_firefox
from tests.onion.process import until

SLOW = 60_000
LIMIT = 5.0
"""Seconds from what a sync brought to the alarm, on every page."""

LISTENS = """
window.heard = window.heardAnywhere = 0;
const others = new BroadcastChannel('heard');
others.onmessage = () => { window.heardAnywhere += 1; };
window.notified = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  window.heard += 1;
  window.heardAnywhere += 1;
  others.postMessage('');
  start.apply(this, at);
};
const Told = function (title, options) { window.notified.push([title, options]); };
Told.permission = 'granted';
Told.requestPermission = async () => 'granted';
window.Notification = Told;
"""
TONES = 9


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    # Two consoles and ten windows: what is shared must arrive within two epochs all the same.
    people = (*INVESTIGATORS, ("dora", "Dora (caseworker)", (SUPPORT,)))
    folder = tmp_path_factory.mktemp("line")
    with running_line(folder, investigators=people, epoch_seconds=6) as started:
        started.open_desks()
        yield started


def report(line: RunningLine, text: str, desk: str) -> None:
    """Send one as a reporter does who answers that somebody is in danger now."""

    async def send() -> None:
        async with LineClient(LineClientSettings(line.url), os.urandom) as client:
            said = {"text": text, "lang": "en", "desks": [desk], "answers": {"danger_now": "yes"}}
            who = ReporterIdentity(new_entropy(os.urandom))
            await ReporterClient(client, line.world.line_id).send(who, "report", said)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, send()).result()


def arrived(line: RunningLine, name: str, text: str) -> float:
    """Wait until a report is in a vault; return when, in monotonic seconds."""
    end = time.monotonic() + 120
    folder = line.world.vault(name)
    with changes(folder) as written, Vault.open_shared(folder, line.world.passphrase) as vault:
        while not any(text in one.body.text for one in read(vault)):
            written.wait(end - time.monotonic())
    return time.monotonic()


def home_of(login: str) -> str:
    return re.sub(r"/login\?.*", "", login)


def signed_in(browser: Browser, login: str) -> BrowserContext:
    context = browser.new_context()
    context.add_init_script(LISTENS)
    page = context.new_page()
    page.goto(login)
    return context


def at(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def ahead(arrival: float) -> float:
    """Return the milliseconds that are left of the limit."""
    return max(1.0, (LIMIT - (time.monotonic() - arrival)) * 1000)


def test_danger_shows_on_every_page_and_on_duty_and_ends_when_a_colleague_takes_it(
    browser: Browser, line: RunningLine, tmp_path: Path
) -> None:
    pipe = tmp_path / "woken"
    os.mkfifo(pipe)
    woken = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    wake = tmp_path / "wake"
    wake.write_text(f"#!{sys.executable}\nopen({str(pipe)!r}, 'w').write('.')\n")
    wake.chmod(0o755)
    ana_login = line.start_console("ana")
    ben_login = line.start_console("ben", "--on-danger", str(wake))
    ana, ben = signed_in(browser, ana_login), signed_in(browser, ben_login)
    home = home_of(ana_login)
    places = ("/", "/due", "/search", "/team", "/machine", "/links", "/numbers", "/alarm")
    pages = [at(ana, f"{home}{place}") for place in places]
    pages[4].locator("[name=old]").first.fill("somebody types here")
    duty = at(ben, f"{home_of(ben_login)}/alarm")
    other = at(ben, f"{home_of(ben_login)}/team")
    duty.locator("form[action$='/duty'] button").click()
    expect(duty.locator(".duty-state")).to_have_text("Screen locked, on duty", timeout=SLOW)
    expect(other.locator(".duty-state")).to_be_visible(timeout=SLOW)
    expect(duty.locator("#duty-count [data-count]")).to_have_text("0")

    report(line, "They are at the door now.", SUPPORT)
    arrival = arrived(line, "ana", "at the door")
    for page in pages:
        expect(page.locator("[data-danger]")).to_be_visible(timeout=ahead(arrival))
        assert page.title().startswith("(1) DANGER · ")
        expect(page.locator("link[rel=icon]")).to_have_attribute(
            "href", re.compile(r"/alarm/icon/1\.svg$")
        )
        expect(page.locator("#danger-count [data-count]").first).to_have_text("1")
    assert pages[4].locator("[name=old]").first.input_value() == "somebody types here"
    arrival = arrived(line, "ben", "at the door")
    for page in (duty, other):
        expect(page.locator("#duty-count [data-count]")).to_have_text("1", timeout=ahead(arrival))
        assert page.title().startswith("(1) DANGER · ")
        assert "door" not in page.content()
        assert "/cases/" not in page.content()
    assert select.select([woken], [], [], ahead(arrival) / 1000)[0], "nobody is woken"
    assert os.read(woken, 9) == b"."
    # Two read for this desk: silence is what holds.
    assert sum(page.evaluate("window.heard") for page in (*ana.pages, *ben.pages)) == 0

    pages[3].locator("[data-danger] button").click()
    expect(pages[3].locator(".thread-name")).to_be_visible(timeout=SLOW)
    expect(pages[3].locator("#alarm")).to_be_hidden()
    for page in pages:
        expect(page.locator("[data-danger]")).to_be_hidden(timeout=SLOW)
        assert "DANGER" not in page.title()
    expect(duty.locator("#duty-count [data-count]")).to_have_text("0", timeout=SLOW)
    assert "DANGER" not in duty.title()
    assert os.read(woken, 9) == b"", "woken once"
    os.close(woken)

    duty.locator("#passphrase").fill(line.world.passphrase.reveal().decode())
    duty.locator("main form .button-primary").click()
    expect(duty.locator("#sync")).to_be_visible(timeout=SLOW)
    expect(other.locator("#sync")).to_be_visible(timeout=SLOW)
    duty.locator("#lock").click()
    expect(duty.locator(".not-looking")).to_contain_text("Not looking since", timeout=SLOW)
    expect(other.locator(".not-looking")).to_be_visible(timeout=SLOW)
    ana.close()
    ben.close()


def test_it_is_heard_and_notified_once_whatever_is_open_and_says_nothing(
    browser: Browser, line: RunningLine
) -> None:
    login = line.start_console("chris")
    chris = signed_in(browser, login)
    home = home_of(login)
    first, second, third = (at(chris, f"{home}{place}") for place in ("/alarm", "/team", "/"))
    first.locator("button[name=notify]").click()
    expect(first.locator("button[name=notify]")).to_have_text("Switch off", timeout=SLOW)
    for page in (first, second, third):
        page.locator("h1:visible, .thread-empty").first.click()
        expect(page.locator("#alarm")).to_have_attribute("data-notify", "", timeout=SLOW)
    report(line, "He took the girl away in a white van.", POLICE)
    arrival = arrived(line, "chris", "white van")
    for page in (first, second, third):
        expect(page.locator("[data-danger]")).to_be_visible(timeout=ahead(arrival))

    def heard() -> int:
        return sum(int(page.evaluate("window.heard")) for page in chris.pages)

    first.wait_for_function(f"window.heardAnywhere >= {TONES}", timeout=ahead(arrival))
    first.wait_for_timeout(1000)
    assert heard() == TONES, "once, however many windows are open"
    notified = [one for page in chris.pages for one in page.evaluate("window.notified")]
    assert [title for title, _ in notified] == ["Quietline: look at the console"]
    assert set(notified[0][1]) == {"tag", "requireInteraction", "silent"}
    chris.close()

    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{home}/unlock")
    page.locator("#passphrase").fill(line.world.passphrase.reveal().decode())
    page.locator("main form .button-primary").click()
    page.goto(f"{home}/team")
    expect(page.locator("[data-danger]")).to_be_visible()
    assert page.title().startswith("(1) DANGER · "), "without scripts, when a page is loaded"
    page.locator("[data-danger] button").click()
    expect(page.locator(".thread-name")).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-danger]")).to_be_hidden()
    plain.close()


def test_a_window_or_a_console_that_stands_still_is_noticed_by_the_others(
    browser: Browser, line: RunningLine
) -> None:
    login = line.start_console("dora")
    dora = signed_in(browser, login)
    still = dora.pages[0]
    still.wait_for_function("async () => (await navigator.locks.query()).held.length > 0")
    other = at(dora, f"{home_of(login)}/team")
    other.locator("[name=csrf]").first.wait_for(state="attached")
    # As while somebody prints: nothing in this window goes on until they are done.
    still.on("dialog", lambda _: None)
    still.evaluate("() => { setTimeout(() => alert('printing'), 0); }")
    report(line, "She cannot leave the room.", SUPPORT)
    expect(other.locator("[data-danger]")).to_be_visible(timeout=SLOW)

    assert isinstance(line.children, ForkedChildren)
    process = line.children.pid("console dora")
    os.kill(process, signal.SIGSTOP)
    try:
        expect(other.locator("[data-deaf]")).to_contain_text("does not answer", timeout=SLOW)
    finally:
        os.kill(process, signal.SIGCONT)
    expect(other.locator("[data-deaf]")).to_be_hidden(timeout=SLOW)
    dora.close()

    # Firefox lets a page be heard after a press on that very page, so not at first on duty.
    with running_firefox({}) as firefox:
        firefox.open(f"{home_of(login)}/unlock")
        firefox.type("#passphrase", line.world.passphrase.reveal().decode())
        firefox.click("main form .button-primary")
        firefox.find("#sync")
        firefox.open(f"{home_of(login)}/alarm")
        firefox.click("button[name=sound]")
        until(60, "the sound is not on", lambda: "Switch off" in firefox.shown())
        firefox.click("form[action$='/duty'] button")
        # By the answer to the press or by what the page asks for: whichever is first.
        until(60, "not on duty", lambda: "/unlock" in firefox.address())
        until(60, "it says that it is heard", lambda: says_that_it_is_held_back(firefox))


def says_that_it_is_held_back(firefox: Firefox) -> bool:
    shown = firefox.shown()
    return "sound is held back" in shown and "Sound is on." not in shown
