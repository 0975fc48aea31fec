"""How much the server takes in: a rate, and how fast it comes. Both shed before they hurt."""

from __future__ import annotations

import math
from collections.abc import Callable

BURST_SECONDS = 2
"""A quiet line saves up so many seconds of its rate."""
_FORGET_SECONDS = 30
_PACE_SECONDS = 5


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

    def give_back(self) -> None:
        """Give one back that came to nothing."""
        self._left = min(self._most, self._left + 1)


class Load:
    """How many came a second of late: an average that forgets within half a minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at = clock()
        self._count = 0.0

    def add(self) -> None:
        """Count one more that came."""
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


class Pace:
    """How fast bytes come of late: an average that forgets within seconds. Times are in seconds."""

    def __init__(self, began: float) -> None:
        self._began = self._at = began
        self._bytes = 0.0

    def add(self, size: int, now: float) -> None:
        """Count bytes that came."""
        self._bytes = self._faded(now) + size
        self._at = now

    def per_second(self, now: float) -> float:
        """Return the average at this moment."""
        return self._faded(now) / _PACE_SECONDS

    def is_young(self, now: float) -> bool:
        """Say whether it is too soon to judge: a phone's first bytes take their time."""
        return now - self._began < _PACE_SECONDS

    def _faded(self, now: float) -> float:
        return self._bytes * math.exp((self._at - now) / _PACE_SECONDS)
