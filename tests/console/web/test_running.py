"""The sync in the background: whatever comes, it goes on, and what is shown is true."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from app.console.cases import assessing, casework
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.rules.changes import OWNER
from app.console.vault.records import messages
from app.console.web.alarm.alarm_state import look
from app.console.web.alarm.deafness import Deafness
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from app.console.web.sync_status import SyncView, sync_view
from app.protocol.wire import ENVELOPE_BYTES
from tests.console.running_line import Line, read, texts

pytestmark = pytest.mark.anyio

PORTAL = b"<html>Please sign in to the network</html>"


class Between(httpx.AsyncBaseTransport):
    """Something on the way that may answer in the server's place."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.meddle: Callable[[str], httpx.Response | None] = lambda _: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.meddle(request.url.path)
        return answer or await self._line.transport.handle_async_request(request)


def console_of(line: Line, between: Between, interval: float = 300) -> Console:
    settings = ConsoleSettings(interval=interval, bundle_days=1)
    console = Console(line.folder_of("ana"), settings, now=lambda: line.now, transport=between)
    console.adopt(line.vault())
    return console


def shown(console: Console) -> SyncView:
    return sync_view(console, 0)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/challenges", PORTAL),
        ("/challenges", b"9" * 5_000),
        ("/challenges", b""),
        ("/bundles", PORTAL),
        ("/bundles", b""),
        ("/directory", PORTAL),
        ("/directory", b'{"directory":' + b"9" * 5_000 + b"}"),
        ("/directory", b"[" * 50_000),
    ],
)
async def test_a_stranger_answering_in_the_servers_place_is_told_and_gets_nothing(
    line: Line, path: str, content: bytes
) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    between = Between(line)
    console = console_of(line, between)
    between.meddle = lambda asked: (
        httpx.Response(200, content=content) if asked.endswith(path) else None
    )
    await console.sync_now()
    assert shown(console).tone == "trouble"
    assert "Up to date" not in shown(console).words
    between.meddle = lambda _: None
    await console.sync_now()
    assert shown(console).tone == "calm"
    assert shown(console).notices == ()
    await console.lock()


@pytest.mark.parametrize("status", [400, 404, 503])
async def test_a_refusal_in_no_form_is_told(line: Line, status: int) -> None:
    between = Between(line)
    console = console_of(line, between)
    between.meddle = lambda _: httpx.Response(status, content=b"[" * 50_000)
    await console.sync_now()
    assert f"status {status}" in shown(console).words
    await console.lock()


async def test_the_loop_outlives_what_nobody_foresaw(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("Read in the end.")
    between = Between(line)
    console = console_of(line, between, interval=0.01)
    failed, recovered = asyncio.Event(), asyncio.Event()

    def break_down(_: str) -> httpx.Response | None:
        if failed.is_set() and console.sync.failure is None:
            recovered.set()
        if console.sync.failure is not None:
            failed.set()
        if failed.is_set():
            return None
        raise LookupError("They keep our passports.")

    between.meddle = break_down
    loop = asyncio.create_task(console.run_loop())
    async with asyncio.timeout(120):
        await failed.wait()
        assert shown(console).tone == "trouble"
        assert "unexpected error (LookupError" in shown(console).words
        assert "passports" not in shown(console).words
        await recovered.wait()
    assert texts(console.vault) == ["Read in the end."]
    assert not loop.done()
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop
    await console.lock()


async def test_a_full_disk_is_named_and_tried_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = Between(line)
    console = console_of(line, between)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.console.sync.engine.trusted_line.load", full)
    await console.sync_now()
    assert "disk is full" in shown(console).words
    monkeypatch.undo()
    await console.sync_now()
    assert shown(console).tone == "calm"
    await console.lock()


async def test_up_to_date_is_not_said_of_a_sync_long_ago(line: Line) -> None:
    console = console_of(line, Between(line))
    await console.sync_now()
    assert shown(console).words == "Up to date, just now"
    line.now += 3 * 300 + 1
    assert shown(console).words == "Last synced 15 min ago"
    assert shown(console).tone == "trouble"
    await console.lock()


async def test_locking_closes_the_vault_whatever_the_sync_does(line: Line) -> None:
    between = Between(line)
    console = console_of(line, between)
    vault = console.vault
    asked = asyncio.Event()

    class Stuck(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                raise LookupError

    console.transport = Stuck()
    syncing = asyncio.create_task(console.sync_now())
    await asked.wait()
    async with asyncio.timeout(30):
        await console.lock()
    assert vault.closed
    assert await syncing is None


async def test_a_server_that_lists_what_it_keeps_to_itself_is_not_heard(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    between = Between(line)
    console = console_of(line, between)
    await line.send("He is at the door.")
    between.meddle = lambda asked: (
        httpx.Response(200, content=bytes(ENVELOPE_BYTES)) if "/messages/" in asked else None
    )
    hearing = console.alarm.deafness
    hearing.heard_at = 0.0
    assert await console.sync_now() is not None
    assert hearing.is_deaf
    between.meddle = lambda _: None
    await console.sync_now()
    assert not hearing.is_deaf
    with console.vault.read() as tx:
        assert len(messages.inbox(tx)) == 1
    await console.lock()


async def test_a_server_that_stands_still_is_not_heard_for_longer_than_an_epoch_may_last(
    line: Line,
) -> None:
    console = console_of(line, Between(line))
    now = [10_000.0]
    hearing = console.alarm.deafness = Deafness(lambda: now[0], lambda: now[0], 300)
    for _ in range(16):
        now[0] += 300
        await console.sync_now()
    assert hearing.is_deaf, "one epoch for more than an hour"
    await line.turn()
    await console.sync_now()
    assert not hearing.is_deaf
    await console.lock()


def _away(path: str) -> httpx.Response | None:
    raise httpx.ConnectError("away")


@pytest.mark.parametrize(
    "meddle",
    [lambda _: httpx.Response(503, json={"error": "unavailable"}), _away],
    ids=["without its database", "without Tor"],
)
async def test_twenty_minutes_without_the_line_take_no_danger_off_the_screen(
    line: Line, meddle: Callable[[str], httpx.Response | None]
) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("He is at the door.", answers={"danger_now": "yes"})
    between, passed = Between(line), [0.0]
    console = console_of(line, between)
    console.alarm.deafness = hearing = Deafness(lambda: passed[0], lambda: passed[0], 300)
    await console.sync_now()
    assert look(console.vault).count == 1
    between.meddle = meddle
    for minute in range(5, 25, 5):
        passed[0] = minute * 60.0
        await console.sync_now()
        assert shown(console).tone == "trouble"
        assert hearing.is_deaf == (minute > 10), "told after ten minutes"
        assert look(console.vault).count == 1
    # It is taken while nobody can be told, and told once somebody can.
    (case,) = {one.case for one in read(console.vault)}
    with console.vault.write() as tx:
        known = trusted_line.load_in(tx)
        taken = [changes.put(case, OWNER, known.own_keys()[0]), *assessing.take(tx, case)]
        casework.act(tx, known, "support", taken, line.now)
    assert look(console.vault).count == 0
    await console.sync_now()
    assert console.sync.failure is not None
    between.meddle = lambda _: None
    await line.turn()
    report = await console.sync_now()
    assert report is not None
    assert console.sync.failure is None
    assert not hearing.is_deaf
    await console.lock()
