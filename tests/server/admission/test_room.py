"""Room for bodies: by what came, taken back from whoever comes most slowly."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from app.server.admission.room import HeldBody, Room
from app.server.responses.problem_details import Problem

pytestmark = pytest.mark.anyio

SIZE = 100_000


class Clock:
    """Seconds that a test turns."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_what_is_only_promised_takes_no_room(clock):
    room = Room(SIZE, clock)
    with ExitStack() as stack:
        for _ in range(10_000):
            stack.enter_context(room.body())
        with room.body() as one:
            one.take(SIZE)
            with room.body() as other, pytest.raises(Problem):
                other.take(1)  # nobody has had time to be slow
        with room.body() as one:
            one.take(SIZE)  # what ended has given everything back


async def comes(held: HeldBody, gate: asyncio.Event, size: int) -> None:
    """Take a part, and wait for more that never comes."""
    async with asyncio.timeout(None) as ends:
        with held.reading(ends):
            held.take(size)
            gate.set()
            await asyncio.Event().wait()


async def test_the_slowest_of_late_makes_room_and_hears_of_it(clock):
    room, gate = Room(SIZE, clock), asyncio.Event()
    with room.body() as burst, room.body() as steady, room.body() as new:
        waiting = asyncio.create_task(comes(burst, gate, 60_000))
        await gate.wait()
        for _ in range(30):  # all of it at once is no pace for long; a little all the time is one
            clock.now += 0.5
            steady.take(1_000)
        new.take(20_000)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 60)
        assert waiting.done()
        assert (burst.size, steady.size, new.size) == (0, 30_000, 20_000)
        new.take(50_000)
        clock.now += 10
        with pytest.raises(Problem):
            steady.take(1)  # it is now the slowest itself


async def test_what_came_whole_is_kept_until_it_is_stored(clock):
    room = Room(SIZE, clock)
    with room.body() as whole, room.body() as other:
        with whole.reading(asyncio.timeout(None)):
            whole.take(SIZE)
        clock.now += 60
        with pytest.raises(Problem):
            other.take(1)
        assert whole.size == SIZE
