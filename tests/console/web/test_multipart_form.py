"""A form with a file, however its bytes come: fields first, the file whole, nothing on the disk."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import AsyncIterator, Sequence

import anyio.to_thread
import pytest

from app.console.web.multipart_form import FIELDS_MAX, NoFile, SentFile

EDGE = b"edge-7f3"
TOKEN = b'--edge-7f3\r\nContent-Disposition: form-data; name="csrf"\r\n\r\ntoken\r\n'
FILE = (
    b'--edge-7f3\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".bin"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n"
)
END = b"\r\n--edge-7f3--\r\n"
CONTENTS = [
    b"",
    b"{}",
    b"\r\n--edge-7f",
    b"\r\n--edge-7f4\r\n\r\n--edge-7f\r\n--",
    b"\r\n" * 50,
    b"--edge-7f3--",
    os.urandom(100_000),
]

pytestmark = pytest.mark.anyio

watched: list[list[str]] = []
"""The lists in which is kept what is opened to be written; one while somebody looks."""


def _watch(event: str, of: tuple[object, ...]) -> None:
    if event == "open" and isinstance(of[2], int) and of[2] & (os.O_WRONLY | os.O_RDWR):
        for written in watched:
            written.append(str(of[0]))


sys.addaudithook(_watch)


async def taken(pieces: Sequence[bytes], size: int = 1000) -> tuple[dict[str, str], bytes]:
    """Return the fields and the file of a form that comes in these pieces."""

    async def come() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    sent = SentFile(come(), EDGE)
    await sent.begin()
    fields = dict(sent.fields)

    def read() -> bytes:
        whole = b""
        while piece := sent.read(size):
            assert len(piece) <= size
            whole += piece
        sent.drain()
        return whole

    return fields, await anyio.to_thread.run_sync(read)


def split(body: bytes, seed: int) -> list[bytes]:
    """Split a body into pieces of random sizes; seed 0: byte by byte; 1: as one."""
    if seed < 2:
        return [body] if seed else [body[at : at + 1] for at in range(len(body))]
    draw, pieces = random.Random(seed), []
    while body:
        size = draw.choice([1, 2, 7, 40, 1_000, 64_000])
        pieces.append(body[:size])
        body = body[size:]
    return pieces


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
@pytest.mark.parametrize("seed", range(8))
async def test_a_file_comes_whole_however_its_bytes_are_cut(content: bytes, seed: int) -> None:
    if seed == 0:
        content = content[:2_000]
    found = await taken(split(TOKEN + FILE + content + END, seed))
    assert found == ({"csrf": "token"}, content)


async def test_only_the_first_file_is_one_and_nothing_after_it_is_a_field() -> None:
    late = TOKEN.replace(b"token", b"other")
    body = TOKEN + FILE + b"first\r\n" + late + FILE + b"second" + END
    for seed in range(6):
        assert await taken(split(body, seed)) == ({"csrf": "token"}, b"first")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        TOKEN,
        TOKEN + b"--edge-7f3--\r\n",
        TOKEN + FILE,
        TOKEN + FILE + b"half",
        TOKEN + FILE + b"half\r\n--edge-7f",
        b"--another\r\n" + TOKEN + FILE + b"{}" + END,
        b"--edge-7f3\r\nno header\r\n\r\n{}" + END,
        b"--edge-7f3\r\n" + b"a: b\r\n" * 100 + b"\r\n{}" + END,
    ],
)
@pytest.mark.parametrize("seed", range(3))
async def test_what_is_no_form_or_ends_before_its_file_does_is_refused(
    body: bytes, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NoFile, match="No whole file came"):
        await taken(split(body, seed))
    assert caplog.records == [], "what was sent is not written to the terminal"


@pytest.mark.parametrize(
    "before",
    [
        TOKEN.replace(b"token", b"x" * (FIELDS_MAX + 1)),
        TOKEN * (FIELDS_MAX // len(TOKEN) + 1),
        b"--edge-7f3\r\nA: b\r\n\r\n\r\n" * (FIELDS_MAX // 64 + 1),
    ],
)
async def test_what_stands_before_the_file_is_bounded(before: bytes) -> None:
    with pytest.raises(NoFile, match="more text than the form holds"):
        await taken(split(before + FILE + b"{}" + END, 1))


async def test_a_large_file_is_never_written_to_the_disk_nor_held() -> None:
    piece, count = os.urandom(65_536), 400
    held = 0

    async def come() -> AsyncIterator[bytes]:
        yield TOKEN + FILE
        for _ in range(count):
            yield piece
        yield END

    sent = SentFile(come(), EDGE)

    def read() -> int:
        nonlocal held
        size = 0
        while got := sent.read(10_000):
            size += len(got)
            held = max(held, len(sent._held))
        return size

    written: list[str] = []
    watched.append(written)
    try:
        await sent.begin()
        assert await anyio.to_thread.run_sync(read) == count * len(piece)
    finally:
        watched.clear()
    assert written == []
    assert held <= 2 * len(piece)
