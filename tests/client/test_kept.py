"""Lines that stay open: many calls by few connections, and no call lost by them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError, LineRefused
from app.client.transport import kept_connections
from app.protocol.wire import ENVELOPE_BYTES

pytestmark = pytest.mark.anyio

WHOLE = bytes(ENVELOPE_BYTES)


class Scripted:
    """A server that answers each request by what ``says`` gives; None hangs up instead."""

    def __init__(self, says: Callable[[int], bytes | None]) -> None:
        self._says = says
        self.connections = 0
        self.requests: list[bytes] = []
        self._talks: set[asyncio.Task[None] | None] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._talks.add(asyncio.current_task())
        try:
            while True:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                said = self._says(len(self.requests))
                if said is None:
                    break
                writer.write(said)
                await writer.drain()
                if b"connection: close" in said:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[LineClient]:
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with LineClient(LineClientSettings(f"http://127.0.0.1:{port}"), os.urandom) as client:
            yield client
        server.close()
        await asyncio.sleep(0)
        await asyncio.gather(*filter(None, self._talks))
        await asyncio.sleep(0)  # what a talk closed is closed a step later


def answer(body: bytes = WHOLE, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{more}\r\n".encode() + body


async def _ask(client: LineClient, count: int) -> list[bytes]:
    return await asyncio.gather(*(client.message(os.urandom(16)) for _ in range(count)))


async def test_many_calls_share_a_few_connections() -> None:
    server = Scripted(lambda _: answer())
    async with server.client() as client:
        assert await _ask(client, 60) == [WHOLE] * 60
    assert server.connections <= kept_connections.LINES
    assert len(server.requests) == 60
    for one in server.requests:
        assert b"Firefox" in one
        assert b"python" not in one.lower()


async def test_a_connection_that_the_server_closes_costs_no_call() -> None:
    closing = answer(more="connection: close\r\n")
    server = Scripted(lambda number: (answer(), closing, None)[number % 3])
    async with server.client() as client:
        # One after the other: which connection a call takes is then no matter of chance.
        for _ in range(9):
            assert await client.message(os.urandom(16)) == WHOLE


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (answer(bytes(ENVELOPE_BYTES + 1)), "larger than it may be"),
        (answer(b"short"), "instead of"),
        (answer(b"", "302 Found"), "is not followed"),
        (b"no HTTP at all\r\n\r\n", "cannot be reached"),
    ],
)
async def test_an_answer_that_is_none_is_told_in_words(said: bytes, wrong: str) -> None:
    async with Scripted(lambda _: said).client() as client:
        with pytest.raises(LineError, match=wrong):
            await client.message(os.urandom(16))


async def test_a_refusal_keeps_its_name() -> None:
    problem = b'{"type": "urn:quietline:busy"}'
    async with Scripted(lambda _: answer(problem, "503 No")).client() as client:
        with pytest.raises(LineRefused) as caught:
            await client.message(os.urandom(16))
    assert (caught.value.name, caught.value.status) == ("busy", 503)
