"""So many requests are worked on at once; of those that wait, whose caller has had least is next.

Whoever came in order would wait behind all that a flood has asked for before. So a caller who asks
once, on a connection of their own, is answered before who asks again and again on many; and among
equals it is drawn by lot, so that no caller is buried under those who come later, nor has to wait
for all who came earlier. A turn is over with the first byte of an answer, or when a body is waited
for: no caller holds one by being slow.
"""

from __future__ import annotations

import asyncio
import heapq
import secrets
from collections.abc import Hashable

Rank = tuple[int, int]
"""Connections of the one who calls, and answers had on this one; (0, 0) if not told apart."""
_DEAD = 256
"""So many entries of those who have left are kept, and one for each who waits."""


class Turns:
    """``most`` turns at once, of one event loop."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: dict[Hashable, asyncio.Future[bool]] = {}
        self._order: list[tuple[Rank, int, Hashable, asyncio.Future[bool]]] = []
        """A heap; also of some who have left."""

    async def take(self, who: Hashable, rank: Rank = (0, 0)) -> bool:
        """Wait for a turn; False if ``who``, who waits for one at a time, has left meanwhile."""
        if self._free:
            self._free -= 1
            return True
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[who] = future
        heapq.heappush(self._order, (rank, secrets.randbits(64), who, future))
        if len(self._order) > 2 * len(self._waiting) + _DEAD:
            self._order = [entry for entry in self._order if not entry[-1].done()]
            heapq.heapify(self._order)
        return await future

    def is_waiting(self, who: Hashable) -> bool:
        """Say whether ``who`` waits for a turn."""
        return who in self._waiting

    def leave(self, who: Hashable) -> None:
        """Wait no longer."""
        future = self._waiting.pop(who, None)
        if future is not None and not future.done():
            future.set_result(False)

    def give_back(self) -> None:
        """End a turn: the next has it, once the event loop has looked who has come meanwhile.

        Else all that has come would be answered before that, one after the other.
        """
        asyncio.get_running_loop().call_soon(self._pass_on)

    def _pass_on(self) -> None:
        while self._order:
            _, _, who, future = heapq.heappop(self._order)
            if not future.done():
                del self._waiting[who]
                future.set_result(True)
                return
        self._free += 1
