"""``quietline server stats`` and ``prune``: what is kept, counted by day; what a flood left, gone.

They work on the data beside a running server, and show and change nothing finer than a day.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.server.chunks import BlobsAway, BlobsFull, BlobStore
from app.server.chunks.stores import NoClient, store_of
from app.server.epochs.signed_directory import Refused, read_directory
from app.server.messages.expiry import chunks_of_day, day_of, messages_of_day
from app.server.settings import Settings
from app.server.storage.database import Storage
from app.server.storage.failures import StorageError

FLOOD_DAYS = 14
"""What a flooded day left expires so many days from now."""
_FIRST = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many messages and chunks expire sooner."""

    messages: int
    chunks: int


class CannotDo(Exception):
    """The data could not be read or changed; the text says why, in words."""


def stats(settings: Settings, *, as_json: bool) -> str:
    """Return how much is kept, by day of expiry, as text or JSON. Raises CannotDo."""
    with _opened(settings) as storage:
        messages, size = storage.days(), storage.size
    with _chunks(settings) as store:
        chunks = store.days()
    facts = {
        "slots": size,
        "messages": sum(messages.values()),
        "messages_by_day": _by_date(messages),
        "chunks": sum(chunks.values()),
        "chunks_by_day": _by_date(chunks),
    }
    if as_json:
        return json.dumps(facts)
    lines = [f"{facts['messages']} messages in {size} slots, {facts['chunks']} chunks of files."]
    lines += [f"  {'expires on':<12}{'messages':>10}{'chunks':>10}"]
    for day in sorted(messages.keys() | chunks.keys()):
        lines.append(f"  {_date(day)!s:<12}{messages.get(day, 0):>10}{chunks.get(day, 0):>10}")
    return "\n".join(lines)


def prune(settings: Settings, flooded: dt.date, now: float) -> Pruned:
    """Let what is left of a flooded day expire in 14 days. Raises CannotDo."""
    day, today = (flooded - _FIRST).days, day_of(now)
    if day > today - 2:
        raise CannotDo(
            "That day is too near: consoles delete what they have read within 24 hours. "
            "Prune it two days later."
        )
    try:
        directory = read_directory(settings.directory_file, settings.line_id_bytes, None)
    except Refused as refused:
        raise CannotDo(str(refused)) from None
    until, spread, days = today + FLOOD_DAYS, settings.expiry_spread_days, directory.message_days
    first, last = messages_of_day(day, days, spread)
    with _opened(settings) as storage:
        (outcome,) = storage.commit([lambda writer: writer.hasten(first, last, until)])
    if isinstance(outcome, Exception):
        raise CannotDo("The messages could not be changed.") from outcome
    first, last = chunks_of_day(day, days, spread, settings.chunk_extra_days)
    with _chunks(settings) as store:
        return Pruned(int(outcome), store.hasten(first, last, until))


def said_of(flooded: dt.date, spread: int) -> str:
    """Return what pruning a day does, for whoever is asked whether to."""
    return (
        f"What is left of {flooded} expires in {FLOOD_DAYS} days, messages and parts of files. The "
        f"server knows a day only within {spread} days, so what came up to {spread} days before or "
        "after goes with it. Consoles have deleted the messages that they have read: left are a "
        "flood's, and answers that wait for reporters. Files cannot be told apart: those of true "
        "reports go as well, so let every console fetch what it still wants.\n"
        "Has every console synced fully since that day, and fetched its files?"
    )


@contextmanager
def _opened(settings: Settings) -> Iterator[Storage]:
    storage = Storage(settings.database, os.urandom)
    try:
        storage.open()
        yield storage
        storage.close()
    except StorageError as error:
        raise CannotDo(f"{error} Check the data folder, its disk and its rights.") from None


@contextmanager
def _chunks(settings: Settings) -> Iterator[BlobStore]:
    try:
        store = store_of(settings)
        yield store
        store.close()
    except NoClient as error:
        raise CannotDo(str(error)) from None
    except BlobsAway:
        raise CannotDo("The store of attachments does not answer: check blob_url.") from None
    except BlobsFull:
        raise CannotDo("The attachments' disk is full or cannot be written.") from None


def _by_date(days: dict[int, int]) -> dict[str, int]:
    return {str(_date(day)): count for day, count in sorted(days.items())}


def _date(day: int) -> dt.date:
    return _FIRST + dt.timedelta(days=day)
