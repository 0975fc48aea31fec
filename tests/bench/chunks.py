"""Chunks of attachments, up and down."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from app.protocol import work
from app.protocol.wire import CHUNK_BYTES
from tests.bench import load, serving
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size, interleave

TITLE = "Chunks of attachments, up and down"
_CHUNKS = 100
_LEAST = 0.6
_MB = CHUNK_BYTES / 1e6
_AT_ONCE = 8


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare with a bare handler that writes each into a file of its own and syncs it."""
    line = serving.line_of(3, folder / "line")
    (folder / "files").mkdir()
    count = size.of(_CHUNKS)
    room = 2 * size.rounds * count + 64  # so that none have to be made meanwhile
    page = Page(TITLE, "quietline", "bare handler")
    with ExitStack() as stack:
        ours = stack.enter_context(serving.ours(line, slots_initial=256, chunk_slots_initial=room))
        bare = stack.enter_context(serving.bare("chunks", folder, str(folder / "files")))
        sides = {"ours": (ours.socket, "/api/v1/chunks/"), "bare": (bare.socket, "/")}
        last: dict[str, Sequence[str]] = {}

        def up(side: str) -> float:
            socket, path = sides[side]
            last[side] = names = [os.urandom(16).hex() for _ in range(count)]
            headers = answers(socket, count) if side == "ours" else [""] * count
            return put(socket, path, names, headers) * _MB

        def down(side: str) -> float:
            socket, path = sides[side]
            requests = [load.request("GET", path + name) for name in last[side]]
            return load.drive(socket, requests, at_once=_AT_ONCE).per_second * _MB

        for name, turn in (("up", up), ("down", down)):
            medians = interleave(
                size.rounds, {side: lambda side=side, turn=turn: turn(side) for side in sides}, bar
            )
            page.at_least(_LEAST, name, "MB/s", medians["ours"], medians["bare"])
    page.notes += [
        f"Chunks of {CHUNK_BYTES:,} bytes, {_AT_ONCE} connections. Both sides answer an upload "
        "only when the chunk is on disk; the bare handler syncs the file (but not its folder, "
        "whose entry a power cut could lose). Downloads come from the system's cache on both.",
    ]
    return page


def answers(socket: Path, uses: int) -> list[str]:
    """Return work for so many chunks; one answer is good for 32 of them, 8 at once."""
    bought = serving.answers(socket, -(-uses // work.CHUNKS) * _AT_ONCE, work.FILES)
    return [bought[n % len(bought)] for n in range(uses)]


def put(socket: Path, path: str, names: Sequence[str], headers: Sequence[str]) -> float:
    """Upload a chunk under each name; return how many a second were stored."""
    content = os.urandom(CHUNK_BYTES)
    requests = [
        load.request("PUT", path + name, content, Quietline_Work=header)
        for name, header in zip(names, headers, strict=True)
    ]
    return load.drive(socket, requests, status=201, at_once=_AT_ONCE).per_second
