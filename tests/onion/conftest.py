"""One private Tor network and one line behind its onions for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.onion.line import OnionLine, running_line


@pytest.fixture(scope="session")
def line() -> Iterator[OnionLine]:
    with running_line() as started:
        yield started


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started
