"""A console of a desk of two, and a machine that may sleep."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from app.console.vault.installation import owner
from app.protocol.directory import open_directory
from tests.console.browser import Browser
from tests.console.running_line import Line
from tests.console.web.alarm.alarmed import console_of


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    still.enrol("ben", ["support"])
    file = still.publish()
    async with console_of(still) as one:
        with one.console.vault.write() as tx:
            version = open_directory(file, still.line_id).version
            owner.store_directory(tx, version, file, still.now)
        yield one


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return for how long the machine has slept, in seconds: its first member may be set."""
    seconds = [0.0]
    boot, told = time.CLOCK_BOOTTIME, time.clock_gettime
    monkeypatch.setattr(
        time, "clock_gettime", lambda clock: told(clock) + (seconds[0] if clock == boot else 0)
    )
    return seconds
