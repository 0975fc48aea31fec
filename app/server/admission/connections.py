"""What one connection may cost: heads of a bounded size, no endless waiting, no endless queue.

uvicorn's HTTP protocol with bounds. A sender must finish its head within seconds and then keep a
pace; a reader must take what was sent to it; whoever does not is dropped without an answer. When
all places are taken, the one that has waited longest without a whole request makes room, so that
half-open connections cannot keep anybody out. Bodies say their length and are never decompressed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.server.admission.raw import answer_bytes
from app.server.errors import BUSY, HEAD_TOO_LARGE, LENGTH_REQUIRED, MALFORMED, Kind


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of connections; sizes in bytes, times in seconds."""

    connections: int = 2_000
    head_bytes: int = 16_384
    head_seconds: float = 20.0
    """For the whole head, from the connection's start or the head's first byte."""
    pace: int = 1_024
    """Bytes a second that a sender's body, or a reader's taking, must average..."""
    grace: float = 30.0
    """...after so many seconds: a stall of a phone's network costs nothing."""
    after_bytes: int = 2**20
    """Bytes of a body that are still taken after it was refused, so that the answer is heard."""
    pipelined: int = 8
    sweep: float = 1.0


class Watch:
    """All connections of a server, and those of them without a whole request, oldest first."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._all: set[Bounded] = set()
        self._waiting: dict[Bounded, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, one: Bounded) -> bool:
        """Take a connection in, dropping the one that has waited longest if there is no place.

        False if every place has a request under way.
        """
        if len(self._all) >= self.bounds.connections:
            longest = next(iter(self._waiting), None)
            if longest is None:
                return False
            self.leave(longest)
            longest.drop()
        self._all.add(one)
        self._waiting[one] = None
        if self._timer is None:
            self._timer = one.loop.call_later(self.bounds.sweep, self._sweep, one.loop)
        return True

    def leave(self, one: Bounded) -> None:
        """A connection has ended."""
        self._all.discard(one)
        self._waiting.pop(one, None)

    def busy(self, one: Bounded) -> None:
        """A request has begun."""
        self._waiting.pop(one, None)

    def waits(self, one: Bounded) -> None:
        """A request was answered; the next may come."""
        if one in self._all:
            self._waiting[one] = None

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for one in [one for one in self._all if one.is_too_slow(now)]:
            self.leave(one)
            one.drop()
        again = bool(self._all)
        self._timer = loop.call_later(self.bounds.sweep, self._sweep, loop) if again else None


class _Refused(Exception):
    """Ends the parsing of a request; the answer is in the protocol."""


class Bounded(HttpToolsProtocol):
    """One connection within bounds."""

    def __init__(self, watch: Watch, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._watch = watch
        self._bounds = watch.bounds
        self._refusal: Kind = MALFORMED
        self._head_since: float | None = None
        self._head_bytes = 0
        self._body_since: float | None = None
        self._body_bytes = 0
        self._unsent = 0
        self._unsent_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place, or say that there is none."""
        if not self._watch.enter(self):
            transport.write(answer_bytes(BUSY))
            transport.close()
            self.transport = transport
            return
        super().connection_made(transport)
        self._head_since = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._watch.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a head that grows too large is refused while it grows."""
        if self.flow is None or self.transport.is_closing():
            return
        if self._body_since is None:
            self._head_bytes += len(data)
            if self._head_since is None:
                self._head_since = self.loop.time()
        super().data_received(data)
        if self._head_since is not None and self._head_bytes > self._bounds.head_bytes:
            self._refuse_now(HEAD_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Check the head as a whole, and begin the request."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self._bounds.head_bytes:
            self._refuse(HEAD_TOO_LARGE)
        if any(name == b"transfer-encoding" for name, _ in self.headers):
            self._refuse(LENGTH_REQUIRED)
        if len(self.pipeline) >= self._bounds.pipelined:
            self._refuse(MALFORMED)
        self._head_since, self._head_bytes = None, 0
        self._body_since, self._body_bytes = self.loop.time(), 0
        self._watch.busy(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count a body's bytes; of a refused one only so many are taken."""
        self._body_bytes += len(body)
        if self.cycle.response_complete and self._body_bytes > self._bounds.after_bytes:
            self._refuse(MALFORMED)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The whole request is here."""
        self._body_since = None
        super().on_message_complete()
        self._rest()

    def on_response_complete(self) -> None:
        """The whole answer is on its way."""
        super().on_response_complete()
        self._rest()

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be parsed as every other refusal is answered."""
        del msg
        self._refuse_now(self._refusal)

    def is_too_slow(self, now: float) -> bool:
        """Say whether this connection has had its time. Called once in each sweep."""
        bounds = self._bounds
        if self._head_since is not None and now - self._head_since > bounds.head_seconds:
            return True
        if self._body_since is not None and not self.flow.read_paused:
            due = (now - self._body_since - bounds.grace) * bounds.pace
            if self._body_bytes < due:
                return True
        return self._reads_too_slowly(now)

    def drop(self) -> None:
        """End the connection without an answer."""
        if self.transport is not None:
            self.transport.abort()

    def _reads_too_slowly(self, now: float) -> bool:
        unsent = self.transport.get_write_buffer_size()
        paced = self._unsent - unsent >= self._bounds.pace * self._bounds.sweep
        if unsent == 0 or paced or self._unsent_since is None:
            self._unsent_since = now
        self._unsent = unsent
        return unsent > 0 and now - self._unsent_since > self._bounds.grace

    def _rest(self) -> None:
        """Count as waiting again once a request is whole and answered."""
        answered = self.cycle is not None and self.cycle.response_complete
        if answered and self._body_since is None and not self.pipeline:
            self._watch.waits(self)

    def _refuse(self, kind: Kind) -> None:
        self._refusal = kind
        raise _Refused  # the parser ends, and send_400_response answers

    def _refuse_now(self, kind: Kind) -> None:
        if not self.transport.is_closing():
            self._head_since = None
            self.transport.write(answer_bytes(kind))
            self.transport.close()


def bounded(bounds: Bounds) -> type[asyncio.Protocol]:
    """Return the protocol class for uvicorn's ``http`` option, with a watch of its own."""
    watch = Watch(bounds)

    class OfThisServer(Bounded):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(watch, *args, **options)

    return OfThisServer
