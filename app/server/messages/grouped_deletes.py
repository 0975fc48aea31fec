"""Deleting together: one change of the database for all who ask meanwhile, and so many a second.

Deleting asks for no work, and what is not there must cost the server and the asker what something
that is there does. So a change overwrites the slots of the messages that it finds, or one that is
free if it finds none; and when many have been made of late, the next waits, and takes along what
is asked until then. Whoever floods with ids that no message has makes the disk write no more than
that, and keeps no caller from deleting: all of a change are answered together, once it is durable.
"""

from __future__ import annotations

import asyncio

from app.server.messages.group_commit import GroupCommit

TURN_SECONDS = 0.1
"""From change to change, where many have been made of late..."""
AT_ONCE = 300
"""...which is more than so many: a console deletes one after the other what it has read."""
MOST = 256
"""Deletions in one change, so that no caller waits long for the database."""

Waiting = tuple[bytes, asyncio.Future[None]]


class Deleting:
    """The deletions of one database, for one event loop."""

    def __init__(self, group_commit: GroupCommit) -> None:
        self._group_commit = group_commit
        self._due = 0.0
        self._waiting: list[Waiting] = []
        self._under_way: asyncio.Task[None] | None = None

    async def delete(self, message_id: bytes) -> None:
        """Delete a message by its 16-byte id, if it is there; return when that is durable.

        Raises StorageError.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((message_id, future))
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._all())
        await future

    async def _all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                now = loop.time()
                self._due = max(self._due, now) + TURN_SECONDS
                await asyncio.sleep(max(0.0, self._due - now - AT_ONCE * TURN_SECONDS))
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._together(group)
        finally:
            self._under_way = None

    async def _together(self, group: list[Waiting]) -> None:
        ids = [id_ for id_, _ in group]
        try:
            await self._group_commit.submit(lambda writer: writer.forget(ids))
        except Exception as error:
            for _, future in group:
                if not future.done():  # who asked may have gone
                    future.set_exception(error)
            return
        for _, future in group:
            if not future.done():
                future.set_result(None)
