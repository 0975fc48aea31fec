"""A request's body as a file that a worker thread reads, so that it is never spooled."""

from collections.abc import AsyncIterator

import anyio.from_thread
from fastapi import Request


class UploadStream:
    """Reads from the event loop's request inside a worker thread (anyio.to_thread)."""

    def __init__(self, request: Request) -> None:
        self._pieces: AsyncIterator[bytes] = request.stream().__aiter__()
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        while not self._rest:
            piece = anyio.from_thread.run(self._next)
            if piece is None:
                return b""
            self._rest = piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    async def _next(self) -> bytes | None:
        return await anext(self._pieces, None)
