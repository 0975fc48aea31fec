"""Making an epoch's challenge set on all cores (spec: challenges).

Fresh r per row; decoys take the same path as messages; the rows are shuffled and nothing of it is
written down. The group's library works outside the interpreter's lock, so threads share the rows.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from app.protocol import challenges, group
from app.protocol.errors import BadPoint
from app.protocol.group import Rng
from app.protocol.wire import MESSAGE_ID_BYTES, Hint
from app.server.logs import say

Entry = tuple[bytes, Hint]
"""A message: its id, 16 bytes, and its hint."""


class SetBuilder:
    """Threads that make the rows of one line's sets."""

    def __init__(self, line_id: bytes, rng: Rng) -> None:
        self._line_id = line_id
        self._rng = rng
        self._workers = os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(self._workers, "quietline-rows")

    def build(self, messages: Sequence[Entry]) -> bytes:
        """Return a set: 64 bytes a row, a power of two of rows. Raises WrongLength (too many)."""
        decoys = challenges.set_size(len(messages)) - len(messages)
        entries = [*messages, *[None] * decoys]
        parts = [entries[start :: self._workers] for start in range(self._workers)]
        rows = [row for part in self._threads.map(self._rows, parts) for row in part]
        return challenges.assemble(rows, self._rng)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

    def _rows(self, entries: Sequence[Entry | None]) -> list[bytes]:
        throwaway = challenges.decoy_hint(self._rng)
        return [self._row(entry or self._decoy(throwaway)) for entry in entries]

    def _row(self, entry: Entry) -> bytes:
        try:
            return challenges.build_row(*entry, self._line_id, group.random_scalar(self._rng))
        except BadPoint:  # a row damaged on disk must not end the line
            say(logging.ERROR, "slot-damaged")
            return self._row(self._decoy(challenges.decoy_hint(self._rng)))

    def _decoy(self, throwaway: Hint) -> Entry:
        return self._rng(MESSAGE_ID_BYTES), throwaway
