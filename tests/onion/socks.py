"""A call over SOCKS that shows Tor's own answer: why an onion could not be reached."""

from __future__ import annotations

import contextlib
import socket

MISSING_KEY, WRONG_KEY = 0xF4, 0xF5
"""Tor's extended errors (proposal 304): an onion that is closed to who has no, or another, key."""


class NotReached(Exception):
    """Tor did not reach the onion; ``code`` is the SOCKS reply."""

    def __init__(self, code: int) -> None:
        super().__init__(f"SOCKS reply {code:#x}")
        self.code = code


def get(port: int, onion: str, path: str, seconds: float = 60) -> bytes:
    """Return a whole answer of GET through the Tor at ``port``. Raises NotReached, OSError."""
    name = onion.encode()
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), seconds)) as wire:
        wire.settimeout(seconds)
        wire.sendall(b"\x05\x01\x00")
        _exactly(wire, 2)
        wire.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + (80).to_bytes(2))
        code = _exactly(wire, 4)[1]
        if code:
            raise NotReached(code)
        _exactly(wire, 6)
        ask = f"GET {path} HTTP/1.1\r\nHost: {onion}\r\nConnection: close\r\n\r\n"
        wire.sendall(ask.encode())
        answer = b""
        while piece := wire.recv(65_536):
            answer += piece
        return answer


def _exactly(wire: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = wire.recv(size - len(data))
        if not piece:
            raise ConnectionError("Tor closed the connection.")
        data += piece
    return data
