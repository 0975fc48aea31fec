"""Since when a console has heard nothing of its line, and whether its machine slept meanwhile.

Told by two clocks that nobody sets: one that goes on while the machine sleeps (CLOCK_BOOTTIME), one
that stops (CLOCK_MONOTONIC). What the first gained on the second, the machine slept. Where there is
no such pair (macOS), a sleep is not told; that no sync came through is, ten minutes later.
"""

from collections.abc import Callable

DEAF_SECONDS = 600.0
SLEEP_SECONDS = 3.0
"""So much more of one clock is a sleep; they are read one after the other."""
PATIENCE = 1.2
LATE_SECONDS = 120.0
SET_SECONDS = 3_600.0 + LATE_SECONDS
"""For so long one challenge set may be shown: the longest epoch that a server may have."""


class Deafness:
    """When the line was last heard.

    ``ticks`` goes on while the machine sleeps, ``awake`` stops; ``interval`` is how often is
    synced, in seconds, 0 for only when somebody asks: such a console is never called deaf.
    """

    def __init__(
        self, ticks: Callable[[], float], awake: Callable[[], float], interval: float
    ) -> None:
        self._ticks = ticks
        self._awake = awake
        self._limit = max(DEAF_SECONDS, interval * PATIENCE + LATE_SECONDS) if interval else None
        self.heard_at = ticks()
        self._set, self._set_since = b"", 0.0
        self.asleep = ticks() - awake()
        """For how long the machine has slept since it was started, as this has seen it."""

    def heard(self, challenges: bytes = b"") -> None:
        """Note that a sync came through, with a challenge set of this SHA-256.

        No two sets are alike, whatever is in them: one that stays is a server that stands still,
        or something on the way that answers in its place.
        """
        now = self._ticks()
        if challenges != self._set:
            self._set, self._set_since = challenges, now
        if not challenges or now - self._set_since <= SET_SECONDS:
            self.heard_at = now

    @property
    def silence(self) -> float:
        """For how long nothing has been heard, in seconds."""
        return self._ticks() - self.heard_at

    @property
    def is_deaf(self) -> bool:
        """Whether that is too long: ten minutes, or, of a slower rhythm, a whole turn missed."""
        return self._limit is not None and self.silence > self._limit

    def slept(self) -> float:
        """Return how many seconds the machine has slept since this was last asked, 0 for none."""
        before, self.asleep = self.asleep, self._ticks() - self._awake()
        gained = self.asleep - before
        return gained if gained > SLEEP_SECONDS else 0.0
