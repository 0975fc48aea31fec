"""Whose file is opened next: one of a case at a time, and by turns among cases.

So a case whose files are slow to open is slow itself, and holds up no other.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.console.errors import FileProblem
from app.sentences.translatable import say


@dataclass(eq=False, frozen=True, slots=True)
class _Waiting:
    case: str
    unasked: bool
    turn: asyncio.Future[None]


class Turns:
    """At most ``at_once`` files at work, each of another case, of which ``waiting`` may wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._most = waiting
        self._now: set[str] = set()
        self._waiting: list[_Waiting] = []
        self._served: dict[str, int] = {}
        self._count = 0
        self.quiet = asyncio.Event()
        """Set while nothing is at work or waits."""
        self.quiet.set()

    @asynccontextmanager
    async def one(self, case: str, *, unasked: bool) -> AsyncIterator[None]:
        """Wait for a turn: what was asked for first, then the case whose turn is longest ago.

        Raises FileProblem if too many of this case wait.
        """
        if sum(one.case == case for one in self._waiting) >= self._most:
            raise FileProblem(
                say("Many previews are being made. Ask for this one again in a moment.")
            )
        mine = _Waiting(case, unasked, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        self.quiet.clear()
        self._go_on()
        try:
            await mine.turn
            yield
        finally:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:
                self._now.discard(case)
            self._go_on()

    def _go_on(self) -> None:
        while len(self._now) < self._at_once:
            able = [
                one for one in self._waiting if one.case not in self._now and not one.turn.done()
            ]
            if not able:
                break
            chosen = min(able, key=lambda one: (one.unasked, self._served.get(one.case, 0)))
            self._waiting.remove(chosen)
            self._now.add(chosen.case)
            self._count += 1
            self._served[chosen.case] = self._count
            chosen.turn.set_result(None)
        if not self._now and not self._waiting:
            self._served.clear()
            self.quiet.set()
