"""Looking through every file for what must not be there: words, addresses, clock times."""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_ENCODINGS = ("utf-8", "utf-16-le")
_FACTORS = {"milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}


def words(folder: Path, needles: Iterable[str]) -> list[str]:
    """Return which words are in which files, in any case, in UTF-8 and UTF-16."""
    wanted = [(word, word.lower().encode(encoding)) for word in needles for encoding in _ENCODINGS]
    return [
        f"{word!r} in {name}"
        for name, content in _files(folder)
        for lower in (content.lower(),)
        for word, sought in wanted
        if sought in lower
    ]


def pieces(folder: Path, wanted: Iterable[bytes]) -> list[str]:
    """Return which files hold which of some byte strings."""
    parts = list(wanted)
    return [
        f"{part[:8].hex()}… in {name}"
        for name, content in _files(folder)
        for part in parts
        if part in content
    ]


def times(rest: Mapping[str, bytes], first: float, last: float) -> list[str]:
    """Return where a time from ``first`` to ``last`` (Unix seconds) is written, finer than a day.

    ``rest``: files without what is random by construction, where any value turns up by chance.
    Text: seconds and smaller as digits, dates with hours. Binary: seconds in 4 bytes and floating
    point, smaller ones in 8 bytes, all in both orders. Whole days are not looked for.
    """
    return [
        f"{what} in {name}"
        for name, content in rest.items()
        for look in (_text, _binary)
        for what in look(content, first, last)
    ]


def _text(content: bytes, first: float, last: float) -> Iterator[str]:
    shared = len(_common(str(int(first)), str(int(last))))
    prefix = str(int(first))[:shared].encode()
    for match in re.finditer(
        rb"(?<!\d)" + prefix + rb"\d{" + str(10 - shared).encode() + rb",}", content
    ):
        if first <= int(match[0][:10]) <= last and len(match[0]) in (10, 13, 16, 19):
            yield f"the time {match[0].decode()}"
    days = {
        (dt.datetime.fromtimestamp(first, dt.UTC) + dt.timedelta(days=n)).date()
        for n in range(int((last - first) // 86_400) + 2)
    }
    for day in days:
        for match in re.finditer(day.isoformat().encode() + rb"[T ]\d\d:?\d\d", content):
            yield f"the time {match[0].decode()}"


def _binary(content: bytes, first: float, last: float) -> Iterator[str]:
    for what, factor in _FACTORS.items():
        low, high = int(first * factor), int(last * factor)
        for order, kind in (("little", "<Q"), ("big", ">Q")):
            yield from _within(content, what, kind, low.to_bytes(8, order), high.to_bytes(8, order))
    for order, kind in (("little", "<I"), ("big", ">I")):
        low, high = int(first).to_bytes(4, order), int(last).to_bytes(4, order)
        yield from _within(content, "seconds", kind, low, high)
    for kind in ("<d", ">d"):
        yield from _within(
            content, "seconds", kind, struct.pack(kind, first), struct.pack(kind, last)
        )


def _within(content: bytes, what: str, kind: str, low: bytes, high: bytes) -> Iterator[str]:
    """Look for what the two ends have in common, then compare the whole value."""
    big = kind.startswith(">")
    fixed = _common(low, high) if big else _common(low[::-1], high[::-1])[::-1]
    bottom, top = struct.unpack(kind, low)[0], struct.unpack(kind, high)[0]
    at = content.find(fixed)
    while at >= 0:
        start = at if big else at - (len(low) - len(fixed))
        whole = content[max(0, start) : start + len(low)]
        if start >= 0 and len(whole) == len(low) and bottom <= struct.unpack(kind, whole)[0] <= top:
            yield f"{what} ({whole.hex()})"
        at = content.find(fixed, at + 1)


def _common(first, last):
    size = 0
    while size < len(first) and first[size] == last[size]:
        size += 1
    return first[:size]


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder)), str(path.name).encode()
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
