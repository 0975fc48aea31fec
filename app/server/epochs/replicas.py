"""Copying an epoch from the server that leads: the bytes that it gives to everyone.

Several servers of one line must give the same bytes, and a challenge set is never written to a
database. So the others are replicas of the leader: they ask it for the three public files.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.protocol.challenges import MAX_ROWS, ROW_BYTES
from app.protocol.errors import ProtocolError
from app.protocol.group import Rng
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


async def copy(address: str, after: int, seconds: float, rng: Rng) -> Copied | None:
    """Return the leader's epoch if its number is above ``after``, else None. Raises PeerFails.

    ``seconds`` is how long the leader may be silent at each call, on the whole.
    """
    # A server that is alone, or leads, never needs an HTTP client in its memory.
    from app.client.transport.circuits import Circuit, NotReached, at_socket
    from app.client.transport.exchange import TooLarge

    server, socket = _way(address)
    way = None if socket is None else at_socket(socket)
    got: list[bytes] = []
    try:
        async with Circuit(rng, transport=way, seconds=seconds, tls=_trusted(address)) as circuit:
            for call in _CALLS:
                url = f"{server}/api/v1/{call}"
                answer = await circuit.call("GET", url, _LARGEST, patience=seconds)
                got.append(answer.body)
                if answer.status != 200:
                    raise PeerFails
                if EpochBundles.parse(got[0]).epoch <= after:
                    return None
    except (NotReached, TooLarge, ProtocolError):
        raise PeerFails from None
    bundles, directory, challenges, again = got
    if again != bundles:  # it turned in between
        raise PeerFails
    if len(challenges) % ROW_BYTES or len(challenges) > MAX_ROWS * ROW_BYTES:
        raise PeerFails
    return Copied(EpochBundles.parse(bundles).epoch, directory, bundles, challenges)


def _way(address: str) -> tuple[str, str | None]:
    """Return what a leader's addresses begin with, and its socket if it has one of this machine."""
    where = urlsplit(address)
    return (
        ("http://localhost", where.path) if where.scheme == "unix" else (address.rstrip("/"), None)
    )


def _trusted(address: str) -> ssl.SSLContext:
    """Return whom the system trusts, an operator's authority too; no one where there is no TLS."""
    if address.startswith("https:"):
        return ssl.create_default_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
