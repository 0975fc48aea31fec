"""All connections of one socket: who has a place, and who must give it up.

When all places are taken, those that are worth least make room, a hundredth at once. A connection
is safe only while its whole request is worked on, or its body keeps pace and work stands behind it:
not while it waits for a turn (``turns``). What was answered and still sends goes first; then
whatever belongs to a caller with many places, the oldest first. So no caller keeps others out by
what they announce, or ask for again and again.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol

from app.server.admission.turns import Turns


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of connections; sizes in bytes, times in seconds."""

    connections: int = 2_000
    of_one_caller: int = 30
    """Connections of one caller, where callers can be told apart: as many as Tor lets a circuit
    have (``HiddenServiceMaxStreams``)."""
    head_bytes: int = 16_384
    head_seconds: float = 20.0
    """For the whole head, from the connection's start or the head's first byte."""
    pace: int = 1_024
    """Bytes a second that a sender's body, or a reader's taking, must average..."""
    grace: float = 30.0
    """...after so many seconds: a stall of a phone's network costs nothing."""
    keeping: int = 4_096
    """Bytes a second, of late, that keep a body with work, or a reader, safe."""
    after_bytes: int = 2**20
    """Bytes of a body that are still taken after it was refused, so that the answer is heard."""
    pipelined: int = 8
    at_once: int = 64
    """Requests that are worked on at once (``turns``), and messages that are read together."""
    deletions_at_once: int = 256
    """Deletions wait for each other without being worked on: as many as one change takes."""
    sweep: float = 1.0


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """How soon an unsafe connection must go: what sorts first goes first."""

    still_useful: bool
    """False if it was answered, and its body still comes."""
    since: float
    """When it began to wait, in seconds of the loop's clock."""


class Connection(Protocol):
    """What the watch asks of a connection."""

    caller: str | None

    def standing(self, now: float) -> Standing | None:
        """Return how soon it must go; None if it is safe."""

    def is_too_slow(self, now: float) -> bool:
        """Say whether it has had its time. Called once in each sweep."""

    def drop(self) -> None:
        """End it without an answer."""


class Watch:
    """The connections of one socket."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.turns = Turns(bounds.at_once)
        self.deletions = Turns(bounds.deletions_at_once)
        self._all: set[Connection] = set()
        self._places: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, one: Connection, loop: asyncio.AbstractEventLoop) -> bool:
        """Take a connection in; False if every place is taken by one that is safe."""
        if len(self._all) >= self.bounds.connections and not self._make_room(loop.time()):
            return False
        self._all.add(one)
        if one.caller is not None and not self._count(one, loop.time()):
            self._all.discard(one)
            return False
        if self._timer is None:
            self._timer = loop.call_later(self.bounds.sweep, self._sweep, loop)
        return True

    def name(self, one: Connection, caller: str | None, now: float) -> bool:
        """Say whose a connection is that was taken in; False if its caller has no place left."""
        if one not in self._all:
            return False
        one.caller = caller
        return caller is None or self._count(one, now)

    def places_of(self, caller: str | None) -> int:
        """Return how many connections a caller has here; 0 if callers are not told apart."""
        return 0 if caller is None else self._places[caller]

    def leave(self, one: Connection) -> None:
        """Forget a connection that has ended."""
        if one not in self._all:
            return
        self._all.discard(one)
        if one.caller is not None:
            self._places[one.caller] -= 1
            if not self._places[one.caller]:
                del self._places[one.caller]

    def _count(self, one: Connection, now: float) -> bool:
        """Count a caller's connection, if need be in place of their own oldest unsafe one."""
        caller = str(one.caller)
        if self._places[caller] >= self.bounds.of_one_caller:
            own = [other for other in self._all if other.caller == caller and other is not one]
            if not self._drop_worst(own, 1, now):
                one.caller = None  # it was not counted
                return False
        self._places[caller] += 1
        return True

    def _make_room(self, now: float) -> bool:
        return self._drop_worst(self._all, max(1, self.bounds.connections // 100), now)

    def _drop_worst(self, among: Iterable[Connection], count: int, now: float) -> bool:
        standing = [
            ((found.still_useful, -self._places.get(str(one.caller), 1), found.since), one)
            for one in among
            if (found := one.standing(now)) is not None
        ]
        worst = heapq.nsmallest(count, standing, key=itemgetter(0))
        for _, one in worst:
            self.leave(one)
            one.drop()
        return bool(worst)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for one in [one for one in self._all if one.is_too_slow(now)]:
            self.leave(one)
            one.drop()
        again = bool(self._all)
        self._timer = loop.call_later(self.bounds.sweep, self._sweep, loop) if again else None


class Watches:
    """A watch for each socket that a server listens at, so that a flood at one shuts no other.

    ``by_name`` has a Unix socket's path, or a port; a server with one socket needs no names.
    """

    def __init__(self, by_name: dict[str | int, Watch]) -> None:
        self._by_name = by_name
        self._first = next(iter(by_name.values()))

    def at(self, transport: asyncio.BaseTransport) -> Watch:
        """Return the watch of the socket that a connection came by."""
        name = transport.get_extra_info("sockname")
        return self._by_name.get(name if isinstance(name, str) else name[1], self._first)
