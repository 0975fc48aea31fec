"""The work that sending costs, in a real browser at a real line's difficulty."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, Request, Route, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine

WORK, MESSAGES = "**/api/v1/work", "**/api/v1/messages?*"


def test_the_work_is_done_while_one_writes_and_sending_asks_for_none(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
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
    line.open_desks()
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
    expect(sending.locator("[data-sending-now]")).to_contain_text("puzzle", timeout=reporter.SLOW)
    page.unroute(WORK)
    held[0].continue_()
    assert len(reporter.receipt(page).split()) == 12
    assert len(posts) > 1
    assert posts[0] not in posts[1:], "it was done again"
    page.close()
