"""Whole requests, many at once: who asks again and again keeps nobody out, nor holds memory."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from app.protocol import work
from app.protocol.wire import CHUNK_BYTES
from app.server.admission.turns import Turns
from tests.server import honest
from tests.server.conftest import fake_batch
from tests.server.holding import REPEATED, Endpoint, attackers
from tests.server.http.test_hostile import memory_of

PLACES = 300
SECONDS = 6.0
PATIENCE = 5.0
"""Seconds after which somebody has given up."""


@pytest.mark.parametrize("kind", REPEATED)
def test_whoever_asks_again_and_again_at_every_place_keeps_nobody_out(start, tmp_path, kind):
    start("--tor-uds", str(tmp_path / "tor.sock"), connections=PLACES)
    endpoint = Endpoint(socket=f"{tmp_path}/tor.sock", circuits=PLACES)
    with attackers(endpoint, kind, PLACES + PLACES // 10, 0):
        fate, until = honest.Fate(), time.monotonic() + SECONDS
        while time.monotonic() < until:
            honest.visit(endpoint, fake_batch(3), fate)
    assert fate.share >= 0.95, fate.statuses
    assert max(fate.waits) < PATIENCE


@contextmanager
def deaf(endpoint: Endpoint, count: int, request: bytes, times: int) -> Iterator[None]:
    """Have connections on which so many answers are asked for, and nothing of them is taken."""
    with ExitStack() as stack:
        all_ = [stack.enter_context(endpoint.connected(0, deaf=True)) for _ in range(count)]
        for _ in range(times):
            for one in all_:
                one.sendall(request)
            time.sleep(0.5)
        yield


def test_who_takes_nothing_holds_one_answer_in_memory_and_not_more(start, tmp_path):
    process = start("--uds", str(tmp_path / "server.sock"))
    endpoint = Endpoint(socket=str(tmp_path / "server.sock"))
    answer = work.solve(honest.call(endpoint, "GET /api/v1/work?for=chunks")[1])
    path = f"/api/v1/chunks/{os.urandom(16).hex()}"
    put = honest.call(endpoint, f"PUT {path}", os.urandom(CHUNK_BYTES), Quietline_Work=answer)
    assert put[0] == 201
    before, count = memory_of(process), 200
    with deaf(endpoint, count, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 4):
        until = time.monotonic() + 5
        most = 0
        while time.monotonic() < until:
            most = max(most, memory_of(process) - before)
            time.sleep(0.1)
    assert most < 1.5 * count * CHUNK_BYTES


@pytest.mark.anyio
async def test_so_many_have_a_turn_and_of_those_who_wait_whoever_had_least_is_next() -> None:
    turns, order = Turns(2), list[str]()

    async def one(name: str, rank: tuple[int, int]) -> None:
        if await turns.take(name, rank):
            order.append(name)

    ranks = {"a": (9, 9), "b": (9, 9), "c": (2, 0), "d": (1, 7), "e": (1, 0), "f": (1, 1)}
    tasks = [asyncio.create_task(one(name, rank)) for name, rank in ranks.items()]
    await asyncio.sleep(0)
    assert order == ["a", "b"]
    turns.leave("e")  # gone meanwhile: no turn is lost on it
    assert not turns.is_waiting("e")
    for _ in range(5):
        turns.give_back()
    await asyncio.gather(*tasks)
    assert order == ["a", "b", "f", "d", "c"]
    await asyncio.sleep(0)
    await asyncio.gather(one("g", (0, 0)), one("h", (0, 0)))
    assert order[5:] == ["g", "h"]


@pytest.mark.anyio
async def test_among_equals_neither_the_first_nor_the_last_to_come_is_always_next() -> None:
    turns, order = Turns(1), list[int]()
    assert await turns.take("at work")

    async def one(number: int) -> None:
        await turns.take(number)
        order.append(number)

    tasks = [asyncio.create_task(one(number)) for number in range(64)]
    await asyncio.sleep(0)
    for _ in range(64):
        turns.give_back()
    await asyncio.gather(*tasks)
    assert sorted(order) == list(range(64))
    assert order not in (list(range(64)), list(range(63, -1, -1)))


@pytest.mark.anyio
async def test_those_who_come_and_go_leave_nothing_behind() -> None:
    turns = Turns(1)
    assert await turns.take("at work")
    for number in range(2_000):
        task = asyncio.create_task(turns.take(number))
        await asyncio.sleep(0)
        turns.leave(number)
        assert not await task
    assert len(turns._order) < 300
