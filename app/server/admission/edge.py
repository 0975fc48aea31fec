"""Telling one caller from another for a moment, without knowing who either is.

At the very edge, before the address is taken from a request, it becomes a keyed hash whose key is
random, lives in this process's memory and changes every hour. Nothing else of the address goes on,
and neither hash nor key is ever stored, logged or sent anywhere.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import Scope

from app.protocol.group import Rng

CALLER = "quietline.caller"
"""Where a scope carries the hash, if its caller can be told from others."""

TOR_CIRCUITS = ipaddress.ip_network("fc00:dead:beef:4dad::/64")
"""Addresses that Tor gives for its circuits (HiddenServiceExportCircuitID haproxy)."""

_HOUR = 3_600
_KEY_BYTES = 32
_HASH_BYTES = 8
_IPV6_HOUSE = 64


class Edge:
    """Makes the hashes. ``clock`` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float], rng: Rng) -> None:
        self._clock = clock
        self._rng = rng
        self._hour = -1
        self._key = b""

    def caller(self, scope: Scope) -> str | None:
        """Return the hash of who calls in an HTTP scope; None if callers cannot be told apart.

        A connection that began with a PROXY line carries it already (proxy_protocol).
        """
        if CALLER in scope:
            known: str | None = scope[CALLER]
            return known
        client = scope.get("client")
        return self.hash_of(client[0] if client else None)

    def hash_of(self, source: str | None) -> str | None:
        """Return the hash of an address; None if it tells no caller from another.

        That is so on a Unix socket, and for a loopback address: behind a proxy everyone has it, and
        one flood would shut all callers out.
        """
        try:
            address = ipaddress.ip_address(source) if source else None
        except ValueError:
            return None
        if address is None or address.is_loopback:
            return None
        network = address.packed
        if address.version == 6 and address not in TOR_CIRCUITS:
            network = network[: _IPV6_HOUSE // 8]  # one house has them all
        return hashlib.blake2b(
            network, key=self._key_of_the_hour(), digest_size=_HASH_BYTES
        ).hexdigest()

    def _key_of_the_hour(self) -> bytes:
        hour = int(self._clock() // _HOUR)
        if hour != self._hour:
            self._hour, self._key = hour, self._rng(_KEY_BYTES)
        return self._key


def caller_of(request: Request) -> str:
    """Return the hash of who calls, or nothing."""
    return str(request.scope.get(CALLER) or "")


def is_anybody(request: Request) -> bool:
    """Say whether this caller cannot be told from others."""
    return not caller_of(request)
