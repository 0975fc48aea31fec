"""Attackers who hold places: thousands of connections on a few bytes a second.

    python -m tests.server.holding '{"port": 8000}' refused 2000 8000

A program of its own. Each of so many connects, sends the beginning of something, lets single bytes
follow, and comes again when it is dropped. All of them together send no more than so many bytes a
second, after a first beginning each. Or they ask for something whole, again and again (REPEATED):
then nothing holds them back but the server.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass

from app.protocol.wire import ENVELOPE_BYTES

_FIRST, _BETWEEN = 2.0, 10.0
"""Seconds until the first single byte of a connection, and between it and the others."""
_SMALL_BUFFER = 4_096


@dataclass(frozen=True)
class Endpoint:
    """A way to a server: a port of this machine, or a Unix socket.

    ``circuits`` is how many circuits Tor would tell of there (0: nobody tells any); ``tls`` is the
    certificate of a proxy at the port, to which callers come from ``addresses`` addresses.
    """

    port: int = 0
    socket: str = ""
    circuits: int = 0
    tls: str = ""
    name: str = "localhost"
    addresses: int = 1

    def first(self, number: int) -> bytes:
        """Return what a caller's connection begins with."""
        if not self.circuits:
            return b""
        circuit = number % self.circuits
        return f"PROXY TCP6 fc00:dead:beef:4dad::1:{circuit:x} ::1 {circuit} 80\r\n".encode()

    def connected(self, number: int, *, deaf: bool = False) -> socket.socket:
        """Return a new connection of a caller, without TLS."""
        made = socket.socket(socket.AF_UNIX if self.socket else socket.AF_INET)
        try:
            if deaf:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
            if self.addresses > 1:
                house, host = divmod(number % self.addresses, 200)
                made.bind((f"127.1.{house}.{host + 1}", 0))
            made.connect(self.socket or ("127.0.0.1", self.port))
        except OSError:
            made.close()
            raise
        return made

    def secured(self) -> ssl.SSLContext | None:
        """Return how TLS is spoken at this endpoint, if it is."""
        return ssl.create_default_context(cafile=self.tls) if self.tls else None


def _head(first: str, length: int) -> bytes:
    return f"{first} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def _post(epoch: int) -> bytes:
    return _head(f"POST /api/v1/messages?epoch={epoch}", 3 * ENVELOPE_BYTES)


def half(endpoint: Endpoint, head: str, size: int, sent: int, **headers: str) -> socket.socket:
    """Return a connection on which so many bytes of a body were sent, and no more will be."""
    lines = [f"{head} HTTP/1.1", "Host: x", f"Content-Length: {size}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    connection = endpoint.connected(0)
    connection.sendall(endpoint.first(0) + "\r\n".join([*lines, "", ""]).encode() + bytes(sent))
    return connection


BEGINNINGS: dict[str, Callable[[int], bytes]] = {
    "refused": _post,
    "stale": lambda _: _post(0),
    "answered": lambda _: _head("GET /api/v1/directory", 60_000),
    "uploads": lambda _: _head("POST /api/v1/bundles", 2_500_000),
    "heads": lambda _: b"GET /api/v1/directory HTTP/1.1\r\nHost: ",
    "idle": lambda _: b"",
    "deaf": lambda _: b"GET /api/v1/challenges HTTP/1.1\r\nHost: x\r\n\r\n" * 8,
}
"""What is begun and never ended, by its name, made with the number of the epoch in service."""


REPEATED: dict[str, Callable[[], bytes]] = {
    "deletions": lambda: f"DELETE /api/v1/messages/{os.urandom(16).hex()}".encode(),
    "pages": lambda: b"GET /nowhere",
}
"""What is asked for whole, again and again, the next as soon as the one before is answered."""
_REST_OF_HEAD = b" HTTP/1.1\r\nHost: x\r\n\r\n"


class _Budget:
    """Bytes that may be sent: ``at_first``, and so many a second."""

    def __init__(self, at_first: int, per_second: float) -> None:
        self._left = float(at_first)
        self._per_second = per_second
        self._at = time.monotonic()
        self._turn = asyncio.Lock()
        self._first = at_first
        self.spent_first = asyncio.Event()

    async def spend(self, size: int) -> None:
        async with self._turn:
            while True:
                now = time.monotonic()
                self._left += (now - self._at) * self._per_second
                self._at = now
                if self._left >= size:
                    break
                await asyncio.sleep((size - self._left) / self._per_second)
            self._left -= size
            self._first -= size
            if self._first <= 0:
                self.spent_first.set()


async def _hold(endpoint: Endpoint, number: int, kind: str, begins: bytes, budget: _Budget) -> None:
    context = endpoint.secured()
    named = endpoint.name if context else None
    while True:
        await budget.spend(len(begins) + len(endpoint.first(number)))
        with suppress(OSError):
            made = await asyncio.to_thread(endpoint.connected, number, deaf=kind == "deaf")
            reader, writer = await asyncio.open_connection(
                sock=made, ssl=context, server_hostname=named
            )
            try:
                writer.write(endpoint.first(number) + begins)
                gone = asyncio.ensure_future(_gone(reader, kind))
                pause = _FIRST
                while not gone.done():
                    await asyncio.wait([gone], timeout=pause)
                    pause = _BETWEEN
                    if not gone.done() and kind not in ("idle", "deaf"):
                        await budget.spend(1)
                        writer.write(b"x")
            finally:
                writer.close()
        await asyncio.sleep(0.05)


async def _repeat(endpoint: Endpoint, number: int, kind: str) -> None:
    """Have a whole request under way at every moment, and another behind it."""
    make, context = REPEATED[kind], endpoint.secured()
    named = endpoint.name if context else None
    while True:
        with suppress(OSError):
            made = await asyncio.to_thread(endpoint.connected, number)
            reader, writer = await asyncio.open_connection(
                sock=made, ssl=context, server_hostname=named
            )
            try:
                writer.write(endpoint.first(number) + 2 * (make() + _REST_OF_HEAD))
                while said := await reader.read(65_536):
                    writer.write(said.count(b"HTTP/1.1 ") * (make() + _REST_OF_HEAD))
            finally:
                writer.close()
        await asyncio.sleep(0.05)


async def _gone(reader: asyncio.StreamReader, kind: str) -> None:
    """Return when the server has hung up. Who is deaf takes nothing of what it says."""
    if kind == "deaf":
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()
    with suppress(OSError):
        while await reader.read(65_536):
            pass


async def _attack(endpoint: Endpoint, kind: str, count: int, per_second: float, epoch: int) -> None:
    if kind in REPEATED:
        asking = [asyncio.create_task(_repeat(endpoint, number, kind)) for number in range(count)]
        await asyncio.sleep(_FIRST)
        print("holding", flush=True)
        await asyncio.gather(*asking)
    begins = BEGINNINGS[kind](epoch)
    at_first = count * (len(begins) + len(endpoint.first(0)))
    budget = _Budget(at_first, per_second)
    holding = [
        asyncio.create_task(_hold(endpoint, number, kind, begins, budget))
        for number in range(count)
    ]
    await budget.spent_first.wait()
    print("holding", flush=True)
    await asyncio.gather(*holding)


@contextmanager
def attackers(
    endpoint: Endpoint, kind: str, count: int, per_second: float, epoch: int = 0
) -> Iterator[None]:
    """Let attackers begin, and go on until the block is over."""
    command = [sys.executable, "-m", __name__, json.dumps(asdict(endpoint)), kind]
    child = subprocess.Popen(
        [*command, str(count), str(per_second), str(epoch)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"holding\n"
        yield
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


if __name__ == "__main__":
    where, what, how_many, rate, named = sys.argv[1:]
    asyncio.run(
        _attack(Endpoint(**json.loads(where)), what, int(how_many), float(rate), int(named))
    )
