"""What an investigator has after a sync, with the real server."""

from __future__ import annotations

import asyncio
import os
import re

import httpx
import pytest
from sqlalchemy import text

from app.client import line_client
from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError
from app.console.line.notices import Level
from app.console.rules.body import read_body
from app.console.sync.engine import SyncSettings, sync_once
from app.console.sync.outcome import last_status
from app.console.vault import Kdf, Vault
from app.console.vault.installation import owner
from app.console.vault.keys import bundle_keys
from app.console.vault.records import adding, fetched_ids, messages
from app.console.vault.records.messages import State
from app.console.vault.setup import init_vault
from app.protocol import bodies
from app.protocol.answers import solve
from app.protocol.batch import seal_batch
from app.protocol.bundles import open_bundles
from app.protocol.directory import open_directory
from app.protocol.envelope import seal
from app.protocol.identities import BundleKeys, ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.left_out import NAMES
from tests.console.running_line import DAY, HOUR, PASSPHRASE, URL, Line, read, texts

pytestmark = pytest.mark.anyio


async def _waiting(line: Line, vault: Vault) -> int:
    """How many messages the server still shows to this vault's owner."""
    with vault.read() as tx:
        who = owner.load_owner(tx)
    async with line.line_client() as client:
        return len(solve(await client.challenges(), who.identity.fetch_sk, line.line_id))


async def test_a_report_is_read_by_the_desk_it_was_written_to(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send(
        "They keep our passports.",
        lang="es",
        answers={"danger_now": "yes", "safe_to_reply": "no"},
    )
    report = await line.sync(ana)
    assert report.new_messages == 1
    assert report.full
    with ana.read() as tx:
        (found,) = messages.inbox(tx)
        assert messages.unread(tx) == 1
    assert found.snippet == "They keep our passports."
    assert found.lang == "es"
    assert found.desks == ("support",)
    assert found.answers == {"danger_now": "yes", "safe_to_reply": "no"}
    assert found.unread == 1


async def test_a_desk_not_chosen_sees_and_counts_nothing(
    line: Line, ana: Vault, chris: Vault
) -> None:
    await line.ready(ana, chris)
    await line.send("For support alone.")
    report = await line.sync(chris)
    assert report.new_messages == 0
    assert not report.troubled
    assert read(chris) == []
    assert texts(ana) == []
    await line.sync(ana)
    assert texts(ana) == ["For support alone."]


async def test_covers_are_deleted_on_the_server_after_a_while_like_messages(
    line: Line, ana: Vault, chris: Vault
) -> None:
    await line.ready(ana, chris)
    await line.send("One.")
    for vault in (ana, chris):
        await line.sync(vault)
        assert await _waiting(line, vault) == 1, "nothing is deleted at once"
    line.now += DAY + 1
    for vault in (ana, chris):
        await line.sync(vault)
    await line.turn()
    for vault in (ana, chris):
        assert await _waiting(line, vault) == 0
    assert texts(ana) == ["One."]


async def test_the_demo_deletes_at_once(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("One.")
    await line.sync(ana, at_once=True)
    await line.turn()
    assert await _waiting(line, ana) == 0


async def test_a_message_sent_twice_is_read_once(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    reporter = ReporterIdentity(new_entropy(os.urandom))
    body = bodies.write_body("report", bodies.new_mid(os.urandom), {"text": "Once.", "lang": "en"})
    for _ in range(2):
        async with line.line_client() as client:
            directory = open_directory(await client.directory(), line.line_id)
            bundles = open_bundles(await client.bundles(), directory)
            batch = seal_batch(directory, bundles, reporter.sender(), {0}, body, os.urandom)
            await client.post_messages(bundles.epoch, batch)
        await line.turn()
    report = await line.sync(ana)
    assert report.new_messages == 1
    assert texts(ana) == ["Once."]


async def test_what_cannot_be_opened_stays_on_the_server_and_is_told(
    line: Line, ana: Vault
) -> None:
    await line.ready(ana)
    with ana.read() as tx:
        who = owner.load_owner(tx)
    lost = BundleKeys.generate(os.urandom).bundle(who.identity, line.now, line.now + HOUR)
    async with line.line_client() as client:
        directory = open_directory(await client.directory(), line.line_id)
        bundles = open_bundles(await client.bundles(), directory)
        stranger = ReporterIdentity(new_entropy(os.urandom)).sender()
        recipient = directory.investigators[0].recipient(lost)
        envelope = seal(stranger, recipient, b"{}", line.line_id, os.urandom)
        await client.post_messages(bundles.epoch, envelope * 2)
    await line.turn()
    for _ in range(2):
        report = await line.sync(ana)
        assert any("cannot be opened" in one.text for one in report.notices)
        assert not report.troubled, "anybody can make such a message"
        line.now += DAY + 1
    await line.turn()
    assert await _waiting(line, ana) > 0


async def test_a_message_of_an_unknown_kind_is_kept_as_it_came(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("From the future.", kind="letter-request", n="AAAA")
    await line.sync(ana)
    (message,) = read(ana)
    assert message.body.kind == "letter-request"
    assert b'"n":"AAAA"' in message.raw


async def test_follow_ups_join_the_case(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    reporter = await line.send("First.", answers={"under_18": "yes"})
    await line.sync(ana)
    await line.send("Second.", reporter=reporter, kind="message", answers={"danger_now": "yes"})
    await line.sync(ana)
    with ana.read() as tx:
        (found,) = messages.inbox(tx)
        thread = messages.messages_of(tx, found.id)
    assert [one.body.text for one in thread] == ["First.", "Second."]
    assert found.answers == {"under_18": "yes", "danger_now": "yes"}
    assert all(one.state is State.UNREAD for one in thread)


async def test_bundles_are_made_thirty_days_ahead_and_only_once(line: Line, ana: Vault) -> None:
    await line.sync(ana, days=30)
    with ana.read() as tx:
        held = bundle_keys.all_held(tx)
        assert bundle_keys.to_upload(tx, 1) == []
    assert len(held) == 30 * 24 + 12, "from noon to a midnight"
    assert all(key.not_before % HOUR == 0 for key in held)
    await line.sync(ana, days=30)
    with ana.read() as tx:
        assert bundle_keys.count(tx) == len(held)


async def test_nobody_is_written_to_before_the_agency_has_enrolled_them(line: Line) -> None:
    folder = line.folder / "new"
    init_vault(folder, line.line_file, "New", PASSPHRASE, Kdf.SYNTHETIC)
    with Vault.open(folder, PASSPHRASE) as vault:
        report = await line.sync(vault)
        with vault.read() as tx:
            assert bundle_keys.count(tx) == 0
    assert "not in the hotline's directory yet" in report.notices[0].text


async def test_progress_is_told_in_words_and_numbers(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("One.")
    told: list[tuple[str, int, int]] = []
    await line.sync(ana, progress=lambda *step: told.append(step))
    assert ("Looking for messages", 16, 16) in told
    assert ("Fetching messages", 1, 1) in told
    # What follows from messages is work, too.
    assert (("Looking for links", 0, 1) in told) == ("links" in NAMES)


async def test_a_server_that_is_away_ends_the_sync_with_a_sentence(still: Line, ana: Vault) -> None:
    with pytest.raises(LineError, match="cannot be reached"):
        await still.sync(ana)
    assert last_status(ana).at is None


async def test_calls_say_nothing_of_the_console(line: Line, ana: Vault) -> None:
    await line.ready(ana, days=2)
    await line.send("One.")
    heard: list[httpx.Request] = []

    class Ear(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            heard.append(request)
            return await line.transport.handle_async_request(request)

    await line.sync(ana, at_once=True, days=2, transport=Ear())
    names = {re.sub(r"[0-9a-f]{32}", "ID", f"{one.method} {one.url.path}") for one in heard}
    assert names == {
        "GET /api/v1/directory",
        "GET /api/v1/bundles",
        "GET /api/v1/challenges",
        "GET /api/v1/messages/ID",
        "DELETE /api/v1/messages/ID",
    }
    for one in heard:
        assert "Firefox" in one.headers["user-agent"]
        assert "cookie" not in one.headers
        assert "referer" not in one.headers


async def test_reading_goes_on_when_the_investigators_own_address_is_out_of_reach(
    line: Line, ana: Vault, chris: Vault
) -> None:
    await line.ready(ana, chris)
    await line.send("They keep our passports.")

    class OnlyReporters(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "closed.test":
                raise httpx.ProxyError("Proxy Server could not connect: Host unreachable.")
            return await line.transport.handle_async_request(request)

    where = LineClientSettings(URL, investigators="http://closed.test")
    async with LineClient(where, os.urandom, OnlyReporters()) as client:
        report = await sync_once(
            ana, client, settings=SyncSettings(bundle_days=2), now=lambda: line.now
        )
    assert report.new_messages == 1
    assert report.full
    (warning,) = [one for one in report.notices if one.level is Level.WARNING]
    assert "no new keys of this console" in warning.text
    assert "Tor lacks the key" in warning.text


async def test_seen_ids_are_forgotten_only_when_the_server_lists_them_no_more(
    line: Line, ana: Vault
) -> None:
    await line.ready(ana)
    await line.send("One.")
    await line.sync(ana, at_once=True)
    line.now += 8 * DAY
    await line.sync(ana)
    with ana.read() as tx:
        ids = fetched_ids.due(tx, line.now)
    assert ids == []
    assert texts(ana) == ["One."]


async def test_what_was_fetched_before_the_server_went_away_is_kept(
    line: Line, ana: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group is fetched while the one before is kept.

    That the next fails costs this one nothing, and nothing is deleted that was not kept.
    """
    monkeypatch.setattr(line_client, "AT_ONCE", 1)
    await line.ready(ana)
    said = {"One.", "Two.", "Three."}
    for words in said:
        await line.send(words)
    asked: list[str] = []

    class Going(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if "/messages/" in request.url.path:
                asked.append(request.method)
                if len(asked) > 1:
                    raise httpx.ReadError("cut", request=request)
            return await line.transport.handle_async_request(request)

    with pytest.raises(LineError):
        await line.sync(ana, at_once=True, transport=Going())
    assert set(asked) == {"GET"}, "deleted before it was kept"
    with ana.read() as tx:
        (first,) = messages.inbox(tx)
    assert first.snippet in said
    report = await line.sync(ana, at_once=True)
    assert report.new_messages == 2
    with ana.read() as tx:
        assert {one.snippet for one in messages.inbox(tx)} == said


async def test_one_slow_circuit_holds_up_nothing_and_no_more_are_open_than_allowed(
    line: Line, ana: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_client, "AT_ONCE", 2)
    await line.ready(ana)
    for number in range(5):
        await line.send(f"Message {number}.")
    asked, open_now, most = 0, 0, 0
    later = asyncio.Event()

    class FirstIsSlow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal asked, open_now, most
            if "/messages/" not in request.url.path:
                return await line.transport.handle_async_request(request)
            asked, open_now = asked + 1, open_now + 1
            most = max(most, open_now)
            if asked == 4:
                later.set()
            if asked == 1:
                await later.wait()
            answer = await line.transport.handle_async_request(request)
            open_now -= 1
            return answer

    async with asyncio.timeout(60):
        report = await line.sync(ana, transport=FirstIsSlow())
    assert (report.new_messages, most) == (5, 2)


def test_the_number_of_a_page_changes_with_what_is_sent_and_comes(still: Line, ana: Vault) -> None:
    """It is counted out of an index alone: of many messages it must not read each."""
    sender = ReporterIdentity(new_entropy(os.urandom)).public
    raw = bodies.write_body("report", "ab" * 16, {"lang": "en", "text": "Hm.", "files": []})
    seen_so_far = [_revision(ana)]
    with ana.write() as tx:
        adding.store_incoming(tx, sender, raw, read_body(raw), still.now)
    seen_so_far.append(_revision(ana))
    with ana.write() as tx:
        case = messages.case_id(sender)
        answer = adding.queue_outgoing(tx, case, read_body(raw), raw, still.now)
    seen_so_far.append(_revision(ana))
    with ana.write() as tx:
        messages.mark_sent(tx, answer, still.now)
    seen_so_far.append(_revision(ana))
    assert len(set(seen_so_far)) == 4
    with ana.read() as tx:
        plan = tx.execute(
            text("EXPLAIN QUERY PLAN SELECT count(*) FROM messages WHERE sent_at IS NOT NULL")
        ).all()
    assert "messages_sent" in str(plan)


def _revision(vault: Vault) -> int:
    with vault.read() as tx:
        return messages.revision(tx)
