"""A download that went wrong loses nothing, and is never taken for a full sync."""

from __future__ import annotations

import os
from collections.abc import Callable

import httpx
import pytest

from app.console.rules import wording
from app.console.vault import Vault
from app.console.vault.keys import bundle_keys
from app.protocol.wire import ENVELOPE_BYTES
from tests.console.running_line import DAY, HOUR, Line, texts

pytestmark = pytest.mark.anyio

Meddle = Callable[[bytes], bytes]


class Meddling(httpx.AsyncBaseTransport):
    """The real server, but for the messages it gives; counts how many were asked for."""

    def __init__(self, line: Line, meddle: Meddle = lambda data: data) -> None:
        self._line, self._meddle = line, meddle
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._line.transport.handle_async_request(request)
        if request.method == "GET" and "/messages/" in request.url.path:
            self.asked += 1
            return httpx.Response(200, content=self._meddle(await answer.aread()))
        return answer


def flipped(at: int) -> Meddle:
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def noise(_: bytes) -> bytes:
    return os.urandom(ENVELOPE_BYTES)


async def _sent(line: Line, vault: Vault) -> None:
    await line.ready(vault)
    await line.send("Help us.")


async def test_a_message_damaged_on_the_way_is_read_at_the_next_sync(
    line: Line, ana: Vault
) -> None:
    await _sent(line, ana)
    damaged = await line.sync(ana, transport=Meddling(line, flipped(5_000)))
    assert (damaged.new_messages, damaged.unopenable, damaged.full) == (0, 1, False)
    told = [one.text for one in damaged.notices if "cannot be opened" in one.text]
    assert "1 message on the server" in told[0]
    assert f"1 since {wording.day_of(line.now)}" in told[0]
    assert not damaged.troubled, "anybody can make such a message: it is counted, no alarm"
    good = await line.sync(ana)
    assert (good.new_messages, good.unopenable, good.full) == (1, 0, True)
    assert not good.troubled
    assert texts(ana) == ["Help us."]
    line.now += DAY + 1
    await line.sync(ana)
    await line.turn()
    again = Meddling(line)
    await line.sync(ana, transport=again)
    assert again.asked == 0, "deleted on the server like any other"


async def test_what_stays_unopenable_is_tried_daily_until_another_body_fails_too(
    line: Line, ana: Vault
) -> None:
    await _sent(line, ana)

    async def asked(at: int) -> int:
        meddling = Meddling(line, flipped(at))
        report = await line.sync(ana, transport=meddling)
        assert report.unopenable == 1
        return meddling.asked

    assert [await asked(5_000) for _ in range(4)] == [1, 1, 0, 0], "twice at first"
    assert (await line.sync(ana)).full, "what the server has was seen, twice"
    await line.turn(30 * HOUR)
    assert await asked(5_000) == 1
    await line.turn(30 * HOUR)
    assert await asked(5_001) == 1, "another body"
    await line.turn(5 * DAY)
    assert await asked(5_002) == 0, "given up"


async def test_a_sync_whose_hits_did_not_come_is_not_full_and_destroys_no_key(
    line: Line, ana: Vault
) -> None:
    await line.ready(ana, days=4)
    await line.send("Help us.")
    await line.turn(HOUR)
    await line.sync(ana, days=4, transport=Meddling(line, noise))
    with ana.read() as tx:
        before = bundle_keys.count(tx)
    await line.turn(DAY + HOUR)
    for wanted in (2, 3):
        report = await line.sync(ana, days=4, transport=Meddling(line, noise))
        assert not report.full, wanted
        assert report.keys_destroyed == 0
        assert "keeps delivering" in report.notices[-1].text
    with ana.read() as tx:
        assert bundle_keys.count(tx) >= before
    report = await line.sync(ana, days=4)
    assert report.full
    assert report.keys_destroyed > 0
    assert texts(ana) == ["Help us."]


async def test_an_id_that_is_listed_no_more_hinders_nothing(line: Line, ana: Vault) -> None:
    await _sent(line, ana)
    missed = await line.sync(ana, transport=Meddling(line, noise))
    assert not missed.full
    assert not missed.troubled, "it may just have been deleted"
    await line.turn(200 * DAY)  # the message has expired on the server
    await line.sync(ana)
    await line.turn()
    report = await line.sync(ana)
    assert report.full
