"""What everyone reads, made ahead once per epoch: directory, bundles, challenge set, site.

On a timer, never on a request, and in full each time, even if nothing changed. Everyone gets the
same bytes within an epoch. How a set is made is in ``challenge_set``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from app.protocol.bundles import bundle_in_service
from app.protocol.directory import Directory
from app.protocol.group import Rng
from app.protocol.wire import EpochBundles, Hint
from app.server.chunks import BlobsAway, BlobsFull, BlobStore
from app.server.epochs.challenge_set import SetBuilder
from app.server.epochs.replicas import Copied, PeerFails, copy
from app.server.epochs.served import Epoch, Served
from app.server.epochs.signed_directory import (
    PublishedDirectory,
    Refused,
    check_directory,
    read_directory,
    state_in_words,
)
from app.server.epochs.signed_site import read_site
from app.server.logs import Alarm, say
from app.server.messages.expiry import Retention
from app.server.messages.group_commit import GroupCommit
from app.server.messages.growth import Growth
from app.server.messages.slot_rewriting import SlotRewriting
from app.server.settings import Settings
from app.server.storage.database import Storage
from app.server.storage.failures import StorageError
from app.server.storage.leadership import Leadership

_ASKING = 20
"""How many times in an epoch a server asks the leader for the next one."""
_WATCHING_SECONDS = 1.0
"""A server is not started again sooner than that after it died."""
_PATIENCE = 0.9
"""After so much of an epoch in vain it takes the lead: the leader hangs, but its session lives."""


class Epochs(Served):
    """Builds epochs and keeps the current and the previous one."""

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        group_commit: GroupCommit,
        blobs: BlobStore,
        growth: Growth,
        retention: Retention,
        slot_rewriting: SlotRewriting,
        leadership: Leadership,
        clock: Callable[[], float],
        rng: Rng,
    ) -> None:
        super().__init__(settings.epoch_seconds)
        self._settings = settings
        self._storage = storage
        self._group_commit = group_commit
        self._blobs = blobs
        self._growth = growth
        self._retention = retention
        self._slot_rewriting = slot_rewriting
        self._leadership = leadership
        self._clock = clock
        self._rng = rng
        self._sets = SetBuilder(settings.line_id_bytes, rng)
        self._turning = asyncio.Lock()
        self._newest: PublishedDirectory | None = None
        self._alarms = {
            name: Alarm(name)
            for name in ("directory-refused", "site-refused", "directory-ending", "tidying-failed")
        }

    async def run(self) -> None:
        """Turn the epochs on their boundaries until cancelled; a failure keeps the old epoch."""
        seconds = self._settings.epoch_seconds
        while True:
            now = self._clock()
            due = (now // seconds + 1) * seconds
            await self._wait(due - now)
            if 0 < (early := due - self._clock()) < 1:  # the two clocks differ a little
                await asyncio.sleep(early)
            try:
                await self.tick(self._clock())
            except Exception as error:
                say(logging.ERROR, "epoch-failed", error=error)

    async def _wait(self, seconds: float) -> None:
        """Wait, and take the lead meanwhile if its holder has died.

        Else one that comes back within the epoch would lead again, and make a second set for it.
        """
        if self._settings.peer_address is None:
            await asyncio.sleep(seconds)
            return
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while (left := until - clock()) > 0:
            await asyncio.sleep(min(left, _WATCHING_SECONDS))
            with suppress(StorageError):  # told of when the epoch turns
                await asyncio.to_thread(self._leadership.lead)

    async def tick(self, now: float) -> Epoch:
        """Turn to a new epoch at ``now`` (Unix seconds). Raises StorageError, Refused.

        The number is that of the clock, or the next one if the clock has not moved on. Of several
        servers one leads and makes the epoch; the others copy it.
        """
        async with self._turning:
            await asyncio.to_thread(lambda: self._reload(now))
            if await asyncio.to_thread(self._leadership.lead):
                return await self._lead(now)
            return await self._follow(now)

    def close(self) -> None:
        """Let the threads that make sets go."""
        self._sets.close()

    def _reload(self, now: float) -> None:
        """Take changed signed files; an invalid one is refused in words and the old one stays."""
        line_id = self._settings.line_id_bytes
        try:
            newest = read_directory(self._settings.directory_file, line_id, self._newest)
        except Refused as refused:
            if self._newest is None:
                raise
            newest = self._newest
            self._alarms["directory-refused"].ring(reason=str(refused))
        else:
            self._alarms["directory-refused"].clear()
        if newest is not self._newest:
            say(logging.INFO, "directory-taken", version=newest.directory.version)
            self._newest = newest
        words = state_in_words(newest.directory, dt.datetime.fromtimestamp(now, dt.UTC).date())
        if words is None:
            self._alarms["directory-ending"].clear()
        else:
            self._alarms["directory-ending"].ring(reason=words)
        self._reload_site(newest.directory)

    def _reload_site(self, directory: Directory) -> None:
        folder = self._settings.site_folder
        if folder is None:
            return
        try:
            site = read_site(folder, directory.line_id, directory.root, self.site)
        except Refused as refused:
            self._alarms["site-refused"].ring(reason=str(refused))
            return
        self._alarms["site-refused"].clear()
        if site is not self.site:
            say(logging.INFO, "site-taken", files=len(site.files))
            self.site = site

    async def _keep_house(self, now: float) -> None:
        """Expire and tidy. What fails must not stop the rest, nor the readers' bytes."""
        failed = None
        for chore in (partial(self._retention.run, now), self._tidy, self._touch_blobs):
            try:
                await chore()
            except (StorageError, BlobsAway) as error:
                failed = str(error)
            except BlobsFull:
                failed = "The attachments' disk is full or cannot be written."
        if failed is not None:
            self._alarms["tidying-failed"].ring(reason=failed)
        else:
            self._alarms["tidying-failed"].clear()

    async def _tidy(self) -> None:
        """Write once for nothing, rewrite slots, tidy: file times and the log then tell nothing."""
        await self._group_commit.submit(lambda writer: writer.touch())
        await self._slot_rewriting.run()
        await self._group_commit.alone(self._storage.tidy)

    async def _touch_blobs(self) -> None:
        await asyncio.to_thread(self._blobs.touch)

    async def _lead(self, now: float) -> Epoch:
        await self._keep_house(now)
        return await self._turn(now)

    async def _follow(self, now: float) -> Epoch:
        """Copy the leader's next epoch; lead if it has died, or makes none for most of an epoch."""
        pause = self._settings.epoch_seconds / _ASKING
        clock = asyncio.get_running_loop().time
        until = clock() + self._settings.epoch_seconds * _PATIENCE
        while clock() < until:
            copied = await self._copied()
            if copied is not None:
                return await self._take(copied)
            await asyncio.sleep(pause)
            if await asyncio.to_thread(self._leadership.lead):
                say(logging.INFO, "leading")
                return await self._lead(now)
        say(logging.ERROR, "leader-deposed")
        await asyncio.to_thread(self._leadership.depose)
        if not await asyncio.to_thread(self._leadership.lead):
            raise Refused("The server that leads gives no epoch.")
        return await self._lead(now)

    async def _copied(self) -> Copied | None:
        address = await asyncio.to_thread(self._leadership.leader)
        if not address:
            return None
        try:
            after = -1 if self.current is None else self.current.number
            return await copy(address, after, self._settings.epoch_seconds / 4, self._rng)
        except PeerFails:
            return None

    async def _take(self, copied: Copied) -> Epoch:
        line_id = self._settings.line_id_bytes
        published = check_directory(copied.directory, line_id, None)
        # Slots made by another server must be known here before their ids are.
        await asyncio.to_thread(self._storage.refresh)
        epoch = Epoch(copied.number, published, copied.bundles, copied.challenges)
        self.turn_to(epoch)
        return epoch

    async def _turn(self, now: float) -> Epoch:
        published = self._newest
        if published is None:
            raise Refused("There is no directory.")
        if self.current is not None and published.directory.version < self.current.version:
            published = self.current.published  # copied from a leader whose file is newer
        directory = published.directory
        messages = await asyncio.to_thread(self._storage.refresh)
        self._growth.check()
        number = int(now // self._settings.epoch_seconds)
        if self.current is not None:
            number = max(self.current.number + 1, number)
        bundles = await asyncio.to_thread(lambda: self._bundles(directory, number, int(now)))
        entries = [(one, Hint(hint[:32], hint[32:])) for one, hint in messages]
        rows = await asyncio.to_thread(self._sets.build, entries)
        epoch = Epoch(number, published, bundles, rows)
        if not await asyncio.to_thread(self._leadership.lead):  # lost while this was made
            raise Refused("Another server leads now.")
        self.turn_to(epoch)
        return epoch

    def _bundles(self, directory: Directory, number: int, now: int) -> bytes:
        active = {index: directory.investigators[index].vk for index in directory.active}
        latest = self._storage.latest_bundles(active.values(), now)
        serving = {index: bundle_in_service(latest[vk], now) for index, vk in active.items()}
        chosen = {index: bundle for index, bundle in serving.items() if bundle is not None}
        return EpochBundles(number, directory.hash, chosen).serialise()
