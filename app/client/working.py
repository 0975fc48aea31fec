"""Work that may take long: while it lasts, the line is asked now and then whether it costs less.

The price passes within minutes when an attacker has driven it up; whoever was given a challenge in
that moment would work on it for half an hour (docs/spec/work.md, Answer).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app.protocol import work
from app.protocol.errors import BadWork
from app.protocol.group import Rng

AGAIN_SECONDS = 30.0
"""It is asked again after so long, and up to twice as long."""


async def earn(
    credit: work.WorkCredit,
    fetch: Callable[[], Awaitable[bytes]],
    rng: Rng,
    away: tuple[type[Exception], ...],
    stopped: Callable[[], bool] = lambda: False,
    progress: work.Progress = lambda *_: None,
) -> None:
    """Fetch a challenge and put its answer to the credit, or that of one which costs less.

    ``away`` is what ``fetch`` raises: the first time it is the caller's, later it changes nothing.
    Raises BadWork (see ``work.solve``).
    """
    challenge: bytes | None = await fetch()
    while challenge is not None:
        challenge = await _earn_unless_cheaper(
            credit, challenge, fetch, rng, away, stopped, progress
        )


async def _earn_unless_cheaper(
    credit: work.WorkCredit,
    challenge: bytes,
    fetch: Callable[[], Awaitable[bytes]],
    rng: Rng,
    away: tuple[type[Exception], ...],
    stopped: Callable[[], bool],
    progress: work.Progress,
) -> bytes | None:
    """Return the challenge that costs clearly less; None when this one is solved."""
    present = work.read_challenge(challenge)
    cancelled = threading.Event()
    done = 0

    def on_progress(steps: int, most: int) -> None:
        nonlocal done
        done = steps
        progress(steps, most)

    async def look() -> bytes:
        while True:
            await asyncio.sleep(AGAIN_SECONDS * (1 + rng(1)[0] / 256))
            if stopped():
                continue  # the work ends by itself in a moment: nothing is asked for it any more
            with suppress(BadWork, *away):
                other = await fetch()
                if work.costs_clearly_less(work.read_challenge(other), present, done):
                    return other

    thread = asyncio.to_thread(
        credit.earn, challenge, lambda: cancelled.is_set() or stopped(), on_progress
    )
    solving, looking = asyncio.create_task(thread), asyncio.create_task(look())
    try:
        await asyncio.wait({solving, looking}, return_when=asyncio.FIRST_COMPLETED)
        if not solving.done():
            return await looking
        await solving
        return None
    finally:
        cancelled.set()
        looking.cancel()
        await asyncio.gather(solving, looking, return_exceptions=True)
