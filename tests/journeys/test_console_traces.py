"""The investigator's browser afterwards: an ordinary profile, searched for what was typed there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright

from tests.journeys import traces
from tests.journeys.conftest import CHROMIUM_ARGUMENTS
from tests.journeys.console_world import NOON, World, receive, world
from tests.onion.bidi import Firefox, running_firefox
from tests.onion.process import needed, until

SAID = "They keep our passports at Wisbech."
TYPED = {
    "#note-text": "Zwirbelnote about her sister",
    "#reply-text": "Zwirbelanswer, we believe",
    "#copy-reason": "Zwirbelreason of a court",
    "#interpreter-who": "Zwirbelwho interprets",
}
ASKED = "Zwirbelquestion"
WRITES_AFTER = 2.0
"""Seconds after which Firefox is told to write what it would restore; 15 by itself."""
LOOKS_AFTER = 4 * WRITES_AFTER

OPEN_ALL = """() => {
  document.querySelectorAll('details').forEach((one) => { one.open = true; });
  document.querySelectorAll('.tab-panel').forEach((one) => { one.style.display = 'block'; });
}"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    cases: list[str] = []
    with world(
        tmp_path_factory.mktemp("world"),
        lambda vault: cases.append(receive(vault, 500, SAID, NOON - 60)),
        past=False,
    ) as made:
        yield made, cases[0]


def needles() -> list[bytes]:
    texts = [*TYPED.values(), ASKED, SAID[:24]]
    return [form for text in texts for form in traces.forms(text)]


def kept(profile: Path, sessions: str, address: str) -> list[str]:
    """Return the needles on the disk, once the browser has written what it would restore."""
    time.sleep(LOOKS_AFTER)
    until(
        60,
        "the search does not look where browsers keep what they restore",
        lambda: traces.found_in(profile / sessions, [address.encode()]),
    )
    return traces.found_in(profile, needles())


def test_chromium_keeps_nothing_of_what_was_typed(
    playwright: Playwright, desk: tuple[World, str], tmp_path: Path
) -> None:
    made, case = desk
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=needed("chromium"), args=CHROMIUM_ARGUMENTS
    )
    page = context.pages[0]
    page.goto(made.console.login_url())
    page.goto(made.home)
    page.locator(f'[data-case="{case}"]').click()
    page.locator("#reply-text").wait_for()
    page.evaluate(OPEN_ALL)
    for css, text in TYPED.items():
        page.locator(css).press_sequentially(text)
    context.new_page()  # who goes to the background writes what it would restore
    typed = kept(profile, "Default/Sessions", case)
    page.bring_to_front()
    page.goto(f"{made.home}/search")
    page.locator("#question").fill(ASKED)
    page.locator("#question").press("Enter")
    page.get_by_text("Nothing found.").wait_for()
    assert page.locator("#question").input_value() == ASKED
    context.new_page()
    asked = kept(profile, "Default/Sessions", "/search")
    os.kill(int((profile / "SingletonLock").readlink().name.rsplit("-", 1)[1]), signal.SIGKILL)
    with suppress(Error):
        context.close()
    assert (typed, asked) == ([], [])


def test_firefox_keeps_nothing_of_what_was_typed(desk: tuple[World, str], tmp_path: Path) -> None:
    made, case = desk
    profile = tmp_path / "profile"
    often = {"browser.sessionstore.interval": int(WRITES_AFTER * 1_000)}
    with running_firefox(often, profile) as firefox:
        firefox.open(made.console.login_url())
        firefox.open(made.home)
        firefox.click(f'[data-case="{case}"]')
        firefox.find("#reply-text")
        firefox.run(OPEN_ALL)
        for css, text in TYPED.items():
            firefox.type(css, text)
        typed = kept(profile, "sessionstore-backups", case)
        search(firefox, made.home)
        asked = kept(profile, "sessionstore-backups", "/search")
    assert (typed, asked) == ([], [])


def search(firefox: Firefox, home: str) -> None:
    firefox.open(f"{home}/search")
    firefox.type("#question", ASKED)
    firefox.click("form.question button")
    until(60, "no answer to the search", lambda: "Nothing found." in firefox.shown())
