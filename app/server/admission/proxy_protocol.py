"""The PROXY protocol's line, with which Tor or a proxy begins a connection (haproxy's, version 1).

With ``HiddenServiceExportCircuitID haproxy`` Tor writes
``PROXY TCP6 fc00:dead:beef:4dad::0:f6 ::1 246 80``: a number for the circuit, the same for all that
comes through it. On Tor's own socket, or everywhere where the setting ``proxy_protocol`` says so,
each connection must begin with such a line; one that does not is refused. Of the line a hash under
the key of the hour is kept (edge), in memory, as long as the connection lasts; nothing of it is
logged, stored or answered.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Any, Literal

from app.server.admission.connections import Bounded
from app.server.admission.edge import CALLER, TOR_CIRCUITS, Edge
from app.server.admission.listeners import AT_DESK
from app.server.admission.watch import Watches
from app.server.responses.problem_details import BUSY, MALFORMED

MAX_BYTES = 107
"""The longest line, with its CRLF (PROXY protocol, 2.1)."""
_BEGINNING = b"PROXY "
_VERSIONS = {"TCP4": 4, "TCP6": 6}

Whose = Literal["tor", "any"]
"""From whom lines are taken: Tor alone, or any proxy, which then gives clients' addresses."""


class BadLine(Exception):
    """A connection does not begin with a line that is taken here."""


class FirstLine:
    """Reads the line of one connection, in however many pieces it comes."""

    def __init__(self, whose: Whose) -> None:
        self._whose = whose
        self._seen = b""

    def feed(self, data: bytes) -> tuple[str | None, bytes] | None:
        """Return whom the line names (None: it does not say) and what follows; None: go on.

        Raises BadLine as soon as it cannot become a line any more.
        """
        seen = self._seen + data[: MAX_BYTES - len(self._seen)]
        if not (seen.startswith(_BEGINNING) or _BEGINNING.startswith(seen)):
            raise BadLine
        line, end, _ = seen.partition(b"\r\n")
        if end:
            return self._named(line), data[len(line) + len(end) - len(self._seen) :]
        if len(seen) == MAX_BYTES:
            raise BadLine
        self._seen = seen
        return None

    def _named(self, line: bytes) -> str | None:
        try:
            _, family, *fields = line.decode("ascii").split(" ")
            if family == "UNKNOWN" and self._whose == "any":
                return None
            source, destination, *ports = fields
            version = _VERSIONS[family]
            named = ipaddress.ip_address(source)
            if {named.version, ipaddress.ip_address(destination).version} != {version}:
                raise BadLine
        except (ValueError, KeyError):
            raise BadLine from None
        if len(ports) != 2 or not all(_is_port(port) for port in ports):
            raise BadLine
        if self._whose == "tor" and named not in TOR_CIRCUITS:
            raise BadLine
        return source


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) < 2**16


class Announced(Bounded):
    """One connection within bounds that must begin with the line, if it came ``at`` these sockets.

    ``at`` are Unix sockets' paths (None: wherever it came); ``desk`` is that of the investigators.
    """

    def __init__(
        self,
        edge: Edge,
        whose: Whose,
        at: frozenset[str] | None,
        desk: str | None,
        watches: Watches,
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(watches, edge, *args, **options)
        self._at = at
        self._desk = desk
        self._at_desk = False
        self._announced = True
        self._line: FirstLine | None = FirstLine(whose)

    def _caller_of(self, transport: asyncio.Transport) -> str | None:
        """Return no caller where a line will say who it is: who connects is the proxy."""
        return None if self._announced else super()._caller_of(transport)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See at which socket it came."""
        came_by = transport.get_extra_info("sockname")
        if self._at is not None and came_by not in self._at:
            self._announced, self._line = False, None
        self._at_desk = self._desk is not None and came_by == self._desk
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Take the line off the front; what follows is HTTP."""
        if self._line is not None:
            if self.flow is None or self.transport.is_closing():
                return
            try:
                taken = self._line.feed(data)
            except BadLine:
                self._refuse_now(MALFORMED)
                return
            if taken is None:
                return
            source, data = taken
            self._line = None
            if not self._watch.name(self, self._edge.hash_of(source), self.loop.time()):
                self._refuse_now(BUSY)
                return
            if not data:
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Say with each request who calls, and nothing of who connected: that is the proxy."""
        super().on_message_begin()
        if not self._announced:
            return
        self.scope["client"] = None
        self.scope[CALLER] = self.caller  # type: ignore[literal-required]
        self.scope[AT_DESK] = self._at_desk  # type: ignore[literal-required]


def announced(
    watches: Watches,
    edge: Edge,
    whose: Whose,
    at: frozenset[str] | None = None,
    desk: str | None = None,
) -> type[asyncio.Protocol]:
    """Return the protocol class for uvicorn's ``http`` option.

    ``at`` are the paths of the Unix sockets at which lines are demanded (None: everywhere),
    ``desk`` is the one of them that is for investigators.
    """

    class OfThisServer(Announced):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(edge, whose, at, desk, watches, *args, **options)

    return OfThisServer
