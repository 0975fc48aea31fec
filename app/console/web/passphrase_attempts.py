"""Guesses at the passphrase: after a few wrong ones, each costs twice the wait of the one before.

Argon2id makes a guess slow for whoever has the vault's files; this is for whoever has only the
console's page. Nobody is shut out for longer than a minute: its own user may have mistyped.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil

from app.console.errors import TooManyGuesses, WrongPassphrase
from app.sentences.translatable import say_count

FREE = 3
"""So many wrong ones cost nothing."""
WAIT_MAX = 60.0


def boot_seconds() -> float:
    """Return seconds since the machine was started, those in which it slept among them.

    A lid that is closed stops no clock of ours. Where there is no such clock, time asleep does not
    count.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Guesses:
    """How many guesses were wrong in a row, and until when (``ticks``) none is taken.

    ``at`` is when the last one was made that did not open the vault.
    """

    def __init__(self, ticks: Callable[[], float], wrong: int = 0, until: float = 0.0) -> None:
        self._ticks = ticks
        self.wrong = wrong
        self.until = until
        self.at: float | None = None

    @contextmanager
    def one(self) -> Iterator[None]:
        """Let one try at a time be made, by what tries a passphrase and raises WrongPassphrase.

        Raises TooManyGuesses, and then the passphrase is not to be tried.
        """
        self.at = self._ticks()
        left = self.until - self.at
        if left > 0:
            seconds = ceil(left)
            raise TooManyGuesses(
                say_count(
                    "The passphrase was wrong {times} times. Wait {count} second, then give it "
                    "again.",
                    "The passphrase was wrong {times} times. Wait {count} seconds, then give it "
                    "again.",
                    seconds,
                    times=self.wrong,
                )
            )
        try:
            yield
        except WrongPassphrase:
            self.wrong += 1
            if self.wrong >= FREE:
                wait = min(2.0 ** min(self.wrong - FREE, 10), WAIT_MAX)
                self.until = self._ticks() + wait
            raise
        self.wrong, self.at = 0, None
