"""What one connection may cost: heads of a bounded size, no endless waiting, no endless queue.

uvicorn's HTTP protocol with bounds. A sender must finish its head within seconds and then keep a
pace; a reader must take what was sent to it; whoever does not is dropped without an answer. When
all places are taken, others than those must go too (``watch``). Requests have their turn
(``turns``), and one is begun only when the answer before it has been taken: a connection holds one
answer in memory. Bodies say their length and are never decompressed.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.server.admission.budget import Pace
from app.server.admission.coming import COMING, Coming
from app.server.admission.edge import Edge
from app.server.admission.raw import answer_bytes
from app.server.admission.turns import Rank, Turns
from app.server.admission.watch import Standing, Watches
from app.server.responses.problem_details import (
    BUSY,
    HEAD_TOO_LARGE,
    LENGTH_REQUIRED,
    MALFORMED,
    Kind,
)


class _Refused(Exception):
    """Ends the parsing of a request; the answer is in the protocol."""


class Bounded(HttpToolsProtocol):
    """One connection within bounds."""

    def __init__(self, watches: Watches, edge: Edge, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._watches = watches
        self._edge = edge
        self._refusal: Kind = MALFORMED
        self._head_since: float | None = None
        self._head_bytes = 0
        self._coming: Coming | None = None
        self._waits_since = 0.0
        self._unsent = 0
        self._unsent_since: float | None = None
        self._taking = Pace(0.0)
        self._application: ASGIApp = self.app
        self.app = self._answer
        self._turns: Turns | None = None
        self._answers = 0
        self._running: RequestResponseCycle | None = None
        self.caller: str | None = None
        """A hash that tells who calls from others, if something does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place, or say that there is none."""
        self._watch = self._watches.at(transport)
        self._bounds = self._watch.bounds
        self.caller = self._caller_of(transport)
        if not self._watch.enter(self, self.loop):
            transport.write(answer_bytes(BUSY))
            transport.close()
            self.transport = transport
            return
        super().connection_made(transport)
        self._head_since = self._waits_since = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._watch.leave(self)
        if self._turns is not None:
            self._turns.leave(self)
        self._leave_unanswered()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a head that grows too large is refused while it grows."""
        if self.flow is None or self.transport.is_closing():
            return
        if self._coming is None:
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
        self._coming = Coming(self.loop.time())
        self.scope[COMING] = self._coming  # type: ignore[literal-required]
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count a body's bytes; of a refused one only so many are taken."""
        if self._coming is not None:
            self._coming.add(len(body), self.loop.time())
            received = self._coming.received
            if self.cycle.response_complete and received > self._bounds.after_bytes:
                self._refuse(MALFORMED)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the whole request is here."""
        self._coming = None
        self._waits_since = self.loop.time()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Note that the whole answer is on its way."""
        self._answers += 1
        super().on_response_complete()
        self._waits_since = self.loop.time()

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be parsed as every other refusal is answered."""
        del msg
        self._refuse_now(self._refusal)

    def is_too_slow(self, now: float) -> bool:
        """Say whether this connection has had its time. Called once in each sweep."""
        bounds = self._bounds
        if self._head_since is not None and now - self._head_since > bounds.head_seconds:
            return True
        if self._coming is not None and not self.flow.read_paused:
            due = (now - self._coming.since - bounds.grace) * bounds.pace
            if self._coming.received < due:
                return True
        return self._reads_too_slowly(now)

    def standing(self, now: float) -> Standing | None:
        """Return how soon this connection must go when places are needed; None if it is safe."""
        coming, keeping = self._coming, self._bounds.keeping
        if coming is not None:
            if self.cycle.response_complete:
                return Standing(still_useful=False, since=coming.since)
            if coming.has_work and coming.keeps(keeping, now):
                return None
            return Standing(still_useful=True, since=coming.since)
        if self._unsent_since is not None and self._unsent:
            taken_well = self._taking.is_young(now) or self._taking.per_second(now) >= keeping
            return None if taken_well else Standing(still_useful=True, since=self._unsent_since)
        waits = self._turns is not None and self._turns.is_waiting(self)
        if self.cycle is not None and not self.cycle.response_complete and not waits:
            return None  # the whole request is worked on
        return Standing(still_useful=True, since=self._waits_since)

    def drop(self) -> None:
        """End the connection without an answer."""
        if self.transport is not None:
            self.transport.abort()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as soon as the answer before it is taken and a turn is free."""
        await self._until_taken()
        deletes = scope["method"] == "DELETE"
        self._turns = turns = self._watch.deletions if deletes else self._watch.turns
        if self.transport.is_closing() or not await turns.take(self, self._rank()):
            self._leave_unanswered()
            return
        has_turn = True

        def give_back() -> None:
            nonlocal has_turn
            if has_turn:
                has_turn = False
                turns.give_back()

        async def receiving() -> Message:
            give_back()
            return await receive()

        async def sending(message: Message) -> None:
            give_back()
            await send(message)

        try:
            await self._application(scope, receiving, sending)
        finally:
            give_back()

    def _leave_unanswered(self) -> None:
        """Let nothing be said about the request that is being answered: no caller hears it."""
        if self._running is not None:  # not the newest, where another waits behind it
            self._running.disconnected = True

    def _rank(self) -> Rank:
        """Return how soon it is this connection's turn; a proxy's say nothing about a caller."""
        if self.caller is None:
            return 0, 0
        return self._watch.places_of(self.caller), self._answers

    async def _until_taken(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.set_write_buffer_limits(high=0)
            await self.flow.drain()
            if not self.transport.is_closing():
                self.transport.set_write_buffer_limits()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _reads_too_slowly(self, now: float) -> bool:
        unsent = self.transport.get_write_buffer_size()
        if self._unsent == 0 and unsent:
            self._taking = Pace(now)
        taken = max(0, self._unsent - unsent)
        self._taking.add(taken, now)
        paced = taken >= self._bounds.pace * self._bounds.sweep
        if unsent == 0 or paced or self._unsent_since is None:
            self._unsent_since = now
        self._unsent = unsent
        return unsent > 0 and now - self._unsent_since > self._bounds.grace

    def _caller_of(self, transport: asyncio.Transport) -> str | None:
        """Return a hash of the address that connects, if it tells one caller from another."""
        peer = transport.get_extra_info("peername")
        return self._edge.hash_of(peer[0]) if isinstance(peer, tuple) else None

    def _refuse(self, kind: Kind) -> None:
        self._refusal = kind
        raise _Refused  # the parser ends, and send_400_response answers

    def _refuse_now(self, kind: Kind) -> None:
        if not self.transport.is_closing():
            self._head_since = None
            self.transport.write(answer_bytes(kind))
            self.transport.close()


def bounded(watches: Watches, edge: Edge) -> type[asyncio.Protocol]:
    """Return the protocol class for uvicorn's ``http`` option."""

    class OfThisServer(Bounded):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(watches, edge, *args, **options)

    return OfThisServer
