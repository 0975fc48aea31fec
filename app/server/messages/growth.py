"""More room when more than half is used: slots for messages, slots for chunks.

In small steps between the writes of others, in the background, never on a request.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.server.chunks import BlobsAway, BlobsFull, BlobStore
from app.server.logs import Alarm, say
from app.server.messages.group_commit import GroupCommit
from app.server.storage.database import Storage
from app.server.storage.failures import StorageError


class Growth:
    """Doubles the message slots up to a cap, and lets the store of chunks make its own room.

    At the cap new messages are refused, none is evicted.
    """

    def __init__(
        self, storage: Storage, group_commit: GroupCommit, blobs: BlobStore, cap: int
    ) -> None:
        self._storage = storage
        self._group_commit = group_commit
        self._blobs = blobs
        self._cap = cap
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._alarm = Alarm("chunk-slots-not-grown")

    async def make(self, slots: int) -> None:
        """Make slots until there are at least so many; each step is in service at once."""
        made = 0
        while made < slots:
            made = await self._group_commit.submit(lambda writer: writer.grow(slots))
            await self._group_commit.alone(self._storage.open)

    def check(self) -> None:
        """Begin to make more room, in the background, where that is due."""
        size = self._storage.size
        if self._storage.used * 2 > size and size < self._cap:
            self._begin("slots", lambda: self._double(2 * size))
        if self._blobs.is_crowded():
            self._begin("chunks", self._more_for_chunks)

    async def settled(self) -> None:
        """Wait until no slots are being made."""
        await asyncio.gather(*self._tasks.values())

    async def close(self) -> None:
        """Stop growing; the next check goes on from there."""
        for task in (tasks := list(self._tasks.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        if what in self._tasks:
            return

        async def run() -> None:
            try:
                await work()
            finally:
                del self._tasks[what]

        self._tasks[what] = asyncio.create_task(run(), name=f"quietline-growth-{what}")

    async def _double(self, slots: int) -> None:
        try:
            await self.make(slots)
            say(logging.INFO, "slots-grown", slots=slots)
        except StorageError as error:
            say(logging.ERROR, "slots-not-grown", error=error)

    async def _more_for_chunks(self) -> None:
        try:
            while await asyncio.to_thread(self._blobs.grow):
                pass
            self._alarm.clear()
        except (BlobsAway, BlobsFull):
            self._alarm.ring(reason="The disk is full or cannot be written.")
