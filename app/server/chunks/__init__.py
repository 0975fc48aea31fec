"""Where attachments' chunks are kept: what a store promises.

A chunk is 262,144 bytes under the 32 hex digits of its id, write-once; nothing groups chunks or
says whose they are.

    stores     which store the settings name
    disk       chunks in slots of two files
    pool       those files: what is written, in which order
    s3         chunks in a bucket; loaded only where it is used
    hastening  word from ``server prune``: chunks of some days go sooner
    folders    chunk files of versions before slots, taken in once
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class BlobsFull(Exception):
    """The attachments' quota or their disk is full, or cannot be written. Reading still works."""


class BlobsAway(Exception):
    """The store does not answer. Nothing is lost; trying again later makes sense."""


class BlobStore(Protocol):
    """A store of chunks. Synchronous: callers use it from worker threads, several at a time.

    Every method raises BlobsAway if the store does not answer.
    """

    def open(self) -> None:
        """Make the store ready and remove what a crash left half-written."""

    def close(self) -> None:
        """Let go of it."""

    def put(self, chunk_id: str, chunk: bytes, expires_day: int) -> bool:
        """Store a chunk durably before returning; False if the id exists, which stays as it is.

        ``expires_day`` counts from 1970-01-01 (UTC). Raises BlobsFull, keeping nothing.
        """

    def get(self, chunk_id: str) -> bytes | None:
        """Return a chunk, or None."""

    def has(self, chunk_id: str) -> bool:
        """Say whether there is such a chunk."""

    def chunks(self) -> Iterator[tuple[str, int]]:
        """Return each chunk's id and ``expires_day``, in no order that says anything."""

    def days(self) -> dict[int, int]:
        """Return how many chunks expire on each day."""

    def used(self) -> int:
        """Return how many chunks there are, as far as this process knows; quick."""

    def hasten(self, first: int, last: int, until: int) -> int:
        """Let what expires from day ``first`` to ``last`` expire by ``until``; return how many.

        None lives longer for it. Raises BlobsFull.
        """

    def expire(self, today: int) -> None:
        """Delete the chunks whose ``expires_day`` is ``today`` or earlier."""

    def is_crowded(self) -> bool:
        """Say whether room should be made ahead now; quick."""

    def grow(self) -> bool:
        """Make one step of room ahead, if that is due; return whether more is. Raises BlobsFull."""

    def touch(self) -> None:
        """Write once without changing anything, where file times would tell of the last chunk.

        Raises BlobsFull.
        """
