"""Whoever takes the device right after "Leave this page": no page's process holds the visit."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.console import memory
from tests.journeys import left_memory, reporter
from tests.journeys.left_memory import TEXT, held, needles
from tests.journeys.line import RunningLine
from tests.onion.process import until

PAGES = ("renderer", "tab")
"""What chromium and Firefox call the processes that show pages."""


@pytest.mark.skipif(not memory.can_read_others(), reason="only root may read a process's memory")
@pytest.mark.parametrize("browser", left_memory.BROWSERS)
def test_the_process_of_the_page_ends_with_all_it_held(
    browser: str, shared_line: RunningLine, playwright: Playwright
) -> None:
    with left_memory.hands(browser, playwright) as on:
        wanted = needles(left_memory.report(on, shared_line.url), TEXT)

        def pages_that_hold() -> list[str]:
            return [name for name, found in held(wanted, PAGES).items() if found]

        before = [Path(f"/proc/{name.split()[1]}") for name in pages_that_hold()]
        assert before, "what was written is found while it is there"
        on.click("[data-exit]")
        until(
            reporter.SLOW / 1_000,
            "the page's process stays",
            lambda: not any(one.exists() for one in before),
        )
        assert pages_that_hold() == []
        assert str(on.value("() => document.title")) == "Kitchen measures"
