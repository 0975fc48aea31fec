"""Servers as they must not be: each breaks one thing that hides what happened.

Each is a context in which the real application is weaker than it is.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app import sqlite_log
from app.protocol.group import Rng
from app.server import logs
from app.server.chunks.disk import DiskStore
from app.server.http.routes import message_routes
from app.server.messages import expiry
from app.server.storage import slots, sqlite


@contextmanager
def in_order() -> Iterator[None]:
    """Messages take the first free slots instead of random ones."""

    def free(connection, rng: Rng, size: int, least: int, most: int, written=()) -> list[int]:
        chosen = slots.select(slots.SLOTS.c.slot).where(slots.SLOTS.c.expires_day == slots.FREE)
        rows = connection.execute(chosen.order_by(slots.SLOTS.c.slot).limit(most))
        return list(rows.scalars())[::-1]  # they are taken from the end

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "free", free)
        yield


@contextmanager
def without_slots() -> Iterator[None]:
    """Every message is a new row under a random id, as in most software."""

    def free(connection, rng: Rng, size: int, least: int, most: int, written=()) -> list[int]:
        first = slots.made(connection)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(slots, "moves", lambda *_: {})
            slots.grow(connection, rng, least)
        return list(range(first, first + least))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "free", free)
        yield


@contextmanager
def deleting_by_a_mark() -> Iterator[None]:
    """Mark a deleted message free, and leave it where it is."""
    refill = slots.refill

    def mark(connection, rng: Rng, places) -> None:
        chosen = list(places)
        rows = slots.SLOTS.c.slot.in_(chosen) & (slots.SLOTS.c.expires_day != slots.FREE)
        done = connection.execute(
            slots.update(slots.SLOTS).where(rows).values(expires_day=slots.FREE)
        )
        if not done.rowcount:
            refill(connection, rng, chosen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "refill", mark)
        yield


@contextmanager
def expiring_together() -> Iterator[None]:
    """Let the envelopes of a batch, and batches that come close together, expire on one day."""
    drawn = itertools.count()

    def together(now: float, days: int, spread: int, rng: Rng) -> int:
        batch = next(drawn) // 3
        return expiry.day_of(now) + 1 + days + batch * 7 % (spread + 1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(message_routes, "expiry_day", together)
        yield


@contextmanager
def keeping_the_index_of_the_log() -> Iterator[None]:
    """Cut the log off when an epoch begins, and leave its index as it was."""

    def cut_off(raw: Any, _patience_ms: int) -> None:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_log, "empty_log", cut_off)
        patch.setattr(sqlite, "_overwrite_index", lambda *_: None)
        yield


@contextmanager
def writing_times() -> Iterator[None]:
    """Let the server's log have a clock."""
    plain = logs.BlindFormatter.format
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            logs.BlindFormatter,
            "format",
            lambda self, record: f"{int(record.created)} {plain(self, record)}",
        )
        yield


@contextmanager
def a_file_for_each_chunk() -> Iterator[None]:
    """Chunks are files of their own, in folders by day, with their modification time at zero."""
    folder: list[Path] = []
    opened = DiskStore.open

    def remember(self: DiskStore) -> None:
        opened(self)
        folder.append(self._folder)

    def put(self: DiskStore, chunk_id: str, chunk: bytes, expires_day: int) -> bool:
        path = folder[-1] / str(expires_day) / chunk_id
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(chunk)
        os.utime(path, (0, 0))
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DiskStore, "open", remember)
        patch.setattr(DiskStore, "put", put)
        yield
