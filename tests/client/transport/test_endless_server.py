"""A server that answers without end, in crumbs or in bombs: its callers go on."""

from __future__ import annotations

import asyncio
import gzip
import os
import resource
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache

import brotli
import httpx
import pytest

from app.cli.verify.visitors import CannotReach, visit, visitors
from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError
from app.client.reporter_client import ReporterClient
from app.client.transport import exchange
from app.client.transport.unpacking import CannotUnpack, unpacked
from app.protocol.errors import ProtocolError
from app.server.epochs.replicas import PeerFails, copy

pytestmark = pytest.mark.anyio

BEFORE = b"HTTP/1.1 200 OK\r\n"
Call = Callable[[str], Awaitable[object]]


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "PATIENCE", 1.0)


async def by_the_client(url: str) -> object:
    # With a transport of its own, as through Tor: no connection is kept for the next call.
    async with LineClient(
        LineClientSettings(url), os.urandom, httpx.AsyncHTTPTransport()
    ) as client:
        return await client.directory()


async def by_a_report(url: str) -> object:
    way = LineClientSettings(url, one_circuit=True)
    async with LineClient(way, os.urandom, httpx.AsyncHTTPTransport()) as client:
        return await ReporterClient(client, bytes(32)).directory()


async def by_a_deletion(url: str) -> object:
    async with LineClient(
        LineClientSettings(url), os.urandom, httpx.AsyncHTTPTransport()
    ) as client:
        await client.delete_message(bytes(16))
    return None


async def by_verify(url: str) -> object:
    (one,) = visitors(["en"], [False], 1)
    async with visit(url, one, None, os.urandom) as at:
        return await at.get("/en/")


async def by_a_replica(url: str) -> object:
    return await copy(url, -1, 1.0, os.urandom)


CALLS = [by_the_client, by_a_report, by_a_deletion, by_verify, by_a_replica]
WORDS = (LineError, CannotReach, ProtocolError, PeerFails)


@asynccontextmanager
async def server(
    answer: Callable[[asyncio.StreamWriter], Awaitable[None]], heads: list[bytes] | None = None
) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if heads is not None:
                    heads.append(head)
                await answer(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    made = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{made.sockets[0].getsockname()[1]}"
    finally:
        made.close()


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(BEFORE + b"content-length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def hints(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.1)


async def crumbs(writer: asyncio.StreamWriter) -> None:
    writer.write(BEFORE + b"transfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\nx\r\n" * 10_000)
        await writer.drain()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", [drip, hints, crumbs])
async def test_what_does_not_end_is_ended(
    call: Call, answer: Callable[[asyncio.StreamWriter], Awaitable[None]]
) -> None:
    # Less than a real patience; theirs is a second here, and ended after fifty on a busy machine.
    async with asyncio.timeout(110), server(answer) as url:
        with pytest.raises(WORDS):
            await call(url)


@cache
def bomb(rounds: int) -> bytes:
    """Return a gigabyte of nothing, packed once and ``rounds`` times more."""
    made = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(made.compress(bytes(1 << 20)) for _ in range(1_000)) + made.flush()
    for _ in range(rounds):
        packed = gzip.compress(packed)
    return packed


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("rounds", [0, 1])
async def test_a_few_kilobytes_take_no_gigabyte(call: Call, rounds: int) -> None:
    packed, names = bomb(rounds), ", ".join(["gzip"] * (rounds + 1))
    head = f"content-encoding: {names}\r\ncontent-length: {len(packed)}\r\n\r\n".encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(BEFORE + head + packed)
        await writer.drain()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with server(answer) as url:
        with suppress(*WORDS):
            await call(url)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300_000, "kilobytes"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_what_browsers_unpack_is_unpacked(encoding: str) -> None:
    text = b"<p>Nobody owns you.</p>" * 9
    packed = {
        "gzip": gzip.compress(text), "deflate": zlib.compress(text), "br": brotli.compress(text)
    }[encoding]  # fmt: skip
    assert unpacked(packed, encoding, len(text)) == text
    assert unpacked(packed, "", 9) == packed
    for data, limit in ((packed, len(text) - 1), (packed[:-9], 999), (b"\x00" * 99, 999)):
        with pytest.raises(CannotUnpack):
            unpacked(data, encoding, limit)


async def test_no_call_says_that_it_is_the_one_of_before() -> None:
    heads: list[bytes] = []

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(BEFORE + b"set-cookie: who=7; path=/\r\ncontent-length: 1\r\n\r\nx")
        await writer.drain()

    async with (
        server(answer, heads) as url,
        LineClient(LineClientSettings(url), os.urandom, httpx.AsyncHTTPTransport()) as client,
    ):
        for _ in range(3):
            await client.directory()
    assert len(heads) == 3
    assert not any(b"cookie" in head.lower() for head in heads)
