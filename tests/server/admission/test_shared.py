"""Several servers count together in a real Redis-compatible store, and safely without it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.protocol import work
from app.server.admission.shared import RedisStore
from app.server.settings import SettingsError
from tests.onion.process import needed

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

SECRET = "k7Qp2x9Lm4Zt8Vb1Nc6Rw3Hs5Jd0Fg-Ya"


class Store:
    """A Redis-compatible server on a Unix socket, which can be stopped, killed and started anew."""

    def __init__(self, folder: Path, program: str) -> None:
        self.path = folder / "store.sock"
        self._command = [program, "--port", "0", "--unixsocket", str(self.path), "--save", ""]
        self._command += ["--dir", str(folder)]
        self.start()

    def start(self) -> None:
        self.child = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(self.path)) == 0:
                    return
            time.sleep(0.01)
        raise TimeoutError("the store did not start")

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    @property
    def settings(self) -> dict[str, object]:
        return {"shared_url": f"unix://{self.path}", "shared_secret": SECRET, "servers": 2}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    running = Store(tmp_path, needed("valkey-server", "redis-server"))
    yield running
    running.kill()


@asynccontextmanager
async def two_servers(line, **settings):
    """Two of one line; attachments' folders cannot be shared."""
    other = settings | {"blob_folder": line.folder / "other"}
    async with line.serve(**settings) as one, line.serve(**other) as two:
        yield one, two


async def answer(server) -> dict[str, str]:
    return {work.HEADER: work.solve((await server.client.get("/api/v1/work")).content)}


async def post(server, batch: bytes, header: dict[str, str]):
    path = f"/api/v1/messages?epoch={(await server.epoch()).epoch}"
    return await server.client.post(path, content=batch, headers=header)


async def test_work_of_one_server_is_taken_by_another_and_only_once(line, batch, store, refusal):
    async with two_servers(line, **store.settings) as (one, two):
        header = await answer(one)
        assert (await post(two, batch(), header)).status_code == 201
        for server in (one, two):
            refusal(await post(server, batch(), header), 403, "work-replayed")
        header = await answer(two)
        refusal(await post(one, b"", header), 400, "wrong-length")  # a client's fault costs work
        refusal(await post(two, batch(), header), 403, "work-replayed")


async def test_what_a_server_refuses_for_its_own_reasons_costs_no_work_anywhere(
    line, batch, store, refusal
):
    async with two_servers(line, **store.settings) as (one, two):
        for _ in range(20):
            assert (await one.post(batch())).status_code == 201
        await two.tick()  # an epoch tells it how full the line is
        header = await answer(two)
        assert (await one.post(batch())).status_code == 201
        for server in (one, two, one):  # the second finds out when it looks for slots
            refusal(await post(server, batch(), header), 503, "full")


async def test_what_comes_back_after_its_count_has_ended_leaves_nothing_without_an_end(store):
    url = str(store.settings["shared_url"])
    shared = RedisStore(url, time.time, time.monotonic)
    await shared.give_back(os.urandom(16))
    await shared.close()
    async with Redis.from_url(url) as redis:
        (key,) = await redis.keys()
        assert await redis.ttl(key) > 0


async def test_servers_share_one_budget(line, batch, store, refusal):
    settings = store.settings | {"reports_per_second": 2}
    async with two_servers(line, **settings) as (one, two):
        statuses = [
            (await post(server, batch(), await answer(server))).status_code
            for server in (one, two, one, two)
        ]
        assert statuses == [201, 201, 503, 503]
        line.now += 1
        assert (await post(two, batch(), await answer(two))).status_code == 201


async def test_with_the_store_down_each_takes_its_share_and_only_its_own_work(
    line, batch, store, refusal, logged
):
    settings = store.settings | {"reports_per_second": 4}
    async with two_servers(line, **settings) as (one, two):
        before, unused = await answer(one), await answer(one)
        assert (await post(one, batch(), before)).status_code == 201
        store.kill()
        refusal(await post(two, batch(), before), 401, "work-needed")  # nobody knows if it is new
        refusal(await post(one, batch(), unused), 401, "work-needed")
        own = await answer(one)
        refusal(await post(two, batch(), own), 401, "work-needed")  # two cannot count it
        assert (await post(one, batch(), own)).status_code == 201
        refusal(await post(one, batch(), own), 403, "work-replayed")
        statuses = []
        for _ in range(8):
            statuses.append((await post(one, batch(), await answer(one))).status_code)
        assert 1 <= statuses.count(201) <= 4  # a share of 2 a second, with what was saved up
        assert statuses[-1] == 503
        assert "shared-down" in logged()


async def test_after_the_store_is_back_nothing_spent_meanwhile_is_taken_again(
    line, batch, store, refusal, monkeypatch, logged
):
    async with two_servers(line, **store.settings) as (one, two):
        store.kill()
        refusal(await post(one, batch(), await answer(one)), 401, "work-needed")
        alone = await answer(one)
        assert (await post(one, batch(), alone)).status_code == 201
        store.start()
        monkeypatch.setattr("app.server.admission.shared._DOWN_SECONDS", 0)
        one.services.gate._shared._down_until = 0
        refusal(await post(one, batch(), alone), 403, "work-replayed")
        refusal(await post(two, batch(), alone), 401, "work-needed")
        assert (await post(two, batch(), await answer(one))).status_code == 201
        assert (await post(one, batch(), await answer(two))).status_code == 201
        assert "shared-up" in logged()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shared_url": "redis://h"}, "shared_url needs shared_secret"),
        ({"shared_url": "http://h", "shared_secret": SECRET}, "shared_url is no redis://"),
        ({"shared_secret": "short"}, "shared_secret"),
        ({"shared_secret": "change-me" * 5}, "placeholder"),
        ({"servers": 2}, "servers above 1 need shared_url"),
    ],
)
async def test_several_servers_without_what_they_need_do_not_start(line, change, words):
    with pytest.raises(SettingsError, match=words) as refused:
        line.settings(**change)
    assert SECRET not in str(refused.value)
