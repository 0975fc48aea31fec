"""What lies in the memory of a process and of all that it started: read as root may."""

from __future__ import annotations

import mmap
import os
import re
from array import array
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path

READABLE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r..(.) \S+ \S+ \S+ *(.*)")
AT_ONCE = 1024**2
"""So much stays in a processor's cache while it is searched for one needle after another."""
PAGE = mmap.PAGESIZE
UNREAD = ("[vvar]", "[vvar_vclock]", "[vsyscall]")
"""The kernel's own pages: they hold a clock."""


def family(pid: int) -> set[int]:
    """Return a process and everything that came of it and still runs."""
    parents: dict[int, int] = {}
    for one in Path("/proc").iterdir():
        if one.name.isdecimal():
            try:
                said = (one / "stat").read_text()
            except OSError:
                continue
            parents[int(one.name)] = int(said.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def found_in(pid: int, needles: dict[str, bytes]) -> dict[str, int]:
    """How often each needle lies in what the process can read, by its name; those found alone."""
    longest = max(map(len, needles.values()))
    counts = dict.fromkeys(needles, 0)
    for piece in _pieces(pid, longest):
        for name, needle in needles.items():
            counts[name] += piece.count(needle)
    return {name: count for name, count in counts.items() if count}


def told_beside(pids: Iterable[int]) -> bytes:
    """Arguments and environment of the processes: what others may read of them."""
    places = [Path(f"/proc/{pid}/{name}") for pid in pids for name in ("cmdline", "environ")]
    return b"\n".join(one.read_bytes() for one in places)


def _pieces(pid: int, overlap: int) -> Iterator[bytes]:
    process = Path(f"/proc/{pid}")
    lines = (process / "maps").read_text().splitlines()
    with (
        (process / "mem").open("rb", buffering=0) as memory,
        (process / "pagemap").open("rb", buffering=0) as pages,
    ):
        for line in lines:
            region = READABLE.match(line)
            if region is None or region[4] in UNREAD:
                continue
            start, end = int(region[1], 16), int(region[2], 16)
            for at in range(start, end, AT_ONCE):
                size = min(AT_ONCE + overlap, end - at)
                if region[3] == "p" and not _written(pages, at, size):
                    continue
                try:
                    memory.seek(at)
                    yield memory.read(size)
                except OSError:
                    # Mapped, and nothing behind it: the end of a file that is shorter.
                    continue


def _written(pages: FileIO, at: int, size: int) -> bool:
    """Whether a process has written to so many bytes of its own: neither untouched nor a file's.

    Bits 63 and 62 of a page's word: it is there; 61: it is a file's (Linux, pagemap.rst).
    """
    pages.seek(at // PAGE * 8)
    words = array("Q", pages.read(-(-size // PAGE) * 8))
    return any(word >> 62 and not word >> 61 & 1 for word in words)


def can_read_others() -> bool:
    """Whether this user may read any process's memory."""
    return os.geteuid() == 0
