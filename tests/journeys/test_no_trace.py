"""The phone afterwards: the browser's whole profile on disk, searched for what was written."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.journeys import reporter, traces
from tests.journeys.conftest import CHROMIUM_ARGUMENTS
from tests.journeys.line import RunningLine
from tests.onion.bidi import running_firefox
from tests.onion.process import needed, until

TEXT = "Distinctive words about the blue cupboard above the laundry."
UNSENT = "Distinctive half sentence that was never"
FILE = "distinctive-holiday-picture.txt"


def _profile(playwright: Playwright, folder: Path) -> BrowserContext:
    """Open a browser that keeps its profile on disk, as a phone does."""
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=needed("chromium"), args=CHROMIUM_ARGUMENTS
    )


def _needles(code: str = "") -> list[bytes]:
    words = code.split()
    # Two words of the list may well stand beside each other in what a browser brings along.
    threes = [" ".join(words[at : at + 3]) for at in range(len(words) - 2)]
    texts = [TEXT[:30], UNSENT[:30], FILE[:20], *threes]
    return [form for text in texts for form in traces.forms(text)]


def _until_text(page: Page, line: RunningLine) -> None:
    reporter.begin(page, line.url)
    reporter.screen(page, "text").locator("textarea").press_sequentially(UNSENT)


def test_after_a_whole_visit_the_profile_holds_nothing_of_it(
    playwright: Playwright, shared_line: RunningLine, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(TEXT)
    folder = tmp_path / "profile"
    context = _profile(playwright, folder)
    page = context.pages[0]
    reporter.begin(page, shared_line.url)
    reporter.write(page, ["support"], TEXT, [tmp_path / FILE])
    reporter.press(page, "review", "send")
    code = reporter.receipt(page)
    reporter.come_back(page, shared_line.url, code)
    reporter.screen(page, "answers")
    page.locator("[data-exit]").click()
    page.wait_for_url("**/measures/")
    assert context.cookies() == []
    assert page.evaluate(
        "async () => [localStorage.length, sessionStorage.length,"
        " (await indexedDB.databases()).length, (await caches.keys()).length,"
        " (await navigator.serviceWorker.getRegistrations()).length]"
    ) == [0, 0, 0, 0, 0]
    context.close()

    assert traces.found_in(folder, _needles(code)) == []
    # What the first screen says that remains, and the search would find it: the address.
    assert traces.found_in(folder, [f"127.0.0.1:{shared_line.port}".encode()])


def test_a_browser_that_dies_while_somebody_writes_keeps_nothing_of_it(
    playwright: Playwright, shared_line: RunningLine, tmp_path: Path
) -> None:
    folder = tmp_path / "profile"
    context = _profile(playwright, folder)
    page = context.pages[0]
    _until_text(page, shared_line)
    # A page that goes to the background is when browsers write what they would restore.
    other = context.new_page()
    other.goto("about:blank")
    other.bring_to_front()
    address = [f"127.0.0.1:{shared_line.port}".encode()]
    until(
        reporter.SLOW / 1_000,
        "the search does not look where browsers keep what they restore",
        lambda: traces.found_in(folder / "Default" / "Sessions", address),
    )
    browser_process = int((folder / "SingletonLock").readlink().name.rsplit("-", 1)[1])
    os.kill(browser_process, signal.SIGKILL)
    with suppress(Error):  # the driver may have seen its death before
        context.close()
    assert traces.found_in(folder, _needles()) == []

    context = _profile(playwright, folder)
    page = context.pages[0]
    page.goto(f"{shared_line.url}/en/")
    expect(page.locator("#text")).to_have_value("")
    context.close()


def test_firefox_restores_nothing_of_what_somebody_writes(
    shared_line: RunningLine, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    written = profile / "sessionstore-backups" / "recovery.jsonlz4"
    with running_firefox({"browser.sessionstore.interval": 1_000}, profile) as firefox:
        firefox.open(f"{shared_line.url}/en/")
        firefox.click('section[data-step="safety"] [data-action="write"]')
        firefox.type('section[data-step="text"] textarea', UNSENT)
        typed = time.time()
        address = [f"127.0.0.1:{shared_line.port}".encode()]
        until(
            reporter.SLOW / 1_000,
            "Firefox does not write what it would restore",
            lambda: (
                written.exists()
                and written.stat().st_mtime > typed
                and traces.found_in(written.parent, address)
            ),
        )
        assert traces.found_in(profile, _needles()) == []
    # At its end it writes once more.
    assert traces.found_in(profile, _needles()) == []
