"""A vault's first sync waits for its line: onions that were just made are not found at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import typer

from app.client.line_errors import Unreachable
from app.console.sync.outcome import SyncReport

FIRST_SYNC_WAITS = 300
"""Seconds: Tor finds an onion's new descriptor within minutes."""
_BETWEEN_SECONDS = 10


async def until_reached(
    sync: Callable[[], Awaitable[SyncReport]],
    seconds: int,
    *,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> SyncReport:
    """Sync again and again for so long while the line, or the keys' address, is out of reach.

    Returns the last report. Raises what the last sync raised (Unreachable).
    """
    ends = clock() + seconds
    said_so = False
    while True:
        try:
            report = await sync()
            if not report.keys_not_taken or clock() >= ends:
                return report
        except Unreachable:
            if clock() >= ends:
                raise
        if not said_so:
            typer.echo(
                "The line cannot be reached yet, which is usual in its first minutes. Trying again "
                f"for {seconds} seconds at most …",
                err=True,
            )
            said_so = True
        await pause(_BETWEEN_SECONDS)
