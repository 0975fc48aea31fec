"""What a slow phone has to load, compressed, as it comes over the wire.

Chromium asks for Brotli over https and on this machine; on an onion's plain http browsers ask for
gzip alone, and get a seventh more.
"""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine

FIRST_SCREEN_BYTES = 20_000
FIRST_SCREEN_REQUESTS = 2
WHOLE_WAY_BYTES = 75_000
"""Code and content until the code is shown, its word list among it."""
WHOLE_WAY_REQUESTS = 8
CODE = {
    "/assets/site.css",
    "/assets/app.js",
    "/assets/shared.js",
    "/assets/core.js",
    "/assets/core-shared.js",
}
ENGLISH = "/assets/words-english.txt"


class Wire:
    """What a page loads: sizes of code and content, and how often the line is asked for what."""

    def __init__(self, page: Page, line: RunningLine, encoding: str) -> None:
        self.loaded: dict[str, int] = {}
        self.asked: Counter[str] = Counter()
        self.late = 0
        """Reports that came after their epoch, as on a busy machine, and were sealed once more."""
        self._line = line
        self._encoding = encoding
        page.on("response", self._received)

    def _received(self, response: Response) -> None:
        """Count the bodies; headers are the server's matter."""
        path = response.url.removeprefix(self._line.url).partition("?")[0]
        if path.startswith("/api/"):
            self.asked[f"{response.request.method} {path}"] += 1
            self.late += response.status == 409
            return
        assert response.headers["content-encoding"] == self._encoding
        self.loaded[path] = int(response.headers["content-length"])


def _send(page: Page, line: RunningLine, language: str) -> None:
    reporter.begin(page, line.url, language)
    reporter.write(page, ["support"], "A few words.")
    reporter.press(page, "review", "send")
    assert reporter.receipt(page)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_the_first_screen_and_the_whole_way_to_sent_stay_small(
    browser: Browser, shared_line: RunningLine, encoding: str
) -> None:
    context = browser.new_context(extra_http_headers={"Accept-Encoding": encoding})
    page = context.new_page()
    wire = Wire(page, shared_line, encoding)
    _send(page, shared_line, "en")
    context.close()

    loaded = wire.loaded
    first = {path: size for path, size in loaded.items() if path in ("/en/", "/assets/site.css")}
    assert len(first) == FIRST_SCREEN_REQUESTS
    assert 10_000 < sum(first.values()) <= FIRST_SCREEN_BYTES, first
    assert len(loaded) <= WHOLE_WAY_REQUESTS, loaded
    assert 50_000 < sum(loaded.values()) <= WHOLE_WAY_BYTES, loaded
    assert set(loaded) == {"/en/", ENGLISH, *CODE}, "nothing that the way does not need"
    # What the desks were chosen from is not fetched again; the bundles of the hour are.
    assert wire.asked == {
        "GET /api/v1/directory": 1,
        "GET /api/v1/bundles": 2 + wire.late,
        "GET /api/v1/work": 1,
        "POST /api/v1/messages": 1 + wire.late,
    }


# What every visit fetches after a while (idle.js) is not counted, however slow the machine is.
NEVER_IDLE = """() => {
  const start = setTimeout;
  globalThis.setTimeout = (what, ms, ...more) => (ms < 15_000 ? start(what, ms, ...more) : 0);
}"""


def test_who_answers_every_further_question_loads_no_more_than_the_whole_way_may(
    browser: Browser, shared_line: RunningLine
) -> None:
    context = browser.new_context(extra_http_headers={"Accept-Encoding": "br"})
    page = context.new_page()
    page.add_init_script(f"({NEVER_IDLE})()")
    wire = Wire(page, shared_line, "br")
    reporter.begin(page, shared_line.url)
    reporter.screen(page, "text").locator("textarea").fill("A few words.")
    reporter.press(page, "text", "next")
    asked = []
    while (at := str(page.evaluate("document.body.dataset.at"))) != "desks":
        asked.append(at)
        reporter.press(page, at, "next")
        page.wait_for_function("(at) => document.body.dataset.at !== at", arg=at)
    assert len(asked) > 15
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "next")
    assert reporter.receipt(page)
    context.close()
    assert "/en/later/" in wire.loaded
    assert len(wire.loaded) <= WHOLE_WAY_REQUESTS, wire.loaded
    assert 50_000 < sum(wire.loaded.values()) <= WHOLE_WAY_BYTES, wire.loaded


def test_english_words_come_to_a_language_without_a_list_only_if_they_are_asked_for(
    browser: Browser, shared_line: RunningLine
) -> None:
    page = browser.new_page()
    page.add_init_script(f"({NEVER_IDLE})()")
    wire = Wire(page, shared_line, "br")
    _send(page, shared_line, "ar")
    assert set(wire.loaded) == {"/ar/", *CODE}
    shown = reporter.screen(page, "receipt")
    shown.locator('[data-action="as-words"]').click()
    expect(shown.locator("[data-receipt] li")).to_have_count(12)
    expect(shown.locator("[data-receipt-numbers]")).to_be_hidden()
    assert ENGLISH in wire.loaded
    page.close()
