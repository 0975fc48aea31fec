"""Ending a test's own server so that it leaves no socket open, whoever has just come."""

from __future__ import annotations

import asyncio


async def close_to_callers(server: asyncio.Server) -> None:
    """Close a server, after those that have come were taken in: their connections can be closed.

    A closed server breaks off whom it takes in, and leaves the socket open, which then fails
    whichever test runs when it is collected.
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    await asyncio.sleep(0)
    server.close()
    await asyncio.sleep(0)
