"""Messages read together: each reader gets its own, whoever else leaves or fails."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from app.server.messages.grouped_reads import GROUP, Reading
from app.server.storage.failures import StorageError

pytestmark = pytest.mark.anyio


class Slow:
    """A database whose first read waits until it is told to go on."""

    def __init__(self) -> None:
        self.reads: list[int] = []
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self.fails = False

    def read(self, message_ids: Sequence[bytes]) -> list[tuple[bool, bytes]]:
        self.reads.append(len(message_ids))
        self.begun.set()
        self.go_on.wait(60)
        if self.fails:
            raise StorageError("The database did not answer.")
        return [(True, id_ * 2) for id_ in message_ids]


@pytest.fixture
def slow() -> Any:
    return Slow()


async def _asked(reading: Reading, slow: Slow, count: int) -> dict[bytes, asyncio.Task[Any]]:
    ids = [os.urandom(16) for _ in range(count)]
    tasks = {id_: asyncio.create_task(reading.read(id_)) for id_ in ids}
    await asyncio.to_thread(slow.begun.wait, 60)
    return tasks


async def test_those_who_ask_meanwhile_are_read_together_and_get_their_own(slow: Any) -> None:
    reading = Reading(slow)
    first = await _asked(reading, slow, 1)
    later = await _asked(reading, slow, GROUP + 3)
    slow.go_on.set()
    for id_, task in (first | later).items():
        assert await task == (True, id_ * 2)
    assert slow.reads == [1, GROUP, 3]
    assert await reading.read(b"again" * 3 + b".") == (True, (b"again" * 3 + b".") * 2)


async def test_who_leaves_takes_nobody_along(slow: Any) -> None:
    reading = Reading(slow)
    tasks = await _asked(reading, slow, 3)
    (_, gone), *others = tasks.items()
    gone.cancel()
    slow.go_on.set()
    async with asyncio.timeout(60):
        for id_, task in others:
            assert await task == (True, id_ * 2)
    assert gone.cancelled()


async def test_a_database_that_fails_is_told_to_each_and_asked_again(slow: Any) -> None:
    reading = Reading(slow)
    slow.fails = True
    slow.go_on.set()
    async with asyncio.timeout(60):
        for task in (await _asked(reading, slow, 2)).values():
            with pytest.raises(StorageError):
                await task
    slow.fails = False
    assert (await reading.read(os.urandom(16)))[0]
