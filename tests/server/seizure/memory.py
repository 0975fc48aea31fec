"""A process's memory, as in its core image: all that it can write to."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterator
from pathlib import Path


def writable(pid: int) -> Iterator[bytes]:
    """Yield the content of every writable mapping of a running process."""
    process = Path(f"/proc/{pid}")
    with (process / "maps").open() as maps, (process / "mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if rights.startswith("rw"):
                begin, end = (int(part, 16) for part in span.split("-"))
                try:
                    memory.seek(begin)
                    yield memory.read(end - begin)
                except (OSError, ValueError, OverflowError):  # a mapping of the kernel's own
                    continue


def shapes_of(address: str) -> list[bytes]:
    """Return what an IPv4 address looks like in memory: texts, and sockets' own structures.

    Its four bytes alone turn up by chance; with the family before them, as in sockaddr_in
    (family, any port, address) and in an IPv6 address that maps it, they do not.
    """
    packed = ipaddress.IPv4Address(address).packed
    family = re.escape(socket.AF_INET.to_bytes(2, "little"))
    return [
        re.escape(address.encode()),
        re.escape(address.encode("utf-16-le")),
        re.escape(address.encode("utf-32-le")),
        family + rb"[\x00-\xff]{2}" + re.escape(packed) + rb"\x00{8}",
        re.escape(bytes(10) + b"\xff\xff" + packed),
    ]


def found(pid: int, patterns: list[bytes]) -> dict[bytes, int]:
    """Return how often each pattern is in the process's memory."""
    compiled = [(one, re.compile(one, re.DOTALL)) for one in patterns]
    counts = dict.fromkeys(patterns, 0)
    for content in writable(pid):
        for pattern, sought in compiled:
            counts[pattern] += sum(1 for _ in sought.finditer(content))
    return {pattern: count for pattern, count in counts.items() if count}
