"""A SOCKS port that refuses, as Tor's does, and keeps the names under which it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

ONION_NOT_FOUND = 0xF0
"""One of Tor's own reasons (proposal 304), which no SOCKS library knows."""


@asynccontextmanager
async def tor_that_refuses(code: int = ONION_NOT_FOUND) -> AsyncIterator[tuple[str, list[str]]]:
    """Yield its "host:port", and the list of the names that came."""
    names: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (_, methods) = await reader.readexactly(2)
        assert 2 in await reader.readexactly(methods), "nobody asks Tor without a name"
        writer.write(b"\x05\x02")
        (_, size) = await reader.readexactly(2)
        names.append((await reader.readexactly(size)).decode())
        (size,) = await reader.readexactly(1)
        await reader.readexactly(size)
        writer.write(b"\x01\x00")
        *_, size = await reader.readexactly(5)
        await reader.readexactly(size + 2)
        writer.write(bytes([5, code, 0, 1, *bytes(6)]))
        await writer.drain()
        writer.close()

    made = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{made.sockets[0].getsockname()[1]}", names
    finally:
        made.close()
