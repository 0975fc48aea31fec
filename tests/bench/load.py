"""A client that is fast enough not to be what is measured: raw HTTP/1.1 over a Unix socket.

Requests are bytes made ahead; of an answer only the status and the length are looked at, and its
bytes where somebody wants them. One request is under way on each connection, as with browsers
behind a proxy.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

AT_ONCE = 32
_BUFFER = 2**20
_PATIENCE = 240.0


@dataclass
class Outcome:
    """What a run of requests showed. Times are in seconds."""

    seconds: float = 0.0
    busy: float = 0.0
    """Processor time of the client: near ``seconds``, and it is the client that was measured."""
    statuses: Counter[int] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return sum(self.statuses.values()) / self.seconds


class Unexpected(Exception):
    """A server did not answer what was expected: a measurement would mean nothing."""


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Return a request's bytes; a header's underscores stand for hyphens."""
    lines = [f"{method} {path} HTTP/1.1", "Host: line"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/octet-stream", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(
    socket: Path,
    requests: Sequence[bytes],
    *,
    status: int | None = 200,
    at_once: int = AT_ONCE,
    keep: bool = False,
) -> Outcome:
    """Send all requests, ``at_once`` at a time, and wait for every answer.

    ``keep`` keeps the answers' bodies. Raises Unexpected for another ``status`` (None: any).
    """
    outcome = uvloop.run(_drive(socket, requests, at_once, keep))
    if status is not None and set(outcome.statuses) != {status}:
        raise Unexpected(f"wanted {status} {len(requests)} times, got {dict(outcome.statuses)}")
    return outcome


def get(socket: Path, path: str) -> bytes:
    """Return what is at a path. Raises Unexpected if it is no 200."""
    return drive(socket, [request("GET", path)], at_once=1, keep=True).bodies[0]


async def _drive(socket: Path, requests: Sequence[bytes], at_once: int, keep: bool) -> Outcome:
    loop, outcome, left = asyncio.get_running_loop(), Outcome(), iter(requests)
    connections = []
    for _ in range(min(at_once, len(requests))):
        _, one = await loop.create_unix_connection(
            lambda: _Connection(left, outcome, keep), str(socket)
        )
        connections.append(one)
    busy, began = time.process_time(), time.perf_counter()
    for one in connections:
        one.next()
    try:
        async with asyncio.timeout(_PATIENCE):
            await asyncio.gather(*(one.done for one in connections))
    except TimeoutError:
        raise Unexpected(f"no answer in {_PATIENCE:.0f} seconds") from None
    outcome.seconds = time.perf_counter() - began
    outcome.busy = time.process_time() - busy
    return outcome


class _Connection(asyncio.BufferedProtocol):
    """Sends the next request whenever an answer is whole."""

    def __init__(self, left: Iterator[bytes], outcome: Outcome, keep: bool) -> None:
        self._left = left
        self._outcome = outcome
        self._keep = keep
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)
        self._missing = 0
        self._head = b""
        self._body = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(Unexpected(f"the server hung up: {error}"))

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._view

    def buffer_updated(self, size: int) -> None:
        if self._missing:
            self._missing -= size
            if self._keep:
                self._body += self._view[:size]
        else:
            self._head += self._view[:size]
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._head[:end].lower()
            body = self._head[end + 4 :]
            _, _, length = head.partition(b"content-length:")
            self._missing = int(length.split(b"\r\n")[0] or 0) - len(body)
            self._status = int(head[9:12])
            self._body = body if self._keep else b""
        if not self._missing:
            self._outcome.statuses[self._status] += 1
            if self._keep:
                self._outcome.bodies.append(self._body)
            self._head = b""
            self.next()

    def next(self) -> None:
        """Send the next request, or hang up."""
        following = next(self._left, None)
        if following is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._transport.write(following)
