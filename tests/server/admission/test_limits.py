"""One caller's limits, by what carries no identity; an investigator's, which are theirs alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.server.admission.edge import Edge
from tests.server.admission.test_shared import store  # noqa: F401

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

HOUR = 3_600


@pytest.fixture
def edge(line) -> Edge:
    return Edge(lambda: line.now, os.urandom)


def caller(edge: Edge, address: str | None) -> str | None:
    return edge.caller({"type": "http", "client": address and (address, 4711)})


def test_callers_are_told_apart_for_an_hour_by_a_hash_that_says_nothing(line, edge):
    one, two = "198.51.100.7", "198.51.100.8"
    assert caller(edge, one) == caller(edge, one) != caller(edge, two)
    assert caller(edge, one) != caller(Edge(lambda: line.now, os.urandom), one)
    before = caller(edge, one)
    assert len(bytes.fromhex(before)) == 8
    line.now += HOUR
    assert caller(edge, one) != before


def test_a_house_has_one_ipv6_network_and_a_tor_circuit_is_a_caller(edge):
    assert caller(edge, "2001:db8:1:2::1") == caller(edge, "2001:db8:1:2:ffff::9")
    assert caller(edge, "2001:db8:1:2::1") != caller(edge, "2001:db8:1:3::1")
    circuits = [caller(edge, f"fc00:dead:beef:4dad::{n}") for n in ("0:f6", "0:f7", "1:f6")]
    assert len(set(circuits)) == 3


@pytest.mark.parametrize("address", [None, "", "127.0.0.1", "127.0.0.77", "::1", "unix", "x" * 99])
def test_behind_a_proxy_or_a_socket_nobody_is_told_from_another(edge, address):
    assert caller(edge, address) is None


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_one_caller_is_refused_and_others_are_not(line, batch, refusal):
    async with line.serve(caller_per_minute=2) as server:
        path = f"/api/v1/messages?epoch={(await server.epoch()).epoch}"
        async with (
            line.client_of(server.app, "198.51.100.7") as lazy,
            line.client_of(server.app, "198.51.100.8") as other,
        ):
            for _ in range(2):
                assert (await lazy.post(path, content=batch())).status_code == 201
            refused = await lazy.get("/api/v1/work")
            refusal(refused, 429, "too-many")
            assert refused.headers["retry-after"] == "60"
            assert "x-ratelimit-limit" not in refused.headers
            refusal(await lazy.post(path, content=b"", auth=None), 429, "too-many")
            assert (await lazy.get("/api/v1/challenges")).status_code == 200  # reading is free
            assert (await other.post(path, content=batch())).status_code == 201
        for _ in range(4):  # by a proxy, where everyone has the same address
            assert (await server.client.get("/api/v1/work")).status_code == 200


async def test_an_address_is_in_no_part_of_the_server_and_a_refusal_in_no_log(line, batch, logged):
    async with line.serve(caller_per_minute=1) as server:
        async with line.client_of(server.app, "198.51.100.7") as lazy:
            for _ in range(3):
                await lazy.get("/api/v1/work")
        assert "slowapi" not in logged()
        assert "198.51" not in logged()
        assert not [one for one in contents(line.data) if b"198.51.100.7" in one]


async def test_an_environment_that_turns_the_limits_off_is_not_heard(line, monkeypatch, refusal):
    monkeypatch.setenv("RATELIMIT_ENABLED", "false")
    async with (
        line.serve(caller_per_minute=1) as server,
        line.client_of(server.app, "198.51.100.7") as lazy,
    ):
        await lazy.get("/api/v1/work")
        refusal(await lazy.get("/api/v1/work"), 429, "too-many")


async def test_nobody_can_use_up_an_investigators_uploads(line, refusal):
    async with line.serve(uploads_per_hour=2) as server:

        async def upload(hours: range, of: int = 0) -> object:
            body = line.upload(of, hours)
            return await server.client.post("/api/v1/bundles", content=body)

        for _ in range(5):  # what is served to everyone, sent again by anyone
            assert (await upload(range(1))).status_code == 204
        for hour in (1, 2):
            assert (await upload(range(hour, hour + 1))).status_code == 204
        refusal(await upload(range(3, 4)), 429, "too-many")
        assert (await upload(range(1, 2), of=1)).status_code == 204


async def test_each_of_several_servers_allows_its_part(line, store, refusal):  # noqa: F811
    settings = store.settings | {"caller_per_minute": 4, "uploads_per_hour": 3}
    for folder in ("one", "two"):
        async with (
            line.serve(**settings, blob_folder=line.folder / folder) as server,
            line.client_of(server.app, "198.51.100.7") as caller,
        ):
            for _ in range(2):
                assert (await caller.get("/api/v1/work")).is_success
            refusal(await caller.get("/api/v1/work"), 429, "too-many")
            for hour in (1, 2):  # rounded up
                body = line.upload(0, range(hour, hour + 1))
                assert (await server.client.post("/api/v1/bundles", content=body)).is_success
            body = line.upload(0, range(3, 4))
            refusal(await server.client.post("/api/v1/bundles", content=body), 429, "too-many")


async def test_one_bundle_many_times_over_is_no_work_for_the_server(line, server, refusal):
    one = line.upload(0, range(1))
    many = one[:2] + (50).to_bytes(2) + one[4:] * 50
    refusal(await server.client.post("/api/v1/bundles", content=many), 422, "bad-bundle")
