"""A helper's end: what routes need of a server, asked of the keeper."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from app.protocol.wire import Bundle
from app.server.admission.difficulty import Kept
from app.server.admission.gate import Gate
from app.server.admission.spent_work import SharedStore, StoreDown
from app.server.chunks import BlobsAway
from app.server.epochs.served import Epoch, Served
from app.server.epochs.signed_directory import PublishedDirectory, Refused, check_directory
from app.server.epochs.signed_site import Site, read_site
from app.server.http.services import Services
from app.server.http.workers.channel import Channel, Frame, Gone
from app.server.settings import Settings
from app.server.storage.database import Job, Stored
from app.server.storage.failures import StorageError

_STOPPING = "The server is stopping."


class Blocking:
    """Asks for threads, which wait for the answer; the channel lives in the event loop."""

    def __init__(self, channel: Channel, loop: asyncio.AbstractEventLoop) -> None:
        self._channel = channel
        self._loop = loop

    def ask(self, do: str, body: bytes = b"", **values: Any) -> Frame:
        """Return the answer. Raises Gone, and what the question failed with."""
        answer = self._channel.ask(do, body, **values)
        return asyncio.run_coroutine_threadsafe(answer, self._loop).result()


class Messages:
    """Finds messages."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def read(self, message_id: bytes) -> tuple[bool, bytes]:
        """Return whether the 16-byte id is a message's, and an envelope read in either case."""
        try:
            answer = await self._channel.ask("read", id=message_id.hex())
        except Gone:
            raise StorageError(_STOPPING) from None
        return answer.head["found"], answer.body


class Taken:
    """How much room is taken: what the keeper said last, with an epoch or on storing something."""

    def __init__(self) -> None:
        self.kept = Kept()

    def hear(self, answer: Frame) -> None:
        """Learn it from an answer that says so."""
        self.kept = Kept(answer.head["messages"], answer.head["chunks"])


class Attachments:
    """Keeps chunks. Used from worker threads."""

    def __init__(self, asking: Blocking, taken: Taken) -> None:
        self._asking = asking
        self._taken = taken

    def put(self, chunk_id: str, chunk: bytes, expires_day: int) -> bool:
        """Store a chunk durably; False if the id exists, which stays as it is."""
        answer = self._ask("put_chunk", chunk, id=chunk_id, day=expires_day)
        self._taken.hear(answer)
        return bool(answer.head["created"])

    def get(self, chunk_id: str) -> bytes | None:
        """Return a chunk, or None."""
        answer = self._ask("get_chunk", id=chunk_id)
        return answer.body if answer.head["found"] else None

    def has(self, chunk_id: str) -> bool:
        """Say whether there is such a chunk."""
        return bool(self._ask("has_chunk", id=chunk_id).head["found"])

    def _ask(self, do: str, body: bytes = b"", **values: Any) -> Frame:
        try:
            return self._asking.ask(do, body, **values)
        except Gone:
            raise BlobsAway(_STOPPING) from None


class Note:
    """Notes down what a job wants of the Writer, instead of doing it: one call for each job."""

    def __init__(self) -> None:
        self.do = ""
        self.body = b""
        self.values: dict[str, Any] = {}

    def put(self, messages: Sequence[Stored]) -> None:
        """Store a batch."""
        self.do, self.body = "put", b"".join(one.envelope for one in messages)
        self.values = {"days": [one.expires_day for one in messages]}

    def add_bundles(self, vk: bytes, new: Sequence[Bundle]) -> None:
        """Store an investigator's verified bundles."""
        self.do, self.body = "add_bundles", b"".join(one.serialise() for one in new)
        self.values = {"vk": vk.hex()}


class Changes:
    """Changes the database, by the keeper's hand."""

    def __init__(self, channel: Channel, taken: Taken) -> None:
        self._channel = channel
        self._taken = taken

    async def submit(self, job: Job) -> None:
        """Return once a job is durable. Raises SlotsFull, StorageError."""
        note: Any = Note()
        job(note)
        try:
            answer = await self._channel.ask(note.do, note.body, **note.values)
        except Gone:
            raise StorageError(_STOPPING) from None
        if note.do == "put":
            self._taken.hear(answer)

    async def delete(self, message_id: bytes) -> None:
        """Delete a message by its 16-byte id, if it is there, durably. Raises StorageError."""
        try:
            await self._channel.ask("forget", id=message_id.hex())
        except Gone:
            raise StorageError(_STOPPING) from None

    def check(self) -> None:
        """Do nothing: room is made by the keeper, which looks after each change."""


class Count:
    """What all processes of this machine have spent, counted by the keeper."""

    is_up = True

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def spend(self, nonce: bytes, uses: int, expires: int) -> bool:
        """Take one of an answer's ``uses``; False if none is left. Raises StoreDown."""
        answer = await self._ask("spend", nonce=nonce.hex(), uses=uses, expires=expires)
        return bool(answer.head["well"])

    async def give_back(self, nonce: bytes) -> None:
        """Return a use that bought nothing. Raises StoreDown."""
        await self._ask("give_back", nonce=nonce.hex())

    async def take(self, what: str, per_second: float) -> bool:
        """Take one of the machine's budget of ``what``. Raises StoreDown."""
        del per_second
        return bool((await self._ask("take", what=what)).head["well"])

    async def close(self) -> None:
        """Do nothing: the channel is closed by who opened it."""

    async def _ask(self, do: str, **values: Any) -> Frame:
        try:
            return await self._channel.ask(do, **values)
        except Gone:
            raise StoreDown from None


class Copies(Served):
    """The epochs that the keeper hands on, and the site, read from the same signed files."""

    def __init__(self, settings: Settings, taken: Taken) -> None:
        super().__init__(settings.epoch_seconds)
        self._settings = settings
        self._taken = taken
        self._handed: asyncio.Queue[Frame] = asyncio.Queue()
        self.first = asyncio.Event()
        self.hand = self._handed.put_nowait

    async def run(self) -> None:
        """Put what is handed on into service, in order, until cancelled."""
        while True:
            frame = await self._handed.get()
            file, bundles, challenges = _parts(frame)
            published, self.site = await asyncio.to_thread(self._read, file)
            self._taken.hear(frame)
            self.turn_to(Epoch(frame.head["number"], published, bundles, challenges))
            self.first.set()

    def _read(self, file: bytes) -> tuple[PublishedDirectory, Site]:
        known = None if self.current is None else self.current.published
        if known is None or known.file != file:
            known = check_directory(file, self._settings.line_id_bytes, None)
        return known, self._read_site(known.directory.root)

    def _read_site(self, root: bytes) -> Site:
        folder = self._settings.site_folder
        if folder is None:
            return self.site
        try:
            return read_site(folder, self._settings.line_id_bytes, root, self.site)
        except Refused:  # the keeper says so
            return self.site


def _parts(frame: Frame) -> list[bytes]:
    at, parts = 0, []
    for size in frame.head["sizes"]:
        parts.append(frame.body[at : at + size])
        at += size
    return parts


@asynccontextmanager
async def helping(
    end: socket.socket,
    settings: Settings,
    make_gate: Callable[[Callable[[], Kept], SharedStore], Gate],
    *,
    clock: Callable[[], float],
    rng: Callable[[int], bytes],
) -> AsyncIterator[Services]:
    """Start a helper's parts: it serves when it has been handed the first epoch."""
    channel, taken = Channel(end), Taken()
    copies = Copies(settings, taken)
    asking = Blocking(channel, asyncio.get_running_loop())

    def hear(news: Frame) -> None:
        if news.head["do"] == "epoch":
            copies.hand(news)
        elif copies.first.is_set():
            _stop()
        else:  # nothing is under way, and the keeper will not wait
            os._exit(0)

    await channel.open(news=hear)
    tasks = [asyncio.create_task(copies.run()), asyncio.create_task(_die_with(channel))]
    await _either(copies.first, channel.ended)
    gate = make_gate(lambda: taken.kept, Count(channel))
    changes = Changes(channel, taken)
    try:
        yield Services(
            settings,
            Messages(channel),
            changes,
            Attachments(asking, taken),
            changes,
            changes,
            gate,
            copies,
            clock,
            rng,
        )
    finally:
        for task in tasks:
            task.cancel()
        await gate.close()
        await channel.close()


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # uvicorn finishes what is under way


async def _die_with(channel: Channel) -> None:
    """End at once if the keeper is gone: a new server must find the socket free."""
    await channel.ended.wait()
    os._exit(1)


async def _either(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    _, late = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in late:
        task.cancel()
