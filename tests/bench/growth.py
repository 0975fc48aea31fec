"""The same calls with 10 and 100 times as much stored."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.protocol import challenges
from app.protocol.wire import ENVELOPE_BYTES, split_batch
from app.server.storage.database import Storage, Stored
from tests.bench import chunks, load, serving
from tests.bench.reports import KEPT, empty
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size, interleave
from tests.server.conftest import Line

TITLE = "With 10 and 100 times as much stored"
_TIMES = (1, 10, 100)
_MESSAGES, _CHUNKS = 80, 8
_PUT = "/api/v1/chunks/"
_POSTS, _READS, _SETS, _FILES, _UP = 300, 1_500, 3_000, 400, 80
_READ, _WRITE = 1 / 1.15, 1 / 1.3
"""A ratio of speeds: reading flat (within what such a measurement can tell), writing 1.3 times."""


@dataclass(frozen=True)
class Level:
    """A server with so many messages and chunks stored."""

    line: Line
    server: serving.Serving
    messages: int
    ids: list[str]
    chunk_ids: list[str]


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare each level with the first, call by call."""
    page = Page(TITLE, "quietline", f"with {_MESSAGES} messages, {_CHUNKS} chunks")
    with ExitStack() as stack:
        levels = {
            times: stack.enter_context(_level(folder / str(times), times, size)) for times in _TIMES
        }
        calls: dict[str, tuple[Callable[[Level], float], float]] = {
            "reading a message": (lambda one: _read(one, size), _READ),
            "reading a row of the challenge set": (lambda one: _set(one, size), _READ),
            "reading a chunk": (lambda one: _down(one, size), _READ),
            "writing a report": (lambda one: _post(one, size), _WRITE),
            "writing a chunk": (lambda one: _up(one, size), _WRITE),
        }
        for name, (call, least) in calls.items():
            medians = interleave(
                size.rounds,
                {str(t): lambda one=one, call=call: call(one) for t, one in levels.items()},
                bar,
            )
            for times in [one for one in levels if one != 1]:
                page.at_least(
                    round(least, 2),
                    f"{name}, {times} ×",
                    "/s of processor",
                    medians[str(times)],
                    medians["1"],
                )
    page.notes += [
        f"Three servers side by side, with {' / '.join(str(_MESSAGES * t) for t in _TIMES)} "
        f"messages and {' / '.join(str(_CHUNKS * t) for t in _TIMES)} chunks, and as many slots as "
        "a server makes by itself for them. A report has three envelopes.",
        "Speed is in calls for each second of the server's processor time, which what others do on "
        "the machine moves less than the clock. The three take turns, round by round.",
        "Flat means within 15 %, which is what such a measurement can tell; 1.3 times the cost is "
        "a ratio of 0.77. A challenge set grows with the messages (1,024 rows hold 1,024), so its "
        "cost is stated by the row.",
    ]
    return page


@contextmanager
def _level(folder: Path, times: int, size: Size) -> Iterator[Level]:
    line = serving.line_of(3, folder)
    messages, files = size.of(_MESSAGES) * times, size.of(_CHUNKS) * times
    ids = _fill(line, messages, size)
    room = 2 * (files + size.rounds * size.of(_UP)) + 64
    # No epoch turns meanwhile: what making a set takes is measured in `sets`.
    more = {"chunk_slots_initial": room, "epoch_seconds": 3_600}
    with serving.ours(line, slots_initial=64, **more) as server:
        names = [os.urandom(16).hex() for _ in range(files)]
        chunks.put(server.socket, _PUT, names, chunks.answers(server.socket, files))
        yield Level(line, server, messages, ids, names)


def _fill(line: Line, messages: int, size: Size) -> list[str]:
    """Store messages before the server starts; return their ids."""
    storage = Storage(line.settings().database, os.urandom)
    slots = 4_096 if size.is_full else 256
    while slots < 2 * messages:
        slots *= 2
    while storage.commit([lambda writer: writer.grow(slots)])[0] < slots:
        pass
    storage.open()
    for start in range(0, messages, 64):
        batch = serving.batch(min(64, messages - start))
        stored = [Stored(one, KEPT) for one in split_batch(batch, len(batch) // ENVELOPE_BYTES)]
        storage.commit([lambda writer, stored=stored: writer.put(stored)])
    ids = [message_id.hex() for message_id, _ in storage.refresh()]
    storage.close()
    return ids


def _read(level: Level, size: Size) -> float:
    return _get(level, [f"/api/v1/messages/{one}" for one in level.ids], size.of(_READS))


def _down(level: Level, size: Size) -> float:
    return _get(level, [_PUT + one for one in level.chunk_ids], size.of(_FILES))


def _set(level: Level, size: Size) -> float:
    rows = challenges.set_size(level.messages)
    return rows * _get(level, ["/api/v1/challenges"], max(2, size.of(_SETS) * 1_024 // rows))


def _get(level: Level, paths: list[str], count: int) -> float:
    chosen = [random.choice(paths) for _ in range(count)]
    requests = [load.request("GET", path) for path in chosen]
    before = level.server.busy()
    load.drive(level.server.socket, requests)
    return count / (level.server.busy() - before)


def _post(level: Level, size: Size) -> float:
    empty(level.line)
    requests = serving.posts(level.server.socket, size.of(_POSTS), 3)
    before = level.server.busy()
    load.drive(level.server.socket, requests, status=201)
    return len(requests) / (level.server.busy() - before)


def _up(level: Level, size: Size) -> float:
    names = [os.urandom(16).hex() for _ in range(size.of(_UP))]
    headers = chunks.answers(level.server.socket, len(names))
    before = level.server.busy()
    chunks.put(level.server.socket, _PUT, names, headers)
    return len(names) / (level.server.busy() - before)
