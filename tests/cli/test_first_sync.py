"""A vault's first sync waits for a line that Tor does not find yet."""

from __future__ import annotations

import asyncio

import pytest

from app.cli.console.first_sync import until_reached
from app.client.line_errors import LineRefused, Unreachable
from app.console.sync.outcome import SyncReport


class Line:
    """A line that answers from some moment on, whose address for keys does later."""

    def __init__(self, there_at: int, keys_at: int) -> None:
        self.there_at, self.keys_at = there_at, keys_at
        self.now = 0.0

    async def sync(self) -> SyncReport:
        if self.now < self.there_at:
            raise Unreachable("The line cannot be reached.")
        return SyncReport(keys_not_taken=self.now < self.keys_at)

    async def pause(self, seconds: float) -> None:
        self.now += seconds

    def synced(self, seconds: int) -> SyncReport:
        waiting = until_reached(self.sync, seconds, pause=self.pause, clock=lambda: self.now)
        return asyncio.run(waiting)


def test_it_goes_on_as_soon_as_the_line_and_its_keys_address_are_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = Line(there_at=40, keys_at=90)
    assert not line.synced(300).keys_not_taken
    assert line.now == 90
    assert capsys.readouterr().err.count("cannot be reached yet") == 1


def test_it_ends_when_its_time_is_over_and_says_why() -> None:
    line = Line(there_at=400, keys_at=400)
    with pytest.raises(Unreachable):
        line.synced(300)
    assert 300 <= line.now < 400
    late = Line(there_at=0, keys_at=400)
    assert late.synced(300).keys_not_taken, "the report says it, and the command ends with 1"
    now = Line(there_at=10, keys_at=10)
    with pytest.raises(Unreachable):
        now.synced(0)
    assert now.now == 0


def test_a_line_that_answers_no_is_not_asked_again() -> None:
    async def refused() -> SyncReport:
        raise LineRefused("gone", 410, "Gone.")

    with pytest.raises(LineRefused):
        asyncio.run(until_reached(refused, 300))
