"""What several servers of one line keep together: which answers were spent, and the budget.

In a Redis-compatible store, which holds random nonces and counts, each with an end of its own, and
nothing of a caller. A store that does not answer at once counts as down for a moment: no caller
waits for it. Loaded only where ``shared_url`` is set.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.protocol.work import MOST_MAX
from app.server.admission.difficulty import seconds_for
from app.server.admission.spent_work import StoreDown

_PATIENCE_SECONDS = 0.25
_DOWN_SECONDS = 2.0
_LONGEST_SECONDS = 7_200 + seconds_for(MOST_MAX)
"""No answer stays good for longer (``work_seconds``, and what the hardest takes)."""
_PREFIX = b"quietline:"


class RedisStore:
    """One line's store. ``clock`` gives Unix seconds, ``steady`` seconds that never go back."""

    def __init__(self, url: str, clock: Callable[[], float], steady: Callable[[], float]) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=_PATIENCE_SECONDS,
            socket_connect_timeout=_PATIENCE_SECONDS,
        )
        self._clock = clock
        self._steady = steady
        self._down_until = -math.inf

    @property
    def is_up(self) -> bool:
        """Whether it may be asked: it answered last time, or has had time to recover."""
        return self._steady() >= self._down_until

    async def close(self) -> None:
        """Let go of the store."""
        await self._redis.aclose()

    async def spend(self, nonce: bytes, uses: int, expires: int) -> bool:
        """Take one of an answer's ``uses``; False if none is left. Raises StoreDown."""
        key = _PREFIX + b"work:" + nonce
        if await self._count(key, 1, max(1, math.ceil(expires - self._clock()))) <= uses:
            return True
        await self.give_back(nonce)
        return False

    async def give_back(self, nonce: bytes) -> None:
        """Return a use that bought nothing. Raises StoreDown."""
        # With an end of its own again: the count may have ended meanwhile, and is then made anew.
        await self._count(_PREFIX + b"work:" + nonce, -1, _LONGEST_SECONDS)

    async def take(self, what: str, per_second: float) -> bool:
        """Take one of the line's ``per_second`` of ``what``, if one is left. Raises StoreDown."""
        window = max(1, math.ceil(1 / per_second))
        number = int(self._clock() // window)
        key = _PREFIX + f"{what}:{number}".encode()
        return await self._count(key, 1, 2 * window) <= math.ceil(per_second * window)

    async def _count(self, key: bytes, by: int, seconds: int) -> int:
        self._check()
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.incrby(key, by)
                pipe.expire(key, seconds)
                counted, _ = await pipe.execute()
        except (RedisError, OSError):
            raise self._down() from None
        return int(counted)

    def _check(self) -> None:
        if not self.is_up:
            raise StoreDown

    def _down(self) -> StoreDown:
        self._down_until = self._steady() + _DOWN_SECONDS
        return StoreDown()
