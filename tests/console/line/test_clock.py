"""A console's own clock: plainly later, nothing is sent; earlier, everything is."""

from __future__ import annotations

import os

import httpx
import pytest

from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.sync import deliver
from app.console.sync.outcome import SyncReport
from app.console.vault import Vault
from app.console.vault.records.messages import State
from app.protocol.identities import BundleKeys
from tests.console.running_line import DAY, Line, read

pytestmark = pytest.mark.anyio


async def answered(line: Line, ana: Vault, chris: Vault) -> None:
    """Let a report come and an answer wait; both investigators vouch for the time."""
    await line.ready(ana, chris)
    await line.send("Help.")
    await line.sync(ana)
    deliver.queue_reply(
        ana, read(ana)[0].case, "Yes.", desk="support", lang="en", now=line.now,
        rng=os.urandom,
    )  # fmt: skip


def loud(report: SyncReport, level: Level) -> str:
    return " ".join(one.text for one in report.notices if one.level is level)


async def test_a_server_that_stays_in_the_past_gets_no_answer(
    line: Line, ana: Vault, chris: Vault
) -> None:
    """The directory is over; the bundles of its time go on vouching for it."""
    await answered(line, ana, chris)
    line.now += 200 * DAY  # this console's clock; the server shows the epoch of then
    report = await line.sync(ana)
    assert report.sent == 0
    waiting = read(ana)[-1]
    assert waiting.state is State.WAITING
    assert waiting.problem is not None
    assert "this computer's clock" in waiting.problem
    said = loud(report, Level.ALARM)
    assert "ended on" in said
    assert "keys that the server gives out" in said
    line.now -= 200 * DAY
    assert (await line.sync(ana)).sent == 1, "a clock that is set right sends what waits"


async def test_a_clock_that_is_behind_silences_nobody_and_is_told(
    line: Line, ana: Vault, chris: Vault
) -> None:
    await answered(line, ana, chris)
    line.now -= 400 * DAY
    report = await line.sync(ana)
    assert report.sent == 1
    assert "computer's clock is behind" in loud(report, Level.WARNING)


async def test_a_new_console_begins_with_no_directory_that_is_over(line: Line, ana: Vault) -> None:
    """Those who have left since would be its colleagues."""
    line.now += 200 * DAY
    report = await line.sync(ana)
    assert "Nothing of it was believed" in loud(report, Level.ALARM)
    assert trusted_line.load(ana).directory is None
    line.publish()
    await line.turn()
    await line.sync(ana)
    assert trusted_line.load(ana).directory is not None


async def test_one_key_and_the_server_close_no_colleagues_desk(
    line: Line, ana: Vault, chris: Vault
) -> None:
    """With windows that no honest server shows together, nothing is sealed to those alone."""
    await answered(line, ana, chris)
    with chris.read() as tx:
        identity = trusted_line.load_in(tx).owner.identity
    ahead = line.now // 3_600 * 3_600 + 40 * DAY
    shown = await line.bundles()
    stolen = BundleKeys.generate(os.urandom).bundle(identity, ahead, ahead + 3_600)
    shown.bundles[1] = stolen

    class Hostile(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if (request.method, request.url.path) == ("GET", "/api/v1/bundles"):
                return httpx.Response(200, content=shown.serialise())
            return await line.transport.handle_async_request(request)

    report = await line.sync(ana, transport=Hostile())
    assert report.sent == 0
    assert "no one moment" in loud(report, Level.ALARM)
    assert (await line.sync(ana)).sent == 1
