"""Writing slots again in a random order, where the database's rows tell when they were written.

A row of PostgreSQL carries the number of the transaction that wrote it, and a page the place in
the log: the order of arrival. So every slot, used or free, is written again once in a round of
EPOCHS epochs, in an order drawn for each round. SQLite needs none of this.
"""

from __future__ import annotations

from functools import partial

from app.protocol.group import Rng
from app.protocol.shuffle import shuffled
from app.server.messages.group_commit import GroupCommit
from app.server.storage.database import Storage, Writer

EPOCHS = 60
"""A round's length: an hour, with epochs of a minute."""
_STEP = 64
"""Slots written in one transaction, so that others wait no longer than about 30 ms."""


class SlotRewriting:
    """One part of a round each epoch."""

    def __init__(self, storage: Storage, group_commit: GroupCommit, rng: Rng) -> None:
        self._storage = storage
        self._group_commit = group_commit
        self._rng = rng
        self._left: list[int] = []

    async def run(self) -> None:
        """Write this epoch's part of the slots again. Raises StorageError."""
        if not self._storage.rewrites_slots:
            return
        part = -(-self._storage.size // EPOCHS)
        if not self._left:
            self._left = shuffled(range(self._storage.size), self._rng)
        for start in range(0, part, _STEP):
            places = self._left[-min(_STEP, part - start) :]
            if places:
                await self._group_commit.alone(partial(self._rewrite, places))
                del self._left[-len(places) :]  # now: what failed is written in this round

    def _rewrite(self, places: list[int]) -> None:
        # Alone: what is written twice in one transaction moves (ADR 0119).
        (outcome,) = self._storage.commit([partial(Writer.rewrite, places=places)])
        if isinstance(outcome, Exception):
            raise outcome
