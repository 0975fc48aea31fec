"""Slots for chunks, in two files: what is written, in which order, and what a record looks like.

``slots`` is 262,144 bytes a slot, ``places`` 32 bytes a slot: the id of the chunk in it, its day of
expiry and a check value, or 32 random bytes if the slot is free (the check does not fit then). Both
are written out in full when slots are made, and overwritten in place ever after: a chunk has no
file of its own, no directory entry, no blocks taken later, whose order or time would tell when it
came.

A chunk is on disk before its record is, so that no record ever names half a chunk; and a slot that
is emptied says so (day LEAVING) until it is full of random bytes, so that a crash leaves nothing.
Which slot is taken, and what moves, is decided in ``disk``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from app.files.locks import lock
from app.files.writing import open_private, sync_folder
from app.protocol.group import Rng
from app.protocol.wire import CHUNK_BYTES
from app.server.chunks import BlobsAway

RECORD_BYTES = 32
_ID_BYTES = 16
_DAY_BYTES = 4
_NAMES = ("slots", "places")
LEAVING = 0
"""The day in the record of a slot that is being emptied."""


class Named(NamedTuple):
    """What a record says: the chunk's id in hex, and the day on which it expires, or LEAVING."""

    chunk_id: str
    day: int


def record_of(slot: int, named: Named) -> bytes:
    """Return the 32 bytes that say which chunk is in a slot."""
    said = bytes.fromhex(named.chunk_id) + named.day.to_bytes(_DAY_BYTES)
    return said + _check(slot, said)


def read_record(slot: int, record: bytes) -> Named | None:
    """Return what 32 bytes say of a slot; None: it is free."""
    said = record[: _ID_BYTES + _DAY_BYTES]
    if record[len(said) :] != _check(slot, said):
        return None
    return Named(said[:_ID_BYTES].hex(), int.from_bytes(said[_ID_BYTES:]))


def _check(slot: int, said: bytes) -> bytes:
    whole = hashlib.sha256(b"quietline place" + slot.to_bytes(8) + said).digest()
    return whole[: RECORD_BYTES - len(said)]


class Pool:
    """The two files. What it writes is durable when a method returns. Raises OSError."""

    def __init__(self, folder: Path, rng: Rng) -> None:
        self._paths = [folder / name for name in _NAMES]
        self._rng = rng
        self._files: list[int] = []

    def exists(self) -> bool:
        """Say whether there are files."""
        return all(path.is_file() for path in self._paths)

    def open(self) -> None:
        """Open the files for writing, making them if need be.

        Raises BlobsAway, in words, if another server writes to them or one of them is missing.
        """
        created = not self.exists()
        if created and any(path.is_file() and path.stat().st_size for path in self._paths):
            raise BlobsAway(
                "Of the attachments' two files, slots and places, one is missing: put both back."
            )
        self._files = [open_private(path) for path in self._paths]
        try:
            lock(self._places)
        except BlockingIOError:
            self.close()
            raise BlobsAway(
                "Another server writes to these attachments: stop it, or give this one a "
                "blob_folder of its own; several servers of one line share a bucket (blob_url)."
            ) from None
        if created:
            for folder in self._paths[0].parents[:2]:
                sync_folder(folder)

    def look(self) -> None:
        """Open the files for reading only, beside a server that writes."""
        self._files = [os.open(path, os.O_RDONLY) for path in self._paths]

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            with suppress(OSError):
                os.close(file)
        self._files = []

    def records(self) -> list[Named | None]:
        """Return what every slot holds, by slot. One that was being made in a crash is none."""
        content = os.pread(self._places, os.fstat(self._places).st_size, 0)
        whole = os.fstat(self._slots).st_size // CHUNK_BYTES
        slots = range(min(len(content) // RECORD_BYTES, whole))
        return [read_record(n, content[RECORD_BYTES * n : RECORD_BYTES * (n + 1)]) for n in slots]

    def trim(self, slots: int) -> None:
        """Cut off what is beyond so many slots: copies that a crash left."""
        os.ftruncate(self._slots, slots * CHUNK_BYTES)
        os.ftruncate(self._places, slots * RECORD_BYTES)

    def read(self, slot: int) -> bytes:
        """Return the 262,144 bytes of a slot."""
        return os.pread(self._slots, CHUNK_BYTES, slot * CHUNK_BYTES)

    def record(self, slot: int) -> Named | None:
        """Return what a slot holds now."""
        return read_record(slot, os.pread(self._places, RECORD_BYTES, slot * RECORD_BYTES))

    def write(self, slot: int, chunk: bytes) -> None:
        """Write a chunk into a free slot."""
        _write(self._slots, chunk, slot * CHUNK_BYTES)
        os.fdatasync(self._slots)

    def name(self, slot: int, named: Named) -> None:
        """Say which chunk is in a slot."""
        self.name_all({slot: named})

    def name_all(self, named: Mapping[int, Named]) -> None:
        """Say so of many slots, synced once."""
        for slot, one in named.items():
            self._record(slot, record_of(slot, one))
        os.fdatasync(self._places)

    def empty(self, slots: Sequence[int]) -> None:
        """Overwrite slots and their records with random bytes: they are free then."""
        for slot in slots:
            self._record(slot, record_of(slot, Named(self._rng(_ID_BYTES).hex(), LEAVING)))
        os.fdatasync(self._places)
        for slot in slots:
            _write(self._slots, self._rng(CHUNK_BYTES), slot * CHUNK_BYTES)
        os.fdatasync(self._slots)
        for slot in slots:
            self._record(slot, self._rng(RECORD_BYTES))
        os.fdatasync(self._places)

    def append(self, first: int, made: Iterable[tuple[bytes, Named] | None]) -> None:
        """Make slots from number ``first`` on: with a chunk, or full of random bytes (None)."""
        records = []
        for slot, filled in enumerate(made, first):
            chunk = self._rng(CHUNK_BYTES) if filled is None else filled[0]
            _write(self._slots, chunk, slot * CHUNK_BYTES)
            records.append(
                self._rng(RECORD_BYTES) if filled is None else record_of(slot, filled[1])
            )
        os.fdatasync(self._slots)
        _write(self._places, b"".join(records), first * RECORD_BYTES)
        os.fdatasync(self._places)

    @property
    def _slots(self) -> int:
        return self._files[0]

    @property
    def _places(self) -> int:
        return self._files[1]

    def _record(self, slot: int, record: bytes) -> None:
        _write(self._places, record, slot * RECORD_BYTES)


def _write(file: int, content: bytes, at: int) -> None:
    view = memoryview(content)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written
