"""The slow part runs beside the page: it always answers a touch, and what it knew ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cli.demo.children import PROGRAM
from tests.journeys import interception, reporter, tasks
from tests.journeys.line import REAL_WORK_STEPS, RunningLine, running_line

CODE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
SMOOTH_MICROSECONDS = 150_000
"""Of the thread's own time, which others hardly stretch: alone it takes a tenth of that at most."""
CHECK_MICROSECONDS = 250_000
"""What 1,024 rows cost more than, wherever they are solved."""


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    # With challenge sets as large as a real line's: what they take is looked at; and its work.
    folder = tmp_path_factory.mktemp("line")
    with running_line(folder, program=PROGRAM, work_steps=REAL_WORK_STEPS) as line:
        line.open_desks()
        yield line


def _check(page: Page, line: RunningLine) -> None:
    reporter.come_back(page, line.url, CODE)
    reporter.screen(page, "answers")


def test_a_check_leaves_the_page_free(browser: Browser, open_line: RunningLine) -> None:
    page = browser.new_page()
    page.goto(f"{open_line.url}/en/")
    reporter.press(page, "safety", "return")
    reporter.screen(page, "code").locator("textarea").fill(CODE)
    tasks.begin(browser, page)
    reporter.press(page, "code", "check")
    reporter.screen(page, "answers")
    ran = tasks.by_thread(browser)
    assert len(page.workers) == 1
    page.close()
    assert len(ran[tasks.MAIN]) > 20, "the trace has the page's tasks"
    assert max(ran[tasks.MAIN]) < SMOOTH_MICROSECONDS
    assert sum(ran[tasks.WORKER]) > CHECK_MICROSECONDS, "the rows are solved beside the page"


def test_the_worker_ends_when_the_page_is_left_and_when_it_rests(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    page.clock.install()
    _check(page, open_line)
    (worker,) = page.workers
    with worker.expect_event("close"):
        page.clock.fast_forward(61_000)
    reporter.press(page, "answers", "look-again")
    reporter.screen(page, "checking")
    reporter.screen(page, "answers")
    (worker,) = page.workers
    # An answer without content leaves the document where it is: the worker ends all the same.
    page.route("**/measures/", lambda route: route.fulfill(status=204))
    with worker.expect_event("close"):
        page.locator("[data-exit]").click()
    page.close()


def test_where_there_are_no_workers_the_page_does_it_itself(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    page = browser.new_page()
    interception.from_the_start(page)
    page.add_init_script("delete globalThis.Worker")
    reporter.begin(page, open_line.url)
    (tmp_path / "notes.bin").write_bytes(b"a file of one chunk")
    reporter.write(page, ["support"], "Written without a worker.", [tmp_path / "notes.bin"])
    page.route("**/api/v1/chunks/*", lambda route: route.fulfill(status=507))
    reporter.press(page, "review", "send")
    problem = reporter.screen(page, "sending").locator("[data-problem]")
    expect(problem).to_contain_text("no room for files", timeout=reporter.SLOW)
    page.unroute("**/api/v1/chunks/*")
    reporter.press(page, "sending", "again")
    code = reporter.receipt(page)
    reporter.come_back(page, open_line.url, code)
    reporter.screen(page, "answers")
    assert page.workers == []
    page.close()


def _back_to_the_start(page: Page) -> None:
    questions = [f"question-{name}" for name in ("under_18", "safe_to_reply", "danger_now")]
    for name in ("desks", "more", *questions, "text"):
        reporter.press(page, name, "back")


def test_a_network_that_is_gone_for_a_moment_costs_no_part_of_the_page(
    browser: Browser, open_line: RunningLine
) -> None:
    context = browser.new_context()
    page = context.new_page()
    for part in ("**/assets/core.js*", "**/assets/later.js*", "**/assets/more.js*", "**/en/later/"):
        context.route(part, lambda route: route.abort())
    page.goto(f"{open_line.url}/en/")
    reporter.press(page, "safety", "return")
    told = page.locator("[data-insecure]")
    expect(told).to_contain_text("We cannot be reached now", timeout=reporter.SLOW)
    reporter.press(page, "safety", "write")
    reporter.skip_questions(page)
    problem = reporter.screen(page, "desks").locator("[data-problem]")
    expect(problem).to_contain_text("We cannot be reached now", timeout=reporter.SLOW)
    context.unroute("**/en/later/")
    _back_to_the_start(page)
    reporter.press(page, "safety", "return")
    expect(told).to_contain_text("We cannot be reached now", timeout=reporter.SLOW)
    reporter.press(page, "safety", "write")
    for part in ("**/assets/core.js*", "**/assets/later.js*", "**/assets/more.js*"):
        context.unroute(part)
    reporter.skip_questions(page)
    expect(page.locator('[data-desk="support"]')).to_be_visible(timeout=reporter.SLOW)
    _back_to_the_start(page)
    reporter.press(page, "safety", "return")
    reporter.screen(page, "code").locator("textarea").fill(CODE)
    reporter.press(page, "code", "check")
    reporter.screen(page, "answers")
    context.close()
