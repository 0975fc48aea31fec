"""Long work, while the price of a line comes down: at a real challenge."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path

import httpx
import pytest

from app.client import working
from app.client.line_client import LineClient, LineClientSettings
from app.protocol import work
from app.protocol.errors import BadWork

PAGE = (Path(__file__).parents[2] / "docs/spec/work.md").read_text()
EXAMPLE = json.loads(re.search(r"```json\n(.+?)```", PAGE, re.DOTALL).group(1))  # type: ignore[union-attr]
LINE = "http://127.0.0.1:9"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "AGAIN_SECONDS", 0.05)


def challenge(most: int, prefix: str = "00" * 16) -> bytes:
    """One whose answer nobody finds, unless it has the example's own prefix."""
    data = EXAMPLE["parameters"]["data"] | {"most": most}
    parameters = EXAMPLE["parameters"] | {"data": data, "keyPrefix": prefix}
    return json.dumps(EXAMPLE | {"parameters": parameters}).encode()


DEAR = challenge(640_000)
CHEAP = challenge(5_000, EXAMPLE["parameters"]["keyPrefix"])


class Line:
    """A line that gives these challenges, the last one again and again, and takes what is sent."""

    def __init__(self, *challenges: bytes | None) -> None:
        self.challenges = list(challenges)
        self.asked: list[str] = []
        self.sent: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            self.sent.append(request.headers["quietline-work"])
            return httpx.Response(201)
        self.asked.append(request.url.raw_path.decode())
        given = self.challenges.pop(0) if len(self.challenges) > 1 else self.challenges[0]
        if given is None:
            raise httpx.ConnectError("away")
        return httpx.Response(200, content=given)


async def send(line: Line) -> None:
    way = LineClientSettings(LINE)
    async with LineClient(way, os.urandom, httpx.MockTransport(line)) as client:
        await client.post_messages(1, b"x")


@pytest.mark.anyio
async def test_it_goes_over_to_a_challenge_that_costs_clearly_less() -> None:
    line = Line(DEAR, challenge(320_000), None, b"nonsense", CHEAP)
    await send(line)
    assert line.sent == [work.solve(CHEAP)]
    assert len(line.asked) >= 5
    assert set(line.asked) == {"/api/v1/work"}, "the call that every visitor makes"


@pytest.mark.anyio
async def test_work_that_is_soon_done_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "AGAIN_SECONDS", 30.0)
    line = Line(CHEAP)
    await send(line)
    assert line.sent == [work.solve(CHEAP)]
    assert len(line.asked) == 1


@pytest.mark.anyio
async def test_an_answer_does_not_wait_for_a_line_that_gives_none() -> None:
    asked = []

    async def fetch() -> bytes:
        asked.append(1)
        if len(asked) > 1:
            await asyncio.Event().wait()
        return challenge(5_000, last)

    there = work.read_challenge(CHEAP)
    last = work.derive(there.nonce, there.salt, 900, there.cost)[:16].hex()
    credit = work.WorkCredit()
    async with asyncio.timeout(60):
        await working.earn(credit, fetch, os.urandom, (OSError,))
    assert len(asked) == 2
    assert credit.take()


def test_less_than_half_of_what_is_left_is_clearly_less() -> None:
    present = work.read_challenge(challenge(8_000))
    for most, done, less in ((3_999, 0, True), (4_000, 0, False), (3_999, 8, False)):
        other = work.read_challenge(challenge(most))
        assert work.costs_clearly_less(other, present, done) is less


@pytest.mark.anyio
async def test_work_that_is_stopped_ends_and_asks_no_more() -> None:
    asked = []

    async def fetch() -> bytes:
        asked.append(1)
        return DEAR

    with pytest.raises(BadWork, match="stopped"):
        await working.earn(
            work.WorkCredit(), fetch, os.urandom, (OSError,), stopped=lambda: len(asked) > 2
        )
    assert len(asked) == 3
