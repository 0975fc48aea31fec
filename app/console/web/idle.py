"""A console that is not used locks itself: whoever sits down at it finds the login.

Only what a person does counts: pages they open, forms they send, and, told by the page's script,
keys and pointer. The script's own looks do not: an open page would keep the vault open for ever.
A machine that slept was not used meanwhile: who opens its lid comes too late, whatever they touch.
On duty nobody need touch anything: the end of the shift counts instead.
"""

import asyncio
from collections.abc import Callable

from app.console.web.running_console import Console

LOOK_SECONDS = 5.0
"""How often it is looked whether the time is over."""
FORGET_SECONDS = 20.0
"""How long a passphrase that opened nothing may be in memory: it is nearly the right one."""


class Idle:
    """Since when nothing was done.

    ``ticks`` is a clock of seconds that is never set back and goes on while the machine sleeps.
    """

    def __init__(self, console: Console, ticks: Callable[[], float]) -> None:
        self._console = console
        self._ticks = ticks
        self._last = ticks()

    @property
    def over(self) -> bool:
        """Whether an open vault's time is over; nothing but the passphrase begins it anew."""
        if self._console.duty is not None:
            return self._ticks() >= self._console.duty.until
        limit = self._console.settings.idle_minutes * 60
        return not self._console.locked and 0 < limit <= self._ticks() - self._last

    def begin(self) -> None:
        """Begin to count: the passphrase was given."""
        self._last = self._ticks()

    def touch(self) -> None:
        """Begin to count anew: something was done, in time."""
        if not self.over:
            self.begin()

    async def lock_if_idle(self) -> bool:
        """Lock the vault if it is open and its time is over.

        What was typed at a locked one is forgotten too. Returns whether there was anything of both.
        """
        tried = self._console.guesses.at if self._console.locked else None
        mistyped = tried is not None and self._ticks() - tried >= FORGET_SECONDS
        if not self.over and not mistyped:
            return False
        await self._console.lock()
        return True

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.lock_if_idle()
