"""``quietline server stats`` and ``prune``: what is kept, counted by day; what a flood left, gone.

They work on the data beside a running server, and show and change nothing finer than a day.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from app.server.blobs import BlobsAway
from app.server.blobs.stores import store_of
from app.server.published import Refused, read_directory
from app.server.retention import day_of, messages_of_day
from app.server.settings import Settings
from app.server.storage.database import Storage
from app.server.storage.errors import StorageError

FLOOD_DAYS = 14
"""What a flooded day left expires so many days from now."""
_FIRST = dt.date(1970, 1, 1)


class CannotDo(Exception):
    """The data could not be read or changed; the text says why, in words."""


def stats(settings: Settings, *, as_json: bool) -> str:
    """Return how much is kept, by day of expiry, as text or JSON. Raises CannotDo."""
    with _opened(settings) as storage:
        messages, size = storage.days(), storage.size
    try:
        store = store_of(settings)
        chunks = store.days()
        store.close()
    except BlobsAway:
        raise CannotDo("The store of attachments does not answer: check blob_url.") from None
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


def prune(settings: Settings, flooded: dt.date, now: float) -> int:
    """Let what is left of a flooded day expire in 14 days; return how many. Raises CannotDo."""
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
    first, last = messages_of_day(day, directory.message_days, settings.expiry_spread_days)
    with _opened(settings) as storage:
        (outcome,) = storage.commit([lambda writer: writer.hasten(first, last, today + FLOOD_DAYS)])
    if isinstance(outcome, Exception):
        raise CannotDo("The messages could not be changed.") from outcome
    return int(outcome)


def said_of(flooded: dt.date, spread: int) -> str:
    """Return what pruning a day does, for whoever is asked whether to."""
    return (
        f"What is left of {flooded} expires in {FLOOD_DAYS} days. The server knows a message's "
        f"day only within {spread} days, so what came up to {spread} days before or after goes "
        "with it. Consoles have deleted what they have read: left are a flood's messages, and "
        "answers that wait for reporters.\n"
        "Has every console synced fully since that day?"
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


def _by_date(days: dict[int, int]) -> dict[str, int]:
    return {str(_date(day)): count for day, count in sorted(days.items())}


def _date(day: int) -> dt.date:
    return _FIRST + dt.timedelta(days=day)
