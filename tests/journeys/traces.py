"""Looking for traces: everything under a folder, searched for what must not be there."""

from __future__ import annotations

import base64
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

_MOZ_LZ4 = b"mozLz40\0"


def forms(text: str) -> list[bytes]:
    """Return the ways in which a text may lie on a disk."""
    plain = text.encode()
    return [plain, text.encode("utf-16-le"), base64.b64encode(plain)[:-4], plain.hex().encode()]


def slices(data: bytes, size: int = 24, count: int = 200) -> list[bytes]:
    """Return pieces from all over a file's bytes."""
    step = max(1, (len(data) - size) // count)
    return [data[at : at + size] for at in range(0, len(data) - size, step)]


def clock_forms(moment: dt.datetime) -> list[bytes]:
    """Return how a clock time to the minute may be written, in UTC and as Unix seconds."""
    seconds = str(int(moment.timestamp()))
    return [
        moment.strftime("%H:%M:").encode(),
        moment.strftime("T%H:%M").encode(),
        moment.strftime(" %H:%M").encode(),
        moment.strftime("%H%M%S").encode(),
        seconds[:9].encode(),  # to ten seconds
    ]


def found_in(folder: Path, needles: list[bytes]) -> list[str]:
    """Return each place where a needle lies under a folder, names of files included."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder)).encode()
        data = unpacked(path.read_bytes()) if path.is_file() else b""
        for needle in needles:
            if needle in data or needle in name:
                found.append(f"{path.name}: {needle!r}")
    return found


def unpacked(data: bytes) -> bytes:
    """Return a file as it is, or what is in Firefox's own packing (mozLz40: one block of LZ4)."""
    if not data.startswith(_MOZ_LZ4):
        return data
    at, out = len(_MOZ_LZ4) + 4, bytearray()

    def more(length: int) -> int:
        nonlocal at
        if length == 15:
            while (step := data[at]) == 255:
                at, length = at + 1, length + 255
            at, length = at + 1, length + step
        return length

    while at < len(data):
        token, at = data[at], at + 1
        literals = more(token >> 4)
        out += data[at : at + literals]
        at += literals
        if at >= len(data):
            break
        back, at = int.from_bytes(data[at : at + 2], "little"), at + 2
        left = more(token & 15) + 4
        while left > 0:  # what is copied may go on into what it has just written
            piece = out[len(out) - back : len(out) - back + left]
            out += piece
            left -= len(piece)
    return bytes(out)


def integers(database: Path) -> Iterator[tuple[str, int]]:
    """Yield every whole number in a SQLite database, with its table and column."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, int):
                        yield f"{table}.{column}", value
    finally:
        connection.close()
