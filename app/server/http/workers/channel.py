"""Questions and answers between two processes, over one end of a socket pair.

A frame is ``u32 length of the head ‖ u32 length of the body ‖ head ‖ body``; the head is JSON. A
question has a number and what it asks (``do``); its answer has that number. What has the number 0
is news, wants no answer and is taken in the order in which it came.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from app.server.chunks import BlobsAway, BlobsFull
from app.server.logs import say
from app.server.storage.failures import BundlesFull, DiskFull, SlotsFull, StorageError

_SIZES = struct.Struct(">II")
_FAILURES = {
    one.__name__: one
    for one in (SlotsFull, BundlesFull, DiskFull, StorageError, BlobsFull, BlobsAway)
}
"""Failures that an answer can be."""


class Gone(Exception):
    """The other process is not there any more."""


class Failed(Exception):
    """The other process failed at this, for a reason that is in its log."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What travels: a few named values, and bytes."""

    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


Answering = Callable[[Frame], Awaitable[Frame]]
"""Answers a question. May raise what ``_FAILURES`` lists."""


class Channel:
    """One end. ``news`` takes what wants no answer; ``ended`` is set when the other end is gone."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._numbers = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Frame]] = {}
        self._answering: set[asyncio.Task[None]] = set()
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()

    async def open(
        self, answer: Answering | None = None, news: Callable[[Frame], None] = lambda _: None
    ) -> None:
        """Begin to listen."""
        reader, self._writer = await asyncio.open_unix_connection(sock=self._end)
        self._listening = asyncio.create_task(self._listen(reader, answer, news))

    async def ask(self, do: str, body: bytes = b"", **values: Any) -> Frame:
        """Return the answer to a question. Raises what it failed with, Failed, Gone."""
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        self._pending[number] = future
        try:
            self._send(Frame({"n": number, "do": do} | values, body))
            answer: Frame = await future
        finally:
            del self._pending[number]
        if (failure := answer.head.get("failed")) is not None:
            raise _FAILURES.get(failure, Failed)(*answer.head["words"])
        return answer

    def tell(self, do: str, body: bytes = b"", **values: Any) -> None:
        """Give news, if the other end is still there."""
        with suppress(Gone):
            self._send(Frame({"n": 0, "do": do} | values, body))

    async def close(self) -> None:
        """Let go of the other end, after what is being answered."""
        await asyncio.gather(*self._answering, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()
        if self._listening is not None:
            await self._listening

    def _send(self, frame: Frame) -> None:
        if self._writer is None or self.ended.is_set() or self._writer.is_closing():
            raise Gone
        head = json.dumps(frame.head).encode()
        self._writer.writelines((_SIZES.pack(len(head), len(frame.body)), head, frame.body))

    async def _listen(
        self,
        reader: asyncio.StreamReader,
        answer: Answering | None,
        news: Callable[[Frame], None],
    ) -> None:
        try:
            while True:
                sizes = _SIZES.unpack(await reader.readexactly(_SIZES.size))
                head = json.loads(await reader.readexactly(sizes[0]))
                frame = Frame(head, await reader.readexactly(sizes[1]))
                if "do" not in head:
                    if (future := self._pending.get(head["n"])) is not None and not future.done():
                        future.set_result(frame)
                elif head["n"] == 0:
                    news(frame)
                elif answer is not None:
                    task = asyncio.create_task(self._answer(answer, frame))
                    self._answering.add(task)
                    task.add_done_callback(self._answering.discard)
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            self.ended.set()
            for future in self._pending.values():
                if not future.done():
                    future.set_exception(Gone())
            if self._writer is not None:
                self._writer.close()

    async def _answer(self, answer: Answering, question: Frame) -> None:
        number = question.head["n"]
        try:
            said = await answer(question)
            frame = Frame({"n": number} | said.head, said.body)
        except tuple(_FAILURES.values()) as error:
            words = [str(word) for word in error.args]
            frame = Frame({"n": number, "failed": type(error).__name__, "words": words})
        except Exception as error:
            say(logging.ERROR, "request-failed", error=error)
            frame = Frame({"n": number, "failed": Failed.__name__, "words": []})
        with suppress(Gone):
            self._send(frame)
