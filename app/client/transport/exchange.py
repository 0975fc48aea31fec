"""One exchange with a server that may be hostile: bounded in bytes, in pieces and in time.

A server can answer without end, one byte at a time, or with a few kilobytes that unpack to
gigabytes. So nothing is unpacked here, what is slower than ``SLOWEST`` ends, and so does what comes
in more pieces than any server has a reason for. Cookies are not kept: they would tell which calls
are one caller's.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx

PATIENCE = 120.0
"""Seconds for the way there and for all silence together, before bytes earn more."""
SLOWEST = 4_096
"""Bytes a second, both ways, on a slow circuit; the server waits for no slower caller either."""
_PIECE, _PIECES = 256, 1_000
"""Pieces are this large at least, on the whole; a few may be smaller."""


class TooLarge(Exception):
    """An answer has more bytes than it may have; the rest was not read."""


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came; the names of its headers in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return every value of a header, by its lower-case name."""
        return [value for one, value in self.headers if one == name]


async def exchange(
    client: httpx.AsyncClient, request: httpx.Request, limit: int, patience: float | None = None
) -> Received:
    """Send a request and read its answer, of at most ``limit`` bytes; ``patience`` is in seconds.

    Raises TooLarge, httpx.ReadTimeout for what takes too long, and as httpx's clients do.
    """
    body, pieces, sent = bytearray(), 0, len(request.content)
    clock = asyncio.get_running_loop().time
    began = clock() + (PATIENCE if patience is None else patience)
    try:
        async with asyncio.timeout_at(began + sent / SLOWEST) as until:
            answer = await client.send(request, stream=True)
            try:
                # A transport without a network under it may give all at once, already read.
                read = answer.is_stream_consumed
                async for piece in answer.aiter_bytes() if read else answer.aiter_raw():
                    body += piece
                    pieces += 1
                    if len(body) > limit:
                        raise TooLarge
                    if pieces > _PIECES + limit // _PIECE:
                        raise httpx.ReadTimeout("The answer comes in crumbs.", request=request)
                    until.reschedule(began + (sent + len(body)) / SLOWEST)
            finally:
                client.cookies.clear()
                await answer.aclose()
    except TimeoutError:
        raise httpx.ReadTimeout("The answer does not end.", request=request) from None
    headers = [(name.lower(), value) for name, value in answer.headers.multi_items()]
    return Received(answer.status_code, headers, bytes(body))
