"""A voice note recorded in the page: warned of, heard before it is kept, a file like others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys import reporter
from tests.journeys.conftest import launch
from tests.journeys.line import RunningLine
from tests.journeys.test_returning import _kept


@pytest.fixture
def microphone(playwright: Playwright) -> Iterator[Browser]:
    """Yield a browser whose microphone hears a beep."""
    browser = launch(playwright, "--use-fake-device-for-media-stream")
    yield browser
    browser.close()


def _to_voice(page: Page, line: RunningLine) -> None:
    reporter.begin(page, line.url)
    reporter.press(page, "text", "voice")


# What counts is whether the microphone is still open: its tracks say so.
LISTEN_IN = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  globalThis.heard = [];
  navigator.mediaDevices.getUserMedia = async (what) => {
    const stream = await ask(what);
    globalThis.heard.push(...stream.getTracks());
    return stream;
  };
"""


def _open_tracks(page: Page) -> int:
    return int(page.evaluate("heard.filter((track) => track.readyState === 'live').length"))


def test_a_voice_note_is_recorded_kept_and_sent(microphone: Browser, line: RunningLine) -> None:
    line.open_desks()
    context = microphone.new_context(permissions=["microphone"])
    page = context.new_page()
    page.add_init_script(LISTEN_IN)
    _to_voice(page, line)
    shown = reporter.screen(page, "voice")
    expect(shown).to_contain_text("Computers can find out whose it is.")
    keep = shown.locator('[data-action="keep"]')
    expect(keep).to_be_disabled()
    reporter.press(page, "voice", "record")
    expect(shown).to_contain_text("Recording: 0:01", timeout=reporter.SLOW)
    assert _open_tracks(page) == 1
    reporter.press(page, "voice", "record")
    expect(shown).to_contain_text("Recorded: 0:0", timeout=reporter.SLOW)
    assert _open_tracks(page) == 0, "the microphone is let go"
    reporter.press(page, "voice", "listen")
    keep.click()
    expect(reporter.screen(page, "text").locator("[data-added]")).to_have_text("Your voice")
    reporter.press(page, "text", "files")
    files = reporter.screen(page, "files")
    expect(files).to_contain_text("Your voice. Somebody who knows it can recognise it.")
    reporter.looked_into(page, 1)
    expect(files).not_to_contain_text("file.webm")
    reporter.press(page, "files", "next")
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "look")
    review = reporter.screen(page, "review")
    expect(review).to_contain_text("Your voice")
    expect(review).not_to_contain_text("file.webm")
    expect(review).not_to_contain_text("Clean copy")
    reporter.press(page, "review", "send")
    reporter.receipt(page)
    context.close()
    (body,) = _kept(line, "ana", ["report"])
    (file,) = body["files"]
    assert (file["name"], file["type"]) == ("file.webm", "audio/webm")
    assert file["metadata"] == "clean", "without what the browser writes into it"
    assert file["size"] > 500


def test_leaving_while_it_records_lets_go_of_the_microphone(
    microphone: Browser, line: RunningLine
) -> None:
    line.open_desks()
    context = microphone.new_context(permissions=["microphone"])
    page = context.new_page()
    page.add_init_script(LISTEN_IN)
    _to_voice(page, line)
    reporter.press(page, "voice", "record")
    expect(reporter.screen(page, "voice")).to_contain_text("Recording:", timeout=reporter.SLOW)
    # An answer without content leaves the document where it is: what is left of it can be seen.
    page.route("**/measures/", lambda route: route.fulfill(status=204))
    page.locator("[data-exit]").click()
    expect(page.locator("body > *")).to_have_count(0)
    assert _open_tracks(page) == 0
    context.close()


def test_a_microphone_that_is_not_allowed_is_said_so(
    microphone: Browser, line: RunningLine
) -> None:
    line.open_desks()
    context = microphone.new_context(permissions=[])
    page = context.new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('no', 'NotAllowedError'); }"
    )
    _to_voice(page, line)
    reporter.press(page, "voice", "record")
    problem = reporter.screen(page, "voice").locator("[data-problem]")
    expect(problem).to_contain_text("The microphone is off for this browser.")
    reporter.press(page, "voice", "back")
    reporter.screen(page, "text")
    context.close()


def test_where_nothing_can_be_recorded_the_page_says_so_and_offers_the_rest(
    browser: Browser, line: RunningLine
) -> None:
    page = browser.new_page()
    page.add_init_script("delete globalThis.MediaRecorder")
    reporter.begin(page, line.url)
    shown = reporter.screen(page, "text")
    expect(shown.locator('[data-action="voice"]')).to_be_hidden()
    expect(shown).to_contain_text("This browser cannot record. You can write, or add photos")
    expect(shown.locator('[data-action="files"]')).to_be_visible()
    page.close()
