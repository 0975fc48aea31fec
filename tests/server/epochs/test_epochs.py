"""What everyone reads: the same within an epoch, all new in the next."""

from __future__ import annotations

import asyncio
import json
import os

import pytest

from app.protocol import challenges
from app.protocol.encoding import b64u
from app.protocol.identities import InvestigatorIdentity
from app.protocol.secrets import Secret
from app.server.epochs.signed_directory import Refused
from tests.server.postgres import BOTH_ENGINES

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets"), BOTH_ENGINES]

STATIC = ("/api/v1/directory", "/api/v1/bundles", "/api/v1/challenges")


async def test_everyone_gets_the_same_bytes_within_an_epoch(server, batch):
    for path in STATIC:
        first = await server.client.get(path)
        await server.post(batch())
        second = await server.client.get(path, headers={"accept-encoding": "gzip, br"})
        assert (first.content, first.headers) == (second.content, second.headers)
        assert first.headers["cache-control"] == "no-store"
        for telling in ("etag", "last-modified", "content-encoding", "set-cookie", "date"):
            assert telling not in first.headers


async def test_numbers_follow_the_clock_and_only_grow(server, line):
    now = line.now
    first = (await server.epoch()).epoch
    assert first == now // 60
    assert (await server.services.epochs.tick(now)).number == first + 1
    assert (await server.services.epochs.tick(now - 3_600)).number == first + 2
    assert (await server.services.epochs.tick(now + 6_000)).number == first + 100


async def test_a_new_directory_takes_effect_with_the_next_epoch(server, line, batch, refusal):
    old_directory = (await server.client.get(STATIC[0])).content
    old = await server.epoch()
    line.statuses[1] = "former"
    line.publish(version=2)
    assert (await server.client.get(STATIC[0])).content == old_directory
    assert (await server.post(batch(3), old.epoch)).status_code == 201
    await server.tick()
    new = await server.epoch()
    assert new.directory_hash != old.directory_hash
    assert (await server.client.get(STATIC[0])).content == line.directory_file.read_bytes()
    # each epoch's batches are measured by its own directory
    assert (await server.post(batch(3), old.epoch)).status_code == 201
    assert (await server.post(batch(2), new.epoch)).status_code == 201
    refusal(await server.post(batch(3), new.epoch), 413, "wrong-length")
    refusal(await server.post(batch(2), old.epoch), 400, "wrong-length")


async def test_an_invalid_directory_is_refused_in_words_and_the_old_one_stays(server, line, logged):
    good = line.directory_file.read_bytes()
    stranger = Secret(os.urandom(32))
    short_lived = {"message_days": 0, "window_seconds": 3600}
    refused = {
        "not JSON": lambda: line.directory_file.write_bytes(b"SEKRIT"),
        "not signed by this line": lambda: line.publish(version=2, root=stranger),
        "only ever grows": lambda: line.publish(version=1, issued="2020-01-01"),
        "of a version this program does not know": lambda: line.publish(version=2, v=3),
        "message_days": lambda: line.publish(version=2, params=short_lived),
        "another line": lambda: line.publish(version=2, line_id=b64u(bytes(32))),
        "cannot be read": lambda: line.directory_file.unlink(),
    }
    for words, change in refused.items():
        change()
        await server.tick()
        await server.tick()
        assert (await server.client.get(STATIC[0])).content == good
        (said,) = [text for text in logged().splitlines() if words in text]  # once, not each epoch
        assert json.loads(said)["event"] == "directory-refused"
    assert "SEKRIT" not in logged()
    line.directory_file.write_bytes(good)
    await server.tick()
    assert "directory-refused-over" in logged()


async def test_an_enrolled_investigator_can_upload_from_the_next_epoch(server, line, refusal):
    line.people.append(InvestigatorIdentity.generate(os.urandom))
    line.statuses.append("active")
    line.publish(version=2)
    body = line.upload(4, range(1))
    refusal(await server.client.post(STATIC[1], content=body), 404, "unknown-investigator")
    await server.tick()
    assert (await server.client.post(STATIC[1], content=body)).status_code == 204
    await server.tick()
    assert set((await server.epoch()).bundles) == {4}


async def test_the_end_of_a_directory_is_told_to_the_operator_and_kills_nothing(
    server, line, batch, logged
):
    await server.tick(140 * 86_400)
    assert "ask the agency for a new one" in logged()
    await server.tick(60 * 86_400)
    assert "The directory has expired" in logged()
    assert (await server.post(batch())).status_code == 201


async def test_a_directory_that_does_not_verify_stops_the_first_start(line):
    line.publish(root=Secret(os.urandom(32)))
    with pytest.raises(Refused, match="not signed by this line"):
        async with line.serve():
            pass


async def test_the_timer_turns_epochs_on_their_boundaries_and_outlives_a_failure(
    line, logged, monkeypatch
):
    yielding = asyncio.sleep
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        line.now += seconds
        slept.append(seconds)
        if len(slept) == 2:
            monkeypatch.setattr("app.protocol.challenges.assemble", fails)
        if len(slept) == 3:
            monkeypatch.setattr("app.protocol.challenges.assemble", assemble)
        await yielding(0)

    def fails(*_: object) -> bytes:
        raise RuntimeError("SEKRIT")

    assemble = challenges.assemble
    line.now += 17.5
    monkeypatch.setattr("app.server.epochs.rotation.asyncio.sleep", sleep)
    async with line.serve(timers=True) as server:
        first = (await server.epoch()).epoch
        while server.services.epochs.current.number < first + 3:
            await yielding(0)
        assert slept[:3] == [42.5, 60, 60]
    assert '"epoch-failed", "error": "RuntimeError", "place": "test_epochs.py' in logged()
    assert "SEKRIT" not in logged()


async def test_health_fails_when_epochs_stop_turning(server, line, refusal):
    assert (await server.client.get("/healthz")).status_code == 200
    line.now += 240
    refusal(await server.client.get("/healthz"), 503, "not-ready")
    await server.tick(0)
    assert (await server.client.get("/healthz")).status_code == 200


async def test_a_row_damaged_on_disk_does_not_end_the_line(server, line, batch, logged):
    one = line.people[0]
    await server.post(batch(3, one.fetch))
    line.sql(
        "UPDATE slots SET hint = :hint WHERE slot = "
        "(SELECT slot FROM slots WHERE expires_day > 0 LIMIT 1)",
        hint=bytes(64),
    )
    await server.tick()
    assert len(await server.found_by(one.fetch_sk)) == 2
    assert "slot-damaged" in logged()
