"""Bytes of bodies that may be in memory at once: those that came, not those that were announced.

A body that was only promised holds nothing, so it costs bandwidth to fill a room, and costs it
again every few seconds: when a byte finds no room, the body that comes most slowly of late gives
its own back. It is told to come again, with its work. Whole bodies are never thrown out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.server.admission.budget import Pace
from app.server.responses.problem_details import BUSY, Problem


class HeldBody:
    """What has come of one body."""

    def __init__(self, room: Room, now: float) -> None:
        self._room = room
        self.pace = Pace(now)
        self.size = 0
        self.is_whole = False
        self._reading: asyncio.Timeout | None = None

    @contextmanager
    def reading(self, ends: asyncio.Timeout) -> Iterator[None]:
        """Let ``ends`` end, while a body is read within it, if the bytes are needed elsewhere."""
        self._reading = ends
        try:
            yield
            self.is_whole = True
        finally:
            self._reading = None

    def take(self, size: int) -> None:
        """Keep ``size`` bytes more. Raises Problem(BUSY) if there is no room for them."""
        self._room.take(self, size)

    def give_back(self) -> None:
        """Keep nothing of it any more."""
        self._room.give_back(self)

    def end(self) -> None:
        """Let whoever reads it stop, as soon as it is their turn."""
        self.give_back()
        if self._reading is not None:
            self._reading.reschedule(0)


class Room:
    """So many bytes. ``steady`` gives seconds that never go back."""

    def __init__(self, size: int, steady: Callable[[], float]) -> None:
        self._size = self._left = size
        self._steady = steady
        self._bodies: set[HeldBody] = set()

    @property
    def is_short(self) -> bool:
        """Say whether more than half of it is taken."""
        return 2 * self._left < self._size

    @contextmanager
    def body(self) -> Iterator[HeldBody]:
        """Make place for a body; nothing is kept of it before it comes."""
        one = HeldBody(self, self._steady())
        self._bodies.add(one)
        try:
            yield one
        finally:
            self.give_back(one)
            self._bodies.discard(one)

    def take(self, one: HeldBody, size: int) -> None:
        """Keep ``size`` bytes more of a body. Raises Problem(BUSY)."""
        now = self._steady()
        one.pace.add(size, now)
        one.size += size
        self._left -= size
        while self._left < 0:
            slowest = self._slowest(now)
            if slowest is None or slowest is one:
                self.give_back(one)
                raise Problem(BUSY)
            self._bodies.discard(slowest)
            slowest.end()

    def give_back(self, one: HeldBody) -> None:
        """Keep nothing of a body any more."""
        self._left += one.size
        one.size = 0

    def _slowest(self, now: float) -> HeldBody | None:
        coming = [one for one in self._bodies if one.size and not one.is_whole]
        judged = [one for one in coming if not one.pace.is_young(now)]
        return min(judged, key=lambda one: one.pace.per_second(now), default=None)
