"""Bundle keys over weeks: kept while anybody may still write to them, destroyed when nobody can."""

from __future__ import annotations

import os
from collections.abc import Callable

import httpx
import pytest

from app.console.sync.outcome import SyncReport
from app.console.vault import Vault
from app.console.vault.installation import owner
from app.console.vault.keys import bundle_keys
from app.protocol.batch import seal_batch
from app.protocol.bodies import write_body
from app.protocol.bundles import open_bundles
from app.protocol.directory import open_directory
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from app.protocol.wire import EpochBundles
from tests.console.running_line import DAY, HOUR, Line, texts

pytestmark = pytest.mark.anyio


def _held(vault: Vault) -> list[int]:
    with vault.read() as tx:
        return [key.not_before for key in bundle_keys.all_held(tx)]


class Lying(httpx.AsyncBaseTransport):
    """The real server, but for the paths whose answer is given here."""

    def __init__(self, honest: httpx.AsyncBaseTransport, **lies: bytes) -> None:
        self._honest = honest
        self._lies = {f"/api/v1/{name}": answer for name, answer in lies.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path in self._lies and request.method == "GET":
            return httpx.Response(200, content=self._lies[request.url.path])
        return await self._honest.handle_async_request(request)


async def test_three_weeks_offline_lose_no_message_and_no_key(line: Line, ana: Vault) -> None:
    await line.ready(ana, days=30)
    before = _held(ana)
    for week in range(3):
        await line.turn(7 * DAY)
        await line.send(f"Week {week}.")
    report = await line.sync(ana, days=30)
    assert report.new_messages == 3
    assert texts(ana) == ["Week 0.", "Week 1.", "Week 2."]
    assert report.keys_destroyed == 0
    assert set(before) <= set(_held(ana)), "the end of a window destroys nothing"

    line.now += DAY
    assert (await line.sync(ana, days=30)).keys_destroyed == 0, "24 h have not fully passed"
    line.now += HOUR
    report = await line.sync(ana, days=30)
    assert report.keys_destroyed == 21 * 24
    assert min(_held(ana)) == (line.now - DAY - HOUR) // HOUR * HOUR


async def test_a_console_on_for_two_days_keeps_a_day_of_keys(line: Line, ana: Vault) -> None:
    await line.ready(ana, days=3)
    for _ in range(12):
        await line.turn(4 * HOUR)
        report = await line.sync(ana, days=3)
        assert not report.troubled
    oldest = min(_held(ana))
    assert oldest <= line.now - DAY
    assert oldest >= line.now - DAY - 9 * HOUR
    await line.send("Still read.")
    await line.sync(ana, days=3)
    assert texts(ana) == ["Still read."]


async def test_a_reporters_page_open_for_two_days_still_gets_through(
    line: Line, ana: Vault
) -> None:
    await line.ready(ana, days=3)
    async with line.line_client() as client:
        directory = open_directory(await client.directory(), line.line_id)
        old = open_bundles(await client.bundles(), directory)
        for _ in range(6):
            await line.turn(8 * HOUR)
            await line.sync(ana, days=3)
        reporter = ReporterIdentity(new_entropy(os.urandom))
        body = write_body("report", os.urandom(16).hex(), {"text": "Written slowly."})
        stale = seal_batch(directory, old, reporter.sender(), {0}, body, os.urandom)
        with pytest.raises(Exception, match="409"):
            await client.post_messages(old.epoch, stale)
        fresh = open_bundles(await client.bundles(), directory)
        batch = seal_batch(directory, fresh, reporter.sender(), {0}, body, os.urandom)
        await client.post_messages(fresh.epoch, batch)
    await line.turn()
    await line.sync(ana, days=3)
    assert texts(ana) == ["Written slowly."]


async def test_stale_bundles_in_service_keep_their_keys(line: Line, ana: Vault) -> None:
    """A server that goes on giving out one old bundle: its key must stay, however long."""
    await line.ready(ana, days=2)
    async with line.line_client() as client:
        stuck = Lying(line.transport, bundles=await client.bundles())
    serving = (await line.bundles()).bundles[0].not_before
    for _ in range(4):
        await line.turn(DAY)
        report = await line.sync(ana, days=2, transport=stuck)
    assert serving in _held(ana)
    assert report.keys_destroyed == 0


async def test_a_sync_that_did_not_finish_destroys_nothing(line: Line, ana: Vault) -> None:
    await line.ready(ana, days=4)
    await line.turn(HOUR)
    await line.sync(ana, days=4)
    await line.turn(DAY + HOUR)
    await line.send("One.")

    class Cut(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if "/messages/" in request.url.path:
                raise httpx.ReadError("cut", request=request)
            return await line.transport.handle_async_request(request)

    before = _held(ana)
    with pytest.raises(Exception, match="cannot be reached"):
        await line.sync(ana, days=4, transport=Cut())
    assert set(before) <= set(_held(ana))
    report = await line.sync(ana, days=4)
    assert report.keys_destroyed > 0
    assert texts(ana) == ["One."]


async def test_a_bundle_shown_before_its_time_destroys_nothing(line: Line, ana: Vault) -> None:
    """The server has a month of signed bundles; showing a late one must not kill the rest."""
    await line.ready(ana, days=3)
    honest = await line.bundles()
    with ana.read() as tx:
        who, held = owner.load_owner(tx), bundle_keys.all_held(tx)
    last = held[-1]
    early = last.keys.bundle(who.identity, last.not_before, last.not_after)
    lie = EpochBundles(honest.epoch, honest.directory_hash, {0: early})
    lying = Lying(line.transport, bundles=lie.serialise())
    report = await line.sync(ana, days=3, transport=lying)
    assert "before their time" in report.notices[0].text
    line.now += DAY + HOUR
    report = await line.sync(ana, days=3, transport=lying)
    assert report.keys_destroyed == 0
    await line.turn()
    await line.send("Still read.")
    await line.sync(ana, days=3)
    assert texts(ana) == ["Still read."]


async def test_keys_that_this_vault_lacks_are_an_alarm(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    with ana.write() as tx:
        bundle_keys.destroy(tx, [key.id for key in bundle_keys.all_held(tx)])
    report = await line.sync(ana)
    assert any("old copy" in notice.text for notice in report.notices)


Lie = Callable[[Line, bytes], tuple[bytes, str]]


def _older(line: Line, first: bytes) -> tuple[bytes, str]:
    return first, "an old directory"


def _twin(line: Line, first: bytes) -> tuple[bytes, str]:
    # What a second copy of the root key could sign: the same version, another content.
    directory = line.folder / "agency" / "directory.json"
    second = directory.read_bytes()
    directory.write_bytes(first)
    line.now += DAY
    twin = line.publish()
    line.now -= DAY
    directory.write_bytes(second)
    (line.folder / "directory.json").write_bytes(second)
    return twin, "two different directories"


def _forged(line: Line, first: bytes) -> tuple[bytes, str]:
    stranger = Line.make(line.folder / "stranger")
    return (stranger.folder / "directory.json").read_bytes(), "not signed by this hotline's agency"


@pytest.mark.parametrize("lie", [_older, _twin, _forged])
async def test_a_server_that_lies_about_the_directory_is_found_out(
    line: Line, ana: Vault, lie: Lie
) -> None:
    first = (line.folder / "directory.json").read_bytes()
    await line.ready(ana)
    line.publish()
    await line.turn()
    assert not (await line.sync(ana)).troubled
    await line.send("Read all the same.")
    answer, words = lie(line, first)
    report: SyncReport = await line.sync(ana, transport=Lying(line.transport, directory=answer))
    assert words in report.notices[0].text
    assert report.notices[0].level == "alarm"
    assert texts(ana) == ["Read all the same."], "what is authenticated by itself is still read"
    assert not (await line.sync(ana)).troubled, "the true directory was not forgotten"


async def test_bundles_of_another_directory_are_refused(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    honest = await line.bundles()
    lie = EpochBundles(honest.epoch, os.urandom(32), honest.bundles).serialise()
    report = await line.sync(ana, transport=Lying(line.transport, bundles=lie))
    assert "do not fit the hotline's directory" in report.notices[0].text


async def test_an_ending_directory_is_told_in_words(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    said = []
    for days in (140, 42, 14):
        line.now += days * DAY
        report = await line.sync(ana)
        said.append(next(one for one in report.notices if "directory" in one.text))
    assert [one.level for one in said] == ["info", "warning", "alarm"]
    assert "Remind the agency" in said[0].text
    assert "two weeks more" in said[1].text
    assert "no longer write" in said[2].text
