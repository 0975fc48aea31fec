"""Tor at a Unix socket: the same calls, names and failures as at a port."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from app.client.transport.circuits import Circuit, NoTor, TorRefused
from tests.client.fake_tor import ONION_NOT_FOUND

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def _tor(path: Path, code: int, came: list[bytes]) -> asyncio.Server:
    """Listen as Tor's SOCKS port does, and answer whatever is asked behind it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (_, methods) = await reader.readexactly(2)
        assert 2 in await reader.readexactly(methods), "nobody asks Tor without a name"
        writer.write(b"\x05\x02")
        (_, size) = await reader.readexactly(2)
        came.append(await reader.readexactly(size))
        (size,) = await reader.readexactly(1)
        await reader.readexactly(size)
        writer.write(b"\x01\x00")
        *_, size = await reader.readexactly(5)
        came.append(await reader.readexactly(size + 2))
        writer.write(bytes([5, code, 0, 1, *bytes(6)]))
        if not code:
            came.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    return await asyncio.start_unix_server(serve, path)


async def test_a_call_goes_through_the_socket(tmp_path: Path) -> None:
    path = tmp_path / "socks"
    came: list[bytes] = []
    async with await _tor(path, 0, came):
        for _ in range(2):
            async with Circuit(os.urandom, f"unix:{path}") as circuit:
                answer = await circuit.call("GET", "http://abc.onion/healthz", 100)
            assert (answer.status, answer.body) == (200, b"ok")
    first, where, request, second, *_ = came
    assert first != second, "a circuit of its own for each"
    assert where == b"abc.onion\x00\x50", "the name is Tor's to look up"
    assert request.startswith(b"GET /healthz HTTP/1.1\r\nHost: abc.onion\r\n")


async def test_why_nothing_came_is_told_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "socks"
    async with Circuit(os.urandom, f"unix:{path}") as circuit:
        with pytest.raises(NoTor):
            await circuit.call("GET", "http://abc.onion/", 100)
    async with (
        await _tor(path, ONION_NOT_FOUND, []),
        Circuit(os.urandom, f"unix:{path}") as circuit,
    ):
        with pytest.raises(TorRefused):
            await circuit.call("GET", "http://abc.onion/", 100)
