"""Copying an epoch from the server that leads: the bytes that it gives to everyone.

Several servers of one line must give the same bytes, and a challenge set is never written to a
database. So the others are replicas of the leader: they ask it for the three public files.
"""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.protocol.challenges import MAX_ROWS, ROW_BYTES
from app.protocol.errors import ProtocolError
from app.protocol.wire import EpochBundles

_LARGEST = 16 * 2**20
_CALLS = ("bundles", "directory", "challenges", "bundles")


class PeerFails(Exception):
    """The leader did not give an epoch; asking again makes sense."""


@dataclass(frozen=True, slots=True)
class Copied:
    """An epoch as the leader gives it to everyone."""

    number: int
    directory: bytes
    bundles: bytes
    challenges: bytes


def copy(address: str, after: int, seconds: float) -> Copied | None:
    """Return the leader's epoch if its number is above ``after``, else None. Raises PeerFails.

    ``seconds`` is how long the leader may be silent.
    """
    connection, before = _connection(address, seconds)
    got: list[bytes] = []
    try:
        for call in _CALLS:
            connection.request("GET", f"{before}/api/v1/{call}")
            answer = connection.getresponse()
            got.append(answer.read(_LARGEST))
            if answer.status != 200:
                raise PeerFails
            if EpochBundles.parse(got[0]).epoch <= after:
                return None
    except (OSError, http.client.HTTPException, ProtocolError):
        raise PeerFails from None
    finally:
        connection.close()
    bundles, directory, challenges, again = got
    if again != bundles:  # it turned in between
        raise PeerFails
    if len(challenges) % ROW_BYTES or len(challenges) > MAX_ROWS * ROW_BYTES:
        raise PeerFails
    return Copied(EpochBundles.parse(bundles).epoch, directory, bundles, challenges)


class _AtSocket(http.client.HTTPConnection):
    """A connection to a server of the same machine, at the path of its Unix socket."""

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        """Connect. Raises OSError."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection(address: str, seconds: float) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection to a leader, not yet open, and what its paths begin with."""
    where = urlsplit(address)
    if where.scheme == "unix":
        return _AtSocket(where.path, seconds), ""
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    return kind(where.hostname or "", where.port, timeout=seconds), where.path.rstrip("/")
