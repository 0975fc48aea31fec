"""Chunks on the server's disk, in random slots made ahead (``pool``).

A chunk overwrites a random free slot; one that expires is overwritten with random bytes. When more
than half the slots are used more are made, in the background, and chunks spread over them
(``spreading``): being in a newer slot says nothing. What is where is kept in memory, read once from
the file of places.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.protocol.group import Rng
from app.protocol.shuffle import shuffled
from app.protocol.wire import CHUNK_BYTES
from app.server.chunks import BlobsAway, BlobsFull, folders, hastening
from app.server.chunks.pool import LEAVING, Named, Pool
from app.server.storage.spreading import below, moves

STEP = 16
"""Slots made or emptied at a time, 4 MiB: some tens of milliseconds of the disk."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})

Place = tuple[int, int]
"""A slot, and the day on which what is in it expires."""


class DiskStore:
    """A BlobStore in a folder that only this server writes to."""

    def __init__(
        self,
        folder: Path,
        quota_bytes: int,
        reserve_bytes: int,
        slots_initial: int = 0,
        rng: Rng = os.urandom,
    ) -> None:
        self._folder = folder
        self._most = quota_bytes // CHUNK_BYTES
        self._reserve = reserve_bytes
        self._initial = slots_initial
        self._rng = rng
        self._pool = Pool(folder, rng)
        self._state = threading.Condition()
        """Held for moments: guards all below."""
        self._upkeep = threading.Lock()
        """Held while slots are made, emptied or touched."""
        self._opened = False
        self._size = 0
        self._places: dict[str, Place] = {}
        """Where each chunk is, by its id."""
        self._free: list[int] = []
        self._left: list[int] = []
        """Slots that nothing leads to any more and that are still to be emptied."""
        self._arriving: set[str] = set()

    def open(self) -> None:
        """Read what is where, make the first slots, take in chunk files of older versions.

        Raises BlobsFull, BlobsAway.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _full_in_words():
            self._pool.open()
            self._learn()
            for chunk_id, day, path in shuffled(folders.chunks(self._folder), self._rng):
                if not self._free:
                    self._make(STEP)
                self.put(chunk_id, path.read_bytes(), day)
                path.unlink()
            folders.clear(self._folder)
            self._take_orders()
        try:
            while self.grow():
                pass
        except BlobsFull:  # not now; what is there can still be read
            return

    def close(self) -> None:
        """Let go of the files, after what is being written."""
        with self._upkeep, self._state:
            self._state.wait_for(lambda: not self._arriving)
            self._pool.close()
            self._opened, self._places = False, {}

    def put(self, chunk_id: str, chunk: bytes, expires_day: int) -> bool:
        """Store a chunk durably; False if its id exists. Raises BlobsFull, BlobsAway."""
        slot = self._claim(chunk_id)
        if slot is None:
            return False
        named = stored = False
        try:
            with _full_in_words():
                self._pool.write(slot, chunk)
                named = True
                self._pool.name(slot, Named(chunk_id, expires_day))
            stored = True
        finally:
            with self._state:
                self._arriving.discard(chunk_id)
                if stored:
                    self._places[chunk_id] = (slot, expires_day)
                elif named:  # else a crash could leave this name on another chunk's bytes
                    self._left.append(slot)
                else:
                    self._free.append(slot)
                self._state.notify_all()
        return True

    def get(self, chunk_id: str) -> bytes | None:
        """Return a chunk, or None."""
        if not self._opened and not self._places:
            self._look()
        for _ in range(2):
            while (place := self._places.get(chunk_id)) is not None:
                slot, _ = place
                chunk = self._pool.read(slot)
                named = self._pool.record(slot)
                if named is not None and named.chunk_id == chunk_id:  # else it moved meanwhile
                    return chunk
                if self._places.get(chunk_id) == place:
                    break
            if self._opened:
                return None
            self._look()
        return None

    def has(self, chunk_id: str) -> bool:
        """Say whether there is such a chunk."""
        return chunk_id in self._places

    def days(self) -> dict[int, int]:
        """Return how many chunks expire on each day."""
        counted: dict[int, int] = {}
        for _, day in self.chunks():
            counted[day] = counted.get(day, 0) + 1
        return counted

    def chunks(self) -> Iterator[tuple[str, int]]:
        """Yield each chunk's id and day of expiry."""
        if not self._opened:
            self._look()
        with self._state:
            found = sorted(self._places.items())
        yield from ((chunk_id, day) for chunk_id, (_, day) in found)

    def used(self) -> int:
        """Return how many chunks there are, with those that are being written."""
        return len(self._places) + len(self._arriving)

    def hasten(self, first: int, last: int, until: int) -> int:
        """Leave word for the server that writes here, or starts next: it alone may change places.

        Returns how many chunks it is about. Raises BlobsFull.
        """
        order = hastening.Order(first, last, until)
        with self._upkeep, _full_in_words():
            found = sum(order.means(day) for _, day in self.chunks())
            if found:
                hastening.leave(self._folder, order)
        return found

    def expire(self, today: int) -> None:
        """Overwrite the chunks that are due with random bytes. Raises BlobsFull."""
        with self._upkeep, _full_in_words():
            with self._state:
                due = [one for one, (_, day) in self._places.items() if day <= today]
            for start in range(0, len(due), STEP):
                with self._state:
                    left = [self._places.pop(one)[0] for one in due[start : start + STEP]]
                self._clear(left)

    def is_crowded(self) -> bool:
        """Say whether more slots should be made: not less than half are used."""
        used = self._size - len(self._free)
        return self._size < self._most and (self._size < self._initial or 2 * used >= self._size)

    def grow(self) -> bool:
        """Make some slots if more than half are used; say whether more are due."""
        with self._upkeep, _full_in_words():
            if self.is_crowded():
                wanted = self._initial - self._size if self._size < self._initial else STEP
                count = min(wanted, STEP, self._most - self._size)
                free = shutil.disk_usage(self._folder).free
                if free < self._reserve + count * CHUNK_BYTES:
                    raise BlobsFull
                self._make(count)
        return self.is_crowded()

    def touch(self) -> None:
        """Overwrite a random free slot, and what could not be emptied before; take orders."""
        with self._upkeep, _full_in_words():
            self._take_orders()
            with self._state:
                drawn = [self._draw()] if self._free and not self._left else []
            self._clear(drawn)

    def _take_orders(self) -> None:
        """Let chunks expire sooner, as ``quietline server prune`` asked for."""
        orders = hastening.take(self._folder)
        for order in orders:
            with self._state:
                chosen = {
                    slot: Named(chunk_id, order.until)
                    for chunk_id, (slot, day) in self._places.items()
                    if order.means(day)
                }
            self._pool.name_all(chosen)
            with self._state:
                self._places |= {one.chunk_id: (slot, one.day) for slot, one in chosen.items()}
        if orders:
            hastening.done(self._folder)

    def _learn(self) -> None:
        """Read what is where. A chunk that is in two slots was moving: it is in the newer."""
        records = self._pool.records()
        self._pool.trim(len(records))
        self._size, self._places = len(records), {}
        self._free = [slot for slot, named in enumerate(records) if named is None]
        left = []
        for slot, named in enumerate(records):
            if named is not None and named.day == LEAVING:
                left.append(slot)
            elif named is not None:
                if named.chunk_id in self._places:
                    left.append(self._places[named.chunk_id][0])
                self._places[named.chunk_id] = (slot, named.day)
        self._opened = True
        self._clear(left)

    def _look(self) -> None:
        """Read what is where, beside a server that may be writing."""
        if self._pool.exists():
            self._pool.close()
            self._pool.look()
            records = enumerate(self._pool.records())
            self._places = {
                named.chunk_id: (slot, named.day)
                for slot, named in records
                if named is not None and named.day != LEAVING
            }

    def _claim(self, chunk_id: str) -> int | None:
        """Return a free slot for a chunk, taken; None if the chunk is there. Waits for a twin."""
        with self._state:
            while chunk_id in self._arriving:
                self._state.wait()
            if chunk_id in self._places:
                return None
            if not self._free:
                if self._size >= self._most:
                    raise BlobsFull
                if shutil.disk_usage(self._folder).free < self._reserve + STEP * CHUNK_BYTES:
                    raise BlobsFull
                raise BlobsAway("Room for attachments is being made.")
            self._arriving.add(chunk_id)
            return self._draw()

    def _draw(self) -> int:
        """Take a random free slot, under the lock."""
        at = below(len(self._free), self._rng)
        self._free[at], self._free[-1] = self._free[-1], self._free[at]
        return self._free.pop()

    def _make(self, count: int) -> None:
        first = self._size
        with self._state:
            settled = list(self._places.items())
        moving = moves(settled, first, count, self._rng)
        self._pool.append(first, self._filled(range(first, first + count), moving))
        with self._state:
            for slot, (chunk_id, (_, day)) in moving.items():
                self._places[chunk_id] = (slot, day)
            self._size += count
            self._free += [n for n in range(first, first + count) if n not in moving]
        self._clear([old for _, (old, _) in moving.values()])

    def _filled(
        self, slots: range, moving: dict[int, tuple[str, Place]]
    ) -> Iterator[tuple[bytes, Named] | None]:
        for slot in slots:
            if slot in moving:
                chunk_id, (old, day) = moving[slot]
                yield self._pool.read(old), Named(chunk_id, day)
            else:
                yield None

    def _clear(self, slots: list[int]) -> None:
        """Empty slots that nothing leads to any more, with what was left before."""
        with self._state:
            self._left += slots
            left = list(self._left)
        if left:
            self._pool.empty(left)
        with self._state:
            self._left = self._left[len(left) :]
            self._free += left


@contextmanager
def _full_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise BlobsFull from error
        raise
