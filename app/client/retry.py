"""What may be sent twice is sent again while a line is busy, or the way to it breaks.

Nothing is stored twice by asking twice (docs/spec/http.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.client.line_errors import LineRefused, Unreachable
from app.protocol.group import Rng

ATTEMPTS = 8
PASSING = ("busy", "too-many")
BUSY_SECONDS = 2.0
"""Wait before coming again to a line that is busy; each wait is up to twice as long."""


async def while_busy(call: Callable[[], Awaitable[None]], rng: Rng) -> None:
    """Make a call until it is taken or refused for good. Raises as the call does."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await call()
        except LineRefused as error:
            if error.name not in PASSING or attempt == ATTEMPTS:
                raise
        except Unreachable:
            if attempt == ATTEMPTS:
                raise
        else:
            return
        await asyncio.sleep(BUSY_SECONDS * (1 + rng(1)[0] / 256) * attempt / 2)
