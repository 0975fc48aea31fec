"""Investigators' bundles: in, verified, write-once; in service by window."""

from __future__ import annotations

import os

import pytest

from app.protocol import wire
from app.protocol.identities import BundleKeys, sign
from app.protocol.signatures import TAG_BUNDLE
from app.server.storage import bundles
from tests.server.postgres import BOTH_ENGINES

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets"), BOTH_ENGINES]

HOUR = 3_600
DAY = 86_400


async def upload(server, body: bytes):
    return await server.client.post("/api/v1/bundles", content=body)


async def test_bundles_serve_from_the_next_epoch_and_the_newest_begun_is_chosen(server, line):
    before = (await server.client.get("/api/v1/bundles")).content
    assert (await upload(server, line.upload(1, range(-3, 5)))).status_code == 204
    assert (await server.client.get("/api/v1/bundles")).content == before
    await server.tick()
    served = await server.epoch()
    this_hour = int(line.now) - int(line.now) % HOUR
    assert {i: bundle.not_before for i, bundle in served.bundles.items()} == {1: this_hour}
    await server.tick(HOUR)
    assert (await server.epoch()).bundles[1].not_before == this_hour + HOUR


async def test_the_last_bundle_stays_in_service_for_30_days_and_no_longer(server, line):
    await upload(server, line.upload(0, range(1)))
    await server.tick(HOUR + 29 * DAY)
    assert set((await server.epoch()).bundles) == {0}
    await server.tick(DAY)
    assert (await server.epoch()).bundles == {}


async def test_a_window_is_written_once(server, line):
    first = line.upload(0, range(1))
    assert (await upload(server, first)).status_code == 204
    assert (await upload(server, line.upload(0, range(1)))).status_code == 204
    await server.tick()
    assert (await server.epoch()).bundles[0] == wire.BundleUpload.parse(first).bundles[0]


async def test_bundles_of_one_who_is_not_active_are_refused(server, line, refusal):
    for index in (2, 4, 65_535):
        body = line.upload(min(index, 3), range(1))
        answer = await upload(server, index.to_bytes(2) + body[2:])
        refusal(answer, 404, "unknown-investigator")


async def test_bad_bundles_are_refused_whole(server, line, refusal):
    good = line.upload(0, range(2))
    another = line.upload(1, range(2))
    changed = bytearray(good)
    changed[-100] ^= 1
    for body in (b"\x00\x00" + another[2:], bytes(changed)):
        refusal(await upload(server, body), 422, "bad-bundle")
    for window in ((1, HOUR), (0, HOUR + 1), (HOUR, HOUR), (2 * HOUR, HOUR)):
        refusal(await upload(server, signed(line, *window)), 422, "bad-bundle")
    refusal(await upload(server, signed(line, 91 * DAY, 91 * DAY + HOUR)), 422, "bad-bundle")
    await server.tick()
    assert (await server.epoch()).bundles == {}


async def test_bundles_of_another_length_are_refused(server, line, refusal):
    good = line.upload(0, range(2))
    for body in (b"", good[:3], good[:-1], good[:2] + b"\x00\x03" + good[4:], bytes(4)):
        refusal(await upload(server, body), 400, "wrong-length")
    too_many = bytes(4 + 1_024 * wire.BUNDLE_BYTES + 1)
    for body in (good + b"x", good[:2] + b"\x00\x01" + good[4:], too_many):
        refusal(await upload(server, body), 413, "wrong-length")


async def test_of_one_investigator_only_so_many_bundles_are_kept(
    server, line, refusal, monkeypatch
):
    monkeypatch.setattr(bundles, "MOST", 10)
    assert (await upload(server, line.upload(0, range(8)))).status_code == 204
    refusal(await upload(server, line.upload(0, range(8, 11))), 422, "bundles-full")
    assert (await upload(server, line.upload(0, range(6, 10)))).status_code == 204  # two are new
    assert (await upload(server, line.upload(0, range(10)))).status_code == 204  # none is
    refusal(await upload(server, line.upload(0, range(10, 11))), 422, "bundles-full")
    assert (await upload(server, line.upload(1, range(10)))).status_code == 204
    await server.tick(40 * DAY)  # windows long over are forgotten, and make room
    assert (await upload(server, line.upload(0, range(10)))).status_code == 204
    await server.tick()
    assert set((await server.epoch()).bundles) == {0}


def signed(line, begins: int, ends: int) -> bytes:
    """Sign a bundle whose window is given in seconds from this hour, whatever it is."""
    start = int(line.now) - int(line.now) % HOUR
    keys = BundleKeys.generate(os.urandom).bundle(line.people[0], 0, HOUR)
    bundle = wire.Bundle(keys.dh, keys.mlkem, keys.xwing, start + begins, start + ends, bytes(64))
    signature = sign(line.people[0].signing_seed, TAG_BUNDLE, bundle.message())
    return wire.BundleUpload(0, (wire.Bundle.parse(bundle.message() + signature),)).serialise()
