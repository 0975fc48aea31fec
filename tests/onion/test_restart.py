"""Tor stops in mid-upload, at either end, and starts again: nothing typed or sent is lost."""

from __future__ import annotations

import hashlib
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Playwright, Response, expect

from app.protocol.attachments import chunk_count
from tests.journeys import reporter
from tests.journeys.pictures import photograph
from tests.onion import desk, visitors
from tests.onion.line import OnionLine
from tests.onion.process import until

_BACK_WITHIN = 400
"""Seconds: a Tor may look for an onion at its old places for two minutes, more than once."""
TEXT = "He took the keys. I write this while he is out."


def test_tor_started_again_in_mid_upload_costs_no_word_and_no_chunk(
    line: OnionLine, playwright: Playwright, tmp_path: Path
) -> None:
    photo = photograph(tmp_path / "photo.jpg")
    stored: Counter[str] = Counter()

    def count(answer: Response) -> None:
        if answer.request.method == "PUT" and answer.ok:
            stored[answer.url] += 1

    with visitors.secure_chromium(line, playwright) as visitor:
        page = visitor.page
        page.on("response", count)
        visitor.write(TEXT, tmp_path / "photo.jpg")
        reporter.press(page, "review", "send")

        _go_on_until(page, lambda: len(stored) >= 3, "the upload does not begin")
        line.host.stop(signal.SIGTERM)  # the page waits; its Tor looks for the onion
        line.start_onions()
        _go_on_until(page, lambda: len(stored) >= 7, "no chunk arrives after Tor is back")

        line.tors["reporter"].stop()
        _stopped_with_words(page)
        line.tors["reporter"].start()
        line.tors["reporter"].wait()
        line.wait_until_reached("reporter")
        reporter.press(page, "sending", "again")
        reporter.receipt(page)

    message = desk.wait_for(line, "ana", TEXT)
    found = desk.file_hashes(line, "ana", message.case)
    assert found == [hashlib.sha256(photo).hexdigest()]
    assert set(stored.values()) == {1}, "a chunk that was stored was sent again"
    assert len(stored) >= chunk_count(len(photo)) - 6, "beyond those whose answer was cut off"


def _go_on_until(page: Page, arrived: Callable[[], bool], what: str) -> None:
    """Press "Try again" whenever it is offered, until so many chunks have arrived."""
    again = page.locator('section[data-step="sending"] [data-action="again"]')

    def look() -> bool:
        page.wait_for_timeout(20)  # lets the browser's driver tell what happened
        if again.is_visible():
            again.click()
        return arrived()

    until(_BACK_WITHIN, what, look)


def _stopped_with_words(page: Page) -> None:
    """Expect that the page says that it stopped, and offers to go on."""
    shown = reporter.screen(page, "sending")
    expect(shown.locator("[data-problem]")).not_to_be_empty(timeout=reporter.SLOW)
    expect(shown.locator('[data-action="again"]')).to_be_visible(timeout=reporter.SLOW)
