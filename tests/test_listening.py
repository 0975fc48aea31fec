"""A test's own server that ends while somebody comes leaves no socket open."""

from __future__ import annotations

import asyncio
import gc
import socket
import warnings

from tests.listening import close_to_callers


async def _end_while_somebody_comes() -> None:
    taken: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: taken.append(writer), "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()):
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # accepted; its first step is the next thing to happen
        await close_to_callers(server)
        await asyncio.sleep(0)
        assert len(taken) == 1, "who has come is handed on"
        taken[0].close()
        await taken[0].wait_closed()


def test_who_comes_at_the_end_is_taken_in_and_can_be_let_go() -> None:
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always")
        asyncio.run(_end_while_somebody_comes())
        gc.collect()
    assert [str(one.message) for one in left_open] == []
