"""Honest callers, by any endpoint: each call on a connection of its own, as a circuit has it."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from dataclasses import dataclass, field

from app.protocol import work
from app.protocol.wire import CHUNK_BYTES, ENVELOPE_BYTES
from tests.server.holding import Endpoint

PATIENCE = 30.0
_CIRCUIT = 0xFFFF
"""Of circuits that honest callers have; attackers' are counted from 0."""
ROUND_TRIP = 0.4
"""Seconds, of slow 3G."""
SLOW_3G = 50_000
"""Bytes a second: 400 kbit/s."""
_STEP = 5_000


@dataclass
class Fate:
    """What became of honest calls."""

    statuses: Counter[int] = field(default_factory=Counter)
    """By status; 0 is a call that got no answer, or had to wait for too long."""
    waits: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of calls that were answered as on a quiet line."""
        well = sum(self.statuses[status] for status in (200, 201, 204))
        return well / max(1, self.statuses.total())


def call(
    endpoint: Endpoint,
    head: str,
    body: bytes = b"",
    *,
    per_second: float | None = None,
    fate: Fate | None = None,
    number: int = _CIRCUIT,
    **headers: str,
) -> tuple[int, bytes]:
    """Return an answer's status and body; 0 if none came. ``per_second``: the pace of a phone."""
    lines = [f"{head} HTTP/1.1", f"Host: {endpoint.name}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    began = time.monotonic()
    try:
        said = _said(endpoint, "\r\n".join([*lines, "", ""]).encode(), body, per_second, number)
        status = int(said[9:12]) if said.startswith(b"HTTP/1.1 ") else 0
    except (OSError, ValueError):
        said, status = b"", 0
    if fate is not None:
        fate.statuses[status] += 1
        fate.waits.append(time.monotonic() - began)
    return status, said.partition(b"\r\n\r\n")[2]


def _said(
    endpoint: Endpoint, head: bytes, body: bytes, per_second: float | None, number: int
) -> bytes:
    honest = Endpoint(
        **{**vars(endpoint), "addresses": 1, "circuits": 0x1_0000 if endpoint.circuits else 0}
    )
    connection = honest.connected(number)
    connection.settimeout(PATIENCE)
    if (context := endpoint.secured()) is not None:
        connection = context.wrap_socket(connection, server_hostname=endpoint.name)
    with connection:
        connection.sendall(honest.first(number))
        if per_second is None:
            _send(connection, head + body)
        else:
            time.sleep(ROUND_TRIP)
            _send(connection, head)
            began = time.monotonic()
            for at in range(0, len(body), _STEP):
                time.sleep(max(0.0, began + at / per_second - time.monotonic()))
                _send(connection, body[at : at + _STEP])
        parts = []
        deadline = time.monotonic() + PATIENCE
        while part := connection.recv(65_536):
            parts.append(part)
            if time.monotonic() > deadline:
                raise TimeoutError
    return b"".join(parts)


def _send(connection: socket.socket, data: bytes) -> None:
    """Send; a server that has said something and hung up may still be heard."""
    try:
        connection.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        return


def epoch(endpoint: Endpoint) -> int:
    """Return the number of the epoch in service."""
    return int.from_bytes(call(endpoint, "GET /api/v1/bundles")[1][:8])


def visit(endpoint: Endpoint, batch: bytes, fate: Fate, per_second: float | None = None) -> int:
    """Make the calls of somebody who reads the page and sends a report; return the last status."""
    call(endpoint, "GET /api/v1/directory", fate=fate, per_second=per_second)
    call(endpoint, "GET /api/v1/challenges", fate=fate, per_second=per_second)
    call(endpoint, f"GET /api/v1/messages/{os.urandom(16).hex()}", fate=fate, per_second=per_second)
    return report(endpoint, batch, fate, per_second)


def report(endpoint: Endpoint, batch: bytes, fate: Fate, per_second: float | None = None) -> int:
    """Send one batch with work of its own; return its status."""
    status, challenge = call(endpoint, "GET /api/v1/work", fate=fate, per_second=per_second)
    if status != 200:
        return status
    _, bundles = call(endpoint, "GET /api/v1/bundles", fate=fate, per_second=per_second)
    path = f"POST /api/v1/messages?epoch={int.from_bytes(bundles[:8])}"
    answer = work.solve(challenge)
    status, _ = call(endpoint, path, batch, fate=fate, per_second=per_second, Quietline_Work=answer)
    return status


def chunk(endpoint: Endpoint, answer: str, fate: Fate, per_second: float | None = None) -> int:
    """Send one chunk with an answer to a challenge; return its status."""
    head, body = f"PUT /api/v1/chunks/{os.urandom(16).hex()}", os.urandom(CHUNK_BYTES)
    status, _ = call(endpoint, head, body, fate=fate, per_second=per_second, Quietline_Work=answer)
    return status


__all__ = ["ENVELOPE_BYTES", "Fate", "call", "chunk", "epoch", "report", "visit"]
