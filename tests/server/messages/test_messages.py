"""Batches in, envelopes out and away."""

from __future__ import annotations

import asyncio
import os
from itertools import product

import pytest

from app.protocol import group, wire
from app.protocol.answers import solve
from app.protocol.batch import seal_batch
from app.protocol.directory import open_directory
from app.protocol.envelope import open_envelope
from app.protocol.identities import BundleKeys, ReporterIdentity
from app.protocol.secrets import Secret
from tests.server.postgres import BOTH_ENGINES

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets"), BOTH_ENGINES]

FIRST = "10" * 16  # a well-formed id that nobody has


async def test_a_sealed_batch_reaches_each_investigator_once_and_is_opened(server, line):
    keys = [BundleKeys.generate(os.urandom) for _ in line.people]
    for index in (0, 1, 3):
        body = line.upload(index, range(2), keys[index])
        assert (await server.client.post("/api/v1/bundles", content=body)).status_code == 204
    await server.tick()
    directory = open_directory((await server.client.get("/api/v1/directory")).content, line.line_id)
    bundles = await server.epoch()
    sender = ReporterIdentity.throwaway(os.urandom).sender()
    text = b'{"kind":"report"}'
    sent = await server.post(seal_batch(directory, bundles, sender, {1}, text, os.urandom))
    assert (sent.status_code, sent.content) == (201, b"")

    await server.tick()
    for index in (0, 1, 3):
        (found,) = await server.found_by(line.people[index].fetch_sk)
        opened = open_envelope(found, keys[index].opener(line.people[index].fetch), line.line_id)
        assert (opened.body == text) == (index == 1)
    assert await server.found_by(line.people[2].fetch_sk) == []


async def test_a_deleted_message_is_gone_and_deleting_says_nothing(server, line, batch):
    one = line.people[0]
    await server.post(batch(3, one.fetch))
    await server.tick()
    ids = solve((await server.client.get("/api/v1/challenges")).content, one.fetch_sk, line.line_id)
    assert len(ids) == 3
    gone = await server.client.delete(f"/api/v1/messages/{ids[0].hex()}")
    again = await server.client.delete(f"/api/v1/messages/{ids[0].hex()}")
    never = await server.client.delete(f"/api/v1/messages/{FIRST}")
    assert gone.status_code == again.status_code == never.status_code == 204
    assert gone.headers == again.headers == never.headers
    first, second = [
        (await server.client.get(f"/api/v1/messages/{ids[0].hex()}")).content for _ in range(2)
    ]
    assert first != second  # random bytes: a miss
    await server.tick()
    assert len(await server.found_by(one.fetch_sk)) == 2


async def test_hit_and_miss_look_alike(server, line, batch):
    one = line.people[0]
    await server.post(batch(3, one.fetch))
    await server.tick()
    rows = (await server.client.get("/api/v1/challenges")).content
    known = solve(rows, one.fetch_sk, line.line_id)[0].hex()
    hit = await server.client.get(f"/api/v1/messages/{known}")
    miss = await server.client.get(f"/api/v1/messages/{FIRST}")
    assert hit.status_code == miss.status_code == 200
    assert list(hit.headers.raw) == list(miss.headers.raw)
    assert len(hit.content) == len(miss.content) == wire.ENVELOPE_BYTES
    assert "etag" not in hit.headers
    assert hit.headers["cache-control"] == "no-store"


SIZES = {0: 400, 3 * 19_936 - 1: 400, 2 * 19_936: 400, 3 * 19_936 + 1: 413, 9**7: 413}


@pytest.mark.parametrize("streamed", [False, True])
async def test_another_length_is_refused(server, refusal, streamed):
    epoch = (await server.epoch()).epoch
    for size, status in SIZES.items():
        content = os.urandom(size)
        answer = await server.client.post(
            f"/api/v1/messages?epoch={epoch}", content=in_parts(content) if streamed else content
        )
        refusal(answer, status, "wrong-length", content[:32] or b"\x00")
    assert server.services.messages.storage.refresh() == []


async def in_parts(content: bytes):
    """Send without saying how much comes."""
    for start in range(0, len(content), 50_000):
        yield content[start : start + 50_000]


async def test_a_body_longer_than_it_says_is_cut_off(server, refusal):
    epoch = (await server.epoch()).epoch

    async def endless():
        while True:
            yield bytes(100_000)

    answer = await server.client.post(
        f"/api/v1/messages?epoch={epoch}", content=endless(), headers={"content-length": "10"}
    )
    refusal(answer, 413, "wrong-length")


NOT_CANONICAL = (2**255 - 19 + 2).to_bytes(32, "little")


async def test_a_bad_point_anywhere_refuses_the_whole_batch(server, batch, refusal):
    epoch = (await server.epoch()).epoch
    bad_points = (group.IDENTITY, NOT_CANONICAL, b"\xff" * 32)
    for bad, offset, position in product(bad_points, (0, 32), (0, 2)):
        body = bytearray(batch())
        start = position * wire.ENVELOPE_BYTES + offset
        body[start : start + 32] = bad
        refusal(await server.post(bytes(body), epoch), 422, "bad-point", bad)
    assert server.services.messages.storage.refresh() == []


async def test_current_and_previous_epoch_are_taken_older_and_future_are_stale(
    server, batch, refusal
):
    first = (await server.epoch()).epoch
    await server.tick()
    assert (await server.post(batch(), first)).status_code == 201
    assert (await server.post(batch(), first + 1)).status_code == 201
    refusal(await server.post(batch(), first + 2), 409, "stale-bundles")
    await server.tick()
    refusal(await server.post(batch(), first), 409, "stale-bundles")
    assert (await server.post(batch(), first + 1)).status_code == 201


async def test_an_epoch_that_is_no_number_is_refused(server, batch, refusal):
    now = (await server.epoch()).epoch
    for epoch in (
        "", "?epoch=", "?epoch=SEKRIT", "?epoch=-1", f"?epoch=0{now}", f"?epoch=%2B{now}",
        f"?epoch={now}.0", f"?epoch={now}%20", f"?epoch={now}&epoch={now}", f"?epoch={2**64}",
    ):  # fmt: skip
        answer = await server.client.post(f"/api/v1/messages{epoch}", content=batch())
        refusal(answer, 422, "bad-request", b"SEKRIT", b"18446744073709551616")


async def test_an_id_of_another_form_is_refused(server, refusal):
    for bad in ("abc", "A0" * 16, "10" * 17, "%00" * 16, "zz" * 16):
        for method in ("GET", "DELETE"):
            answer = await server.client.request(method, f"/api/v1/messages/{bad}")
            refusal(answer, 422, "bad-request", bad.encode())


async def test_a_full_line_refuses_evicts_nothing_and_takes_again_after_a_deletion(
    server, line, batch, refusal
):
    one = line.people[0]
    for _ in range(21):  # 63 of 64 slots
        assert (await server.post(batch(3, one.fetch))).status_code == 201
    refusal(await server.client.get("/api/v1/work"), 503, "full")  # before anybody works for it
    answer = await server.post(batch())
    refusal(answer, 503, "full")
    assert int(answer.headers["retry-after"]) > 0
    await server.tick()
    rows = (await server.client.get("/api/v1/challenges")).content
    ids = solve(rows, one.fetch_sk, line.line_id)
    assert len(ids) == 63
    for number in ids[:2]:
        await server.client.delete(f"/api/v1/messages/{number.hex()}")
    assert (await server.post(batch(3, one.fetch))).status_code == 201
    await server.tick()
    assert len(await server.found_by(one.fetch_sk)) == 64


async def test_slots_double_in_the_background_and_every_message_stays_reachable(line, batch):
    one = line.people[0]
    async with line.serve(slots_cap=256) as server:
        for posted in range(1, 61):
            assert (await server.post(batch(3, one.fetch))).status_code == 201
            if posted in (11, 22, 43):  # more than half
                await server.services.growth.settled()
        assert server.services.messages.storage.size == 256
        await server.tick()
        assert len(await server.found_by(one.fetch_sk)) == 180


async def test_many_at_once_are_all_kept(line, batch):
    one = line.people[0]
    async with line.serve(slots_initial=512, slots_cap=2_048) as server:
        epoch = (await server.epoch()).epoch
        batches = [batch(3, one.fetch) for _ in range(80)]
        answers = await asyncio.gather(*(server.post(body, epoch) for body in batches))
        assert {answer.status_code for answer in answers} == {201}
        await server.tick()
        found = await server.found_by(one.fetch_sk)
        sent = [body[at : at + 19_936] for body in batches for at in (0, 19_936, 39_872)]
        assert sorted(found) == sorted(sent)


async def test_one_failing_job_does_not_harm_those_that_share_its_commit(server, line, batch):
    one = line.people[0]

    def broken(writer: object) -> None:
        raise RuntimeError("boom")

    answers = await asyncio.gather(
        server.post(batch(3, one.fetch)),
        server.services.group_commit.submit(broken),
        server.post(batch(3, one.fetch)),
        return_exceptions=True,
    )
    assert isinstance(answers[1], RuntimeError)
    assert [answers[0].status_code, answers[2].status_code] == [201, 201]
    await server.tick()
    assert len(await server.found_by(one.fetch_sk)) == 6


async def test_nobody_active_means_nobody_can_be_written_to(line, batch, refusal):
    line.statuses = ["former"] * 4
    line.publish()
    async with line.serve() as server:
        refusal(await server.post(b""), 503, "not-ready")


async def test_a_secret_key_that_is_no_ones_finds_nothing(server, batch):
    await server.post(batch())
    await server.tick()
    assert await server.found_by(Secret(group.random_scalar(os.urandom))) == []
