"""Debian's chromium, and a running line, for the journeys.

Playwright keeps an event loop in its thread, so it ends with each module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.journeys.line import RunningLine, running_line
from tests.onion.process import needed

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # tests may run as root in a container; the pages are our own
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WATCHED = "WATCH"
"""In the environment: the browser has a window, and rests so many milliseconds after each step."""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


def launch(
    playwright: Playwright,
    *arguments: str,
    env: dict[str, str] | None = None,
    programs: Sequence[str] = ("chromium-headless-shell", "chromium"),
) -> Browser:
    """Start Debian's chromium; skip where there is none, which under CI is a failure.

    It is the one without windows, where that is installed: the same engine for half of the work.
    ``programs`` names others, for what only the whole browser does. With ``WATCH`` it is the whole
    browser, in a window.
    """
    rest = os.environ.get(WATCHED)
    return playwright.chromium.launch(
        executable_path=needed(*(("chromium",) if rest else programs)),
        args=[*CHROMIUM_ARGUMENTS, *arguments],
        env=env,
        headless=not rest,
        slow_mo=float(rest) if rest else None,
    )


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = launch(playwright)
    yield started
    started.close()


@pytest.fixture
def line(tmp_path: Path) -> Iterator[RunningLine]:
    """Return a line of one test's own."""
    with running_line(tmp_path / "line") as started:
        yield started


@pytest.fixture(scope="module")
def shared_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    """Return a line whose desks are open, for tests that what others sent does not disturb."""
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as started:
        started.open_desks()
        yield started
