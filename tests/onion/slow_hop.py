"""``python -m tests.onion.slow_hop SECONDS LISTEN:TO ...``: what passes comes so much later.

A relay's hop on loopback takes no time. In front of each relay's port this lets every piece wait,
in both directions, and keeps their order; it needs no root and nothing of the kernel.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable

_PIECE = 64 * 1_024
_Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_Waiting = asyncio.Queue[tuple[float, bytes]]


async def serve(seconds: float, pairs: list[tuple[int, int]]) -> None:
    """Listen at the first port of each pair and pass on to the second, both on loopback."""
    for listen, to in pairs:
        await asyncio.start_server(_passing(seconds, to), "127.0.0.1", listen)
    await asyncio.Event().wait()


def _passing(seconds: float, to: int) -> _Accept:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", to)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_later(reader, back, seconds), _later(there, writer, seconds))

    return accept


async def _later(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Pass everything on, each piece so many seconds after it came; then the end."""
    clock = asyncio.get_running_loop().time
    waiting = _Waiting()

    async def read() -> None:
        piece = b"-"
        while piece:
            try:
                piece = await reader.read(_PIECE)
            except OSError:
                piece = b""
            waiting.put_nowait((clock() + seconds, piece))

    reading = asyncio.create_task(read())
    with contextlib.suppress(OSError):
        while True:
            due, piece = await waiting.get()
            await asyncio.sleep(due - clock())
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
    writer.close()
    await reading


if __name__ == "__main__":
    _seconds, *_pairs = sys.argv[1:]
    _ports = [(int(one), int(other)) for one, other in (pair.split(":") for pair in _pairs)]
    asyncio.run(serve(float(_seconds), _ports))
