"""Writing to ten investigators, and coming back, with JIT and WebAssembly off (Tor's Safer)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Playwright, expect

from app.cli.demo.reports import POLICE, SUPPORT
from tests.journeys import reporter
from tests.journeys.conftest import launch
from tests.journeys.line import REAL_WORK_STEPS, running_line

TEN = tuple(
    (f"machine{i}", f"Investigator {i}", (SUPPORT,) if i % 2 else (SUPPORT, POLICE))
    for i in range(10)
)


def test_the_page_works_without_jit(playwright: Playwright, tmp_path: Path) -> None:
    browser = launch(playwright, "--js-flags=--jitless")
    try:
        with running_line(
            tmp_path / "line", investigators=TEN, work_steps=REAL_WORK_STEPS, epoch_seconds=8
        ) as line:
            line.open_desks()
            page = browser.new_page()
            page.goto(line.url)
            assert page.evaluate("typeof WebAssembly") == "undefined"
            reporter.begin(page, line.url)
            reporter.write(page, ["support", "police"], "Written without JIT.")
            reporter.press(page, "review", "send")
            code = reporter.receipt(page)
            reporter.come_back(page, line.url, code)
            answers = reporter.screen(page, "answers")
            expect(answers.locator("[data-answer]")).to_have_count(0)
            page.close()
            line.sync("machine0")
    finally:
        browser.close()
