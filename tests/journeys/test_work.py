"""The work that sending costs, in a real browser at a real line's difficulty."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from app.protocol.wire import CHUNK_BYTES
from app.protocol.work import CHUNKS
from tests.journeys import reporter
from tests.journeys.line import REAL_WORK_STEPS, RunningLine, running_line

WORK, MESSAGES = "**/api/v1/work", "**/api/v1/messages?*"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), work_steps=REAL_WORK_STEPS) as started:
        started.open_desks()
        yield started


def test_the_work_is_done_while_one_writes_and_sending_asks_for_none(
    browser: Browser, line: RunningLine
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/v1/work"):
            asked.append(request.url)

    page = browser.new_page()
    page.on("request", note)
    reporter.begin(page, line.url)
    reporter.write(page, ["support"], "Words that cost a little work.")
    assert len(asked) == 1
    page.wait_for_timeout(6_000)  # as somebody looks it over once more
    reporter.press(page, "review", "send")
    assert len(reporter.receipt(page).split()) == 12
    assert len(asked) == 1
    page.close()


def test_work_that_takes_long_is_told_and_work_not_taken_is_done_again(
    browser: Browser, line: RunningLine
) -> None:
    page = browser.new_page()
    held: list[Route] = []
    page.route(WORK, lambda route: held.append(route))
    reporter.begin(page, line.url)
    reporter.write(page, ["support"], "Words that cost a little work.")
    posts: list[str] = []

    def refuse_once(route: Route) -> None:
        posts.append(route.request.headers["quietline-work"])
        if len(posts) > 1:
            route.continue_()
            return
        problem = {"type": "urn:quietline:problem:work-needed"}
        route.fulfill(status=401, content_type="application/problem+json", body=json.dumps(problem))

    page.route(MESSAGES, refuse_once)
    reporter.press(page, "review", "send")
    sending = reporter.screen(page, "sending")
    expect(sending.locator("[data-sending-now]")).to_contain_text(
        "Getting ready", timeout=reporter.SLOW
    )
    page.unroute(WORK)
    held[0].continue_()
    assert len(reporter.receipt(page).split()) == 12
    assert len(posts) > 1
    assert posts[0] not in posts[1:], "it was done again"
    page.close()


def test_who_was_given_much_work_in_a_bad_moment_goes_over_to_less(
    browser: Browser, line: RunningLine
) -> None:
    page = browser.new_page()
    page.clock.install()
    asked: list[str] = []

    def dear_at_first(route: Route) -> None:
        asked.append(route.request.url)
        answer = route.fetch()
        challenge = answer.json()
        if len(asked) == 1:
            challenge["parameters"]["data"]["most"] *= 128
            challenge["parameters"]["keyPrefix"] = "00" * 16  # not to be found by luck
        route.fulfill(response=answer, json=challenge)

    page.route(WORK, dear_at_first)
    reporter.begin(page, line.url)
    reporter.write(page, ["support"], "Words that cost much work.")
    reporter.press(page, "review", "send")
    sending = reporter.screen(page, "sending")
    expect(sending.locator("[data-sending-now]")).to_contain_text(
        "Getting ready", timeout=reporter.SLOW
    )
    page.clock.fast_forward(60_000)
    assert len(reporter.receipt(page).split()) == 12
    assert len(asked) == 2
    page.close()


def test_a_large_file_goes_by_several_answers_and_does_not_wait_for_each(
    browser: Browser, line: RunningLine, tmp_path: Path
) -> None:
    page = browser.new_page()
    seen: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/v1/work?for=chunks"):
            seen.append("asked")
        elif request.method == "PUT":
            seen.append(request.headers["quietline-work"])

    page.on("request", note)
    reporter.begin(page, line.url)
    film = tmp_path / "film.bin"
    film.write_bytes(os.urandom(CHUNK_BYTES * 39))
    reporter.write(page, ["support"], "With a film.", [film])
    reporter.press(page, "review", "send")
    assert len(reporter.receipt(page).split()) == 12
    used = Counter(seen)
    assert used.pop("asked") == 2
    assert sorted(used.values()) == [8, CHUNKS]
    # The next answer is asked for as soon as the first is there.
    assert seen[:3].count("asked") == 2
    page.close()
