"""A console that nobody uses locks itself: whoever sits down at it afterwards finds the door.

Only what a person does counts: pages they open, forms they send, and, told by the page's script,
keys and pointer. The script's own looks do not: an open page would keep the vault open for ever.
"""

import asyncio
from collections.abc import Callable

from app.console.running import Console

LOOK_SECONDS = 5.0
"""How often it is looked whether the time is over."""


class Idle:
    """Since when nobody has done anything. `ticks` is a clock of seconds that is never set back."""

    def __init__(self, console: Console, ticks: Callable[[], float]) -> None:
        self._console = console
        self._ticks = ticks
        self._last = ticks()

    def touch(self) -> None:
        """Somebody did something."""
        self._last = self._ticks()

    async def lock_if_idle(self) -> bool:
        """Lock the vault if it is open and its time is over; say whether it was."""
        limit = self._console.settings.idle_minutes * 60
        if self._console.locked or not limit or self._ticks() - self._last < limit:
            return False
        await self._console.lock()
        return True

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.lock_if_idle()
