"""Storage: the way to the database.

Synchronous; callers use it from worker threads. Writes are jobs that the group commit hands over,
one transaction for many of them; reads are whole calls of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.protocol.group import Rng
from app.protocol.wire import Bundle
from app.server.storage import bundles, dialect, slots
from app.server.storage.failures import BundlesFull, DiskFull, SlotsFull, StorageError
from app.server.storage.slots import Stored

__all__ = ["DiskFull", "Job", "SlotsFull", "Storage", "StorageError", "Stored", "Writer"]

GROW_STEP = 256
"""Slots made in one transaction: about 50 ms during which nothing else is written."""


@dataclass(slots=True)
class Writer:
    """What a job can do inside the transaction. Not valid outside it.

    Batches are put together and written at once: many rows in one statement cost little more than
    one. Whatever else a job does sees them written.
    """

    _open: Connection
    _rng: Rng
    _jobs: int
    """How many jobs share the transaction."""
    size: int
    """Slots in service at the beginning of the transaction."""
    known: slots.KnownSlots
    added: int = 0
    forgotten: list[bytes] = field(default_factory=list)
    """Ids that are no message's once this is durable."""
    _places: list[int] = field(default_factory=list)
    """Free slots drawn and not yet given away."""
    _waiting: list[tuple[int, Stored]] = field(default_factory=list)
    _written: set[int] = field(default_factory=set)
    """Slots that this transaction writes: none of them twice, where others are free."""

    def put(self, messages: Sequence[Stored]) -> None:
        """Store a batch, all of it or (SlotsFull) nothing."""
        count = len(messages)
        if len(self._places) < count:
            self._places = slots.free(
                self._connection, self._rng, self.size, count, count * self._jobs, self._written
            )
        places = [self._places.pop() for _ in messages]
        self._written.update(places)
        self._waiting += zip(places, messages, strict=True)
        self.added += count

    def flush(self) -> None:
        """Write the batches that were put so far."""
        slots.put(self._open, self._rng, self._waiting)
        self._waiting.clear()

    @property
    def _connection(self) -> Connection:
        self.flush()
        return self._open

    def forget(self, message_ids: Sequence[bytes]) -> None:
        """Delete messages by their 16-byte ids; if none is there write as much elsewhere."""
        there, places = slots.forget(
            self._connection, self._rng, self.size, self.known, message_ids, self._taken
        )
        self._written.update(places)
        self.added -= there
        self.forgotten += message_ids

    def touch(self) -> None:
        """Write without changing anything."""
        self._written.update(slots.touch(self._connection, self._rng, self.size, self._taken))

    @property
    def _taken(self) -> set[int]:
        return self._written.union(self._places)

    def expire(self, today: int, limit: int) -> int:
        """Refill up to ``limit`` slots that expired; returns how many."""
        places = slots.expired(self._connection, today, limit)
        slots.refill(self._connection, self._rng, places)
        self._written.update(places)
        self.added -= len(places)
        return len(places)

    def hasten(self, first: int, last: int, until: int) -> int:
        """Let what expires from day ``first`` to ``last`` expire by ``until``; returns how many."""
        return slots.hasten(self._connection, first, last, until)

    def grow(self, upto: int) -> int:
        """Make one step of more slots towards ``upto``; returns how many there are then."""
        have = slots.made(self._connection)
        if have < upto:
            slots.grow(self._connection, self._rng, min(GROW_STEP, upto - have))
        return slots.made(self._connection)

    def rewrite(self, places: Sequence[int]) -> None:
        """Write slots again as they are (see Storage.rewrites_slots), where nobody else writes."""
        slots.rewrite(self._connection, places)

    def add_bundles(self, vk: bytes, new: Sequence[Bundle]) -> None:
        """Store an investigator's verified bundles, write-once per window; BundlesFull: nothing."""
        bundles.add(self._connection, vk, new)

    def forget_bundles(self, before: int) -> None:
        """Delete bundles whose window ended before ``before`` (Unix seconds)."""
        bundles.forget_ended(self._connection, before)


Job = Callable[[Writer], Any]
"""Runs inside a transaction; may run again if that failed, so it changes nothing but the Writer."""


class Storage:
    """One database. ``size`` and ``used`` are what this process knows; each epoch renews them."""

    def __init__(self, url: str, rng: Rng) -> None:
        self._engine = dialect.make_engine(url)
        self._writing = self._engine.execution_options(**{dialect.WRITING: True})
        self._rng = rng
        self._known = slots.KnownSlots()
        self.size = 0
        self.used = 0

    @property
    def rewrites_slots(self) -> bool:
        """Whether this database's rows tell the order of writing until they are written again."""
        return dialect.rewrites_slots(self._engine)

    def open(self) -> None:
        """Learn how many slots there are. Raises StorageError."""
        with self._reading() as connection:
            self.size = slots.made(connection)

    def close(self) -> None:
        """Tidy a last time, as far as the database lets us, and let go of it."""
        with suppress(StorageError):
            self.tidy()
        self._engine.dispose()

    def commit(self, jobs: Sequence[Job]) -> list[Any | Exception]:
        """Run jobs in one durable transaction; returns each one's result, SlotsFull or BundlesFull.

        When one fails otherwise, all are rolled back and each runs alone, so that only the
        failing one fails. Raises StorageError when the database refused: nothing was kept.
        """
        try:
            return self._transaction(jobs)
        except StorageError:
            raise
        except Exception as error:
            if len(jobs) == 1:
                return [error]
        return [outcome for job in jobs for outcome in self.commit([job])]

    def _transaction(self, jobs: Sequence[Job]) -> list[Any | Exception]:
        outcomes: list[Any | Exception] = []
        try:
            with self._writing.begin() as connection:
                writer = Writer(connection, self._rng, len(jobs), self.size, self._known)
                for job in jobs:
                    try:
                        outcomes.append(job(writer))
                    except (SlotsFull, BundlesFull) as full:  # raised before anything is written
                        outcomes.append(full)
                writer.flush()
        except DBAPIError as error:
            raise dialect.failure(error) from None
        self.used += writer.added
        known = self._known
        for message_id in writer.forgotten:
            known.places.pop(message_id, None)
        return outcomes

    def refresh(self) -> list[tuple[bytes, bytes]]:
        """Return id 16 and hint 64 bytes of every message; from then on they are found by id.

        Renews ``used`` and ``size``.
        """
        with self._reading() as connection:
            made = slots.made(connection)  # first: what is added meanwhile counts as added
            messages = slots.used(connection)
            self.size = slots.made(connection)
        self._known = slots.KnownSlots({message_id: slot for slot, message_id, _ in messages}, made)
        self.used = len(messages)
        return [(message_id, hint) for _, message_id, hint in messages]

    def days(self) -> dict[int, int]:
        """Return how many messages expire on each day."""
        with self._reading() as connection:
            return slots.days(connection)

    def read(self, message_ids: Sequence[bytes]) -> list[tuple[bool, bytes]]:
        """Return, for each 16-byte id, whether it is a message's, and an envelope either way."""
        with self._reading() as connection:
            return slots.read(connection, self._rng, self.size, self._known, message_ids)

    def latest_bundles(self, vks: Iterable[bytes], now: int) -> Mapping[bytes, list[Bundle]]:
        """Return, for each investigator, the bundle that began last at ``now``, if any."""
        with self._reading() as connection:
            return {vk: bundles.latest(connection, vk, now) for vk in vks}

    def tidy(self) -> None:
        """Remove what tells the order of the epoch's writes, as far as the database can."""
        try:
            dialect.tidy(self._engine)
        except DBAPIError as error:
            raise dialect.failure(error) from None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise dialect.failure(error) from None
