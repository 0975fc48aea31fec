"""How much the server takes in: a rate, and how many bytes at once. Both shed before they hurt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.server.errors import BUSY, Problem

BURST_SECONDS = 2
"""A quiet line saves up so many seconds of its rate."""
_FORGET_SECONDS = 30


class Rate:
    """A token bucket of ``per_second``; the clock is in seconds and never goes back."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._most = max(1.0, per_second * BURST_SECONDS)
        self._clock = clock
        self._left = self._most
        self._at = clock()

    def take(self) -> bool:
        """Take one, if there is one."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Load:
    """How many came a second of late: an average that forgets within half a minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at = clock()
        self._count = 0.0

    def add(self) -> None:
        """One more came."""
        self._count = self._faded() + 1

    @property
    def per_second(self) -> float:
        """The average at this moment."""
        self._count = self._faded()
        return self._count / _FORGET_SECONDS

    def _faded(self) -> float:
        now = self._clock()
        passed, self._at = now - self._at, now
        return self._count * math.exp(-passed / _FORGET_SECONDS)


class Room:
    """Bytes of bodies that may be in memory at once."""

    def __init__(self, size: int) -> None:
        self._size = self._left = size

    @property
    def is_short(self) -> bool:
        """Say whether more than half of it is taken."""
        return 2 * self._left < self._size

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Keep ``size`` bytes of it for a while. Raises Problem(BUSY) if there are too few."""
        if size > self._left:
            raise Problem(BUSY)
        self._left -= size
        try:
            yield
        finally:
            self._left += size
