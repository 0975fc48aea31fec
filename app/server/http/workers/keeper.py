"""The keeper's end: it answers its helpers' questions, and counts for all of them and itself."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from app.protocol.wire import BUNDLE_BYTES, ENVELOPE_BYTES, Bundle
from app.server.admission.budget import Rate
from app.server.admission.difficulty import Kept
from app.server.admission.spent_work import SpentWork
from app.server.chunks import BlobStore
from app.server.epochs.served import Epoch
from app.server.http.workers import crew
from app.server.http.workers.channel import Channel, Frame
from app.server.messages.group_commit import Intake
from app.server.messages.grouped_deletes import Deleting
from app.server.messages.grouped_reads import Reading
from app.server.messages.growth import Growth
from app.server.settings import Settings
from app.server.storage.database import Stored

_PATIENCE_SECONDS = 20
_LONGEST = 64


class Count:
    """What all processes of this machine have spent: a SharedStore that is always up."""

    is_up = True

    def __init__(
        self, settings: Settings, clock: Callable[[], float], steady: Callable[[], float]
    ) -> None:
        self._spent_work = SpentWork(clock)
        self._rates = {
            "reports": Rate(settings.reports_per_second, steady),
            "chunks": Rate(settings.chunks_per_second, steady),
        }

    async def spend(self, nonce: bytes, uses: int, expires: int) -> bool:
        """Take one of an answer's ``uses``, good until a Unix second; False if none is left."""
        return self._spent_work.spend(nonce, uses, expires)

    async def give_back(self, nonce: bytes) -> None:
        """Return a use that bought nothing."""
        self._spent_work.give_back(nonce)

    async def take(self, what: str, per_second: float) -> bool:
        """Take one of the machine's budget of ``what``."""
        del per_second
        return self._rates[what].take()

    async def close(self) -> None:
        """Do nothing: nothing is held."""


class Keeper:
    """Answers helpers from a whole server's parts. They come and go; ``watch`` brings them."""

    def __init__(
        self,
        watch: socket.socket | None,
        reading: Reading,
        deleting: Deleting,
        intake: Intake,
        blobs: BlobStore,
        growth: Growth,
        count: Count,
    ) -> None:
        self._watch = watch
        self._channels: set[Channel] = set()
        self._coming: set[asyncio.Task[None]] = set()
        self._reading = reading
        self._deleting = deleting
        self._intake = intake
        self._blobs = blobs
        self._growth = growth
        self._count = count
        self._epoch: Epoch | None = None
        self._answers: dict[str, Callable[[Frame], Awaitable[Frame]]] = {
            "read": self._read,
            "put": self._put,
            "forget": self._forget,
            "add_bundles": self._add_bundles,
            "put_chunk": self._put_chunk,
            "get_chunk": self._get_chunk,
            "has_chunk": self._has_chunk,
            "spend": self._spend,
            "give_back": self._give_back,
            "take": self._take,
        }

    async def open(self) -> None:
        """Begin to answer."""
        if self._watch is not None:
            asyncio.get_running_loop().add_reader(self._watch, self._hear, self._watch)

    def say_started(self) -> None:
        """Tell who forked this process that it serves, and need not be given up if it dies."""
        if self._watch is not None:
            self._watch.send(crew.STARTED)

    def tell(self, epoch: Epoch) -> None:
        """Hand every helper an epoch."""
        self._epoch = epoch
        for channel in self._channels:
            self._hand(channel, epoch)

    async def close(self) -> None:
        """Let the helpers finish what is under way, and wait until they are gone."""
        if self._watch is not None:
            asyncio.get_running_loop().remove_reader(self._watch)
        for channel in self._channels:
            channel.tell("stop")
        ended = [asyncio.create_task(channel.ended.wait()) for channel in self._channels]
        _, late = await asyncio.wait(ended, timeout=_PATIENCE_SECONDS) if ended else ((), ())
        for task in (*late, *self._coming):
            task.cancel()
        for channel in tuple(self._channels):
            await channel.close()

    def _hear(self, watch: socket.socket) -> None:
        """Take what the process says that forked this one and its helpers."""
        try:
            said, handles, _, _ = socket.recv_fds(watch, _LONGEST, 1)
        except OSError:  # it died without reading what it was told
            said, handles = b"", []
        for handle in handles:
            task = asyncio.create_task(self._serve(socket.socket(fileno=handle)))
            self._coming.add(task)
            task.add_done_callback(self._coming.discard)
        if said == crew.STOP:
            os.kill(os.getpid(), signal.SIGTERM)  # uvicorn finishes what is under way
        elif not said:
            os._exit(1)  # it is gone: a new server must find everything free

    async def _serve(self, end: socket.socket) -> None:
        """Answer a helper until it is gone."""
        channel = Channel(end)
        await channel.open(lambda frame: self._answers[frame.head["do"]](frame))
        self._channels.add(channel)
        if self._epoch is not None:
            self._hand(channel, self._epoch)
        await channel.ended.wait()
        self._channels.discard(channel)
        await channel.close()

    def _hand(self, channel: Channel, epoch: Epoch) -> None:
        parts = (epoch.published.file, epoch.bundles, epoch.challenges)
        channel.tell(
            "epoch",
            b"".join(parts),
            number=epoch.number,
            sizes=[len(part) for part in parts],
            **self._kept(),
        )

    def _kept(self) -> dict[str, int]:
        """Say how much room is taken, which is what the next work costs by."""
        return asdict(Kept(self._reading.storage.used, self._blobs.used()))

    async def _read(self, frame: Frame) -> Frame:
        found, envelope = await self._reading.read(bytes.fromhex(frame.head["id"]))
        return Frame({"found": found}, envelope)

    async def _put(self, frame: Frame) -> Frame:
        envelopes = [
            frame.body[at : at + ENVELOPE_BYTES] for at in range(0, len(frame.body), ENVELOPE_BYTES)
        ]
        messages = [
            Stored(envelope, day)
            for envelope, day in zip(envelopes, frame.head["days"], strict=True)
        ]
        await self._intake.submit(lambda writer: writer.put(messages))
        self._growth.check()
        return Frame(self._kept())

    async def _forget(self, frame: Frame) -> Frame:
        await self._deleting.delete(bytes.fromhex(frame.head["id"]))
        return Frame()

    async def _add_bundles(self, frame: Frame) -> Frame:
        vk = bytes.fromhex(frame.head["vk"])
        new = [
            Bundle.parse(frame.body[at : at + BUNDLE_BYTES])
            for at in range(0, len(frame.body), BUNDLE_BYTES)
        ]
        await self._intake.submit(lambda writer: writer.add_bundles(vk, new))
        return Frame()

    async def _put_chunk(self, frame: Frame) -> Frame:
        created = await asyncio.to_thread(
            self._blobs.put, frame.head["id"], frame.body, frame.head["day"]
        )
        self._growth.check()
        return Frame({"created": created} | self._kept())

    async def _get_chunk(self, frame: Frame) -> Frame:
        chunk = await asyncio.to_thread(self._blobs.get, frame.head["id"])
        return Frame({"found": chunk is not None}, chunk or b"")

    async def _has_chunk(self, frame: Frame) -> Frame:
        return Frame({"found": await asyncio.to_thread(self._blobs.has, frame.head["id"])})

    async def _spend(self, frame: Frame) -> Frame:
        nonce, head = bytes.fromhex(frame.head["nonce"]), frame.head
        return Frame({"well": await self._count.spend(nonce, head["uses"], head["expires"])})

    async def _give_back(self, frame: Frame) -> Frame:
        await self._count.give_back(bytes.fromhex(frame.head["nonce"]))
        return Frame()

    async def _take(self, frame: Frame) -> Frame:
        return Frame({"well": await self._count.take(frame.head["what"], 0)})
