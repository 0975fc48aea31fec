"""Reading together: what is asked for while others are read is read next, with what came since.

The database is read in a thread, so that a slow disk keeps no other caller waiting. The way there
and back costs several times what a read does, most of all where many threads want the interpreter:
so one goes, for all.
"""

from __future__ import annotations

import asyncio

from app.server.storage.database import Storage

GROUP = 64
"""Most messages read at once: 1.3 MB."""

Waiting = tuple[bytes, asyncio.Future[tuple[bool, bytes]]]


class Reading:
    """The messages of one database, for one event loop."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._waiting: list[Waiting] = []
        self._under_way: asyncio.Task[None] | None = None

    async def read(self, message_id: bytes) -> tuple[bool, bytes]:
        """Return whether the 16-byte id is a message's, and an envelope read in either case.

        Raises StorageError.
        """
        future: asyncio.Future[tuple[bool, bytes]] = asyncio.get_running_loop().create_future()
        self._waiting.append((message_id, future))
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._all())
        return await future

    async def _all(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                await self._together(group)
        finally:
            self._under_way = None

    async def _together(self, group: list[Waiting]) -> None:
        try:
            found = await asyncio.to_thread(self.storage.read, [id_ for id_, _ in group])
        except Exception as error:
            for _, future in group:
                if not future.done():  # who asked may have gone
                    future.set_exception(error)
            return
        for (_, future), one in zip(group, found, strict=True):
            if not future.done():
                future.set_result(one)
