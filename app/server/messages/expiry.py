"""What expires, by day: messages become random bytes again, chunks and old bundles go."""

from __future__ import annotations

import asyncio

from app.protocol.bundles import GRACE_SECONDS
from app.protocol.group import Rng
from app.server.chunks import BlobStore
from app.server.messages.group_commit import GroupCommit

DAY_SECONDS = 86_400
_STEP = 128
"""Slots refilled in one transaction, so that others wait no longer than about 30 ms."""


def day_of(now: float) -> int:
    """Return the day of a Unix time: days since 1970-01-01 (UTC)."""
    return int(now // DAY_SECONDS)


def expiry_day(now: float, days: int, spread: int, rng: Rng) -> int:
    """Return the day that begins at least ``days`` and 0 to ``spread`` random days after ``now``.

    Each envelope draws its own, so that those of one batch do not expire together.
    """
    return day_of(now) + 1 + days + int.from_bytes(rng(8)) % (spread + 1)


def messages_of_day(day: int, days: int, spread: int) -> tuple[int, int]:
    """Return the first and the last day on which a message of ``day`` can expire."""
    return day + 1 + days, day + 1 + days + spread


def chunks_of_day(day: int, days: int, spread: int, extra: int) -> tuple[int, int]:
    """Return the first and the last day on which a chunk of ``day`` can expire.

    At least ``extra`` days after any message that came with it.
    """
    return messages_of_day(day, days + spread + extra, spread)


class Retention:
    """Runs once a day."""

    def __init__(self, group_commit: GroupCommit, blobs: BlobStore) -> None:
        self._group_commit = group_commit
        self._blobs = blobs
        self._done_for: int | None = None

    async def run(self, now: float) -> None:
        """Expire what is due, unless that was done today. Raises StorageError, BlobsAway."""
        today = day_of(now)
        if today == self._done_for:
            return
        while await self._group_commit.submit(lambda writer: writer.expire(today, _STEP)) == _STEP:
            pass
        ended = int(now) - GRACE_SECONDS
        await self._group_commit.submit(lambda writer: writer.forget_bundles(ended))
        await asyncio.to_thread(self._blobs.expire, today)
        self._done_for = today
