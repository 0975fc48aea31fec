"""``stats`` counts by day only; ``prune --flood-day`` shortens what one day left."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from pathlib import Path

import pytest

from app.protocol.wire import CHUNK_BYTES

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

DAY = 86_400
NOBODY = 65_534
"""A user that is not root."""
CHUNK = bytes(CHUNK_BYTES)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon and stay so: no test runs over midnight."""
    now = float(int(time.time()) // DAY * DAY + DAY // 2)
    monkeypatch.setattr("time.time", lambda: now)


def day(ago: int) -> str:
    """Return the date of so many days ago (UTC)."""
    return str(dt.datetime.fromtimestamp(time.time() - ago * DAY, dt.UTC).date())


async def fill(line, batch, *batches_by_days_ago: tuple[int, int]) -> None:
    """Let so many batches come so many days ago, and one chunk today."""
    for ago, batches in batches_by_days_ago:
        line.now = time.time() - ago * DAY
        async with line.serve() as server:
            for _ in range(batches):
                assert (await server.post(batch())).status_code == 201
    line.now = time.time()
    async with line.serve() as server:
        await server.client.put(f"/api/v1/chunks/{'0' * 32}", content=bytes(CHUNK_BYTES))


async def test_stats_count_by_day_and_say_nothing_finer(line, batch, command):
    await fill(line, batch, (60, 1), (3, 4))
    code, said = command("stats", "--json")
    assert code == 0
    told = json.loads(said)
    assert (told["slots"], told["messages"], told["chunks"]) == (64, 15, 1)
    for by_day in ("messages_by_day", "chunks_by_day"):
        assert all(dt.date.fromisoformat(one) for one in told[by_day])
    assert sum(told["messages_by_day"].values()) == 15
    first = (dt.datetime.fromtimestamp(time.time(), dt.UTC) + dt.timedelta(days=31)).date()
    assert min(told["messages_by_day"]) >= str(first - dt.timedelta(days=1))
    code, said = command("stats")
    assert "15 messages in 64 slots, 1 chunks of files." in said
    assert next(iter(told["messages_by_day"])) in said


async def test_what_a_flooded_day_left_is_gone_after_14_days_and_nothing_else(line, batch, command):
    await fill(line, batch, (60, 1), (3, 4))
    code, said = command("prune", "--flood-day", day(3), "--yes")
    assert (code, said.startswith("12 messages and ")) == (0, True)
    assert "14 days from now, or sooner." in said
    told = json.loads(command("stats", "--json")[1])["messages_by_day"]
    assert told[day(-14)] == 12
    assert command("prune", "--flood-day", day(3), "--yes")[1].startswith("0 messages")
    line.now = time.time() + 13 * DAY
    async with line.serve() as server:
        assert server.services.messages.storage.used == 15
        await server.tick(DAY)
        assert server.services.messages.storage.used == 3


async def put_chunks(line, ago: int, *names: str) -> None:
    """Let chunks come so many days ago."""
    line.now = time.time() - ago * DAY
    async with line.serve() as server:
        for name in names:
            answer = await server.client.put(f"/api/v1/chunks/{name}", content=CHUNK)
            assert answer.status_code == 201
    line.now = time.time()


def expiring(command) -> dict[str, int]:
    """Return how many chunks expire on each day, as an operator sees it."""
    told: dict[str, int] = json.loads(command("stats", "--json")[1])["chunks_by_day"]
    return told


@pytest.mark.parametrize("running", [False, True])
async def test_the_chunks_of_a_flooded_day_go_with_it_and_no_others(line, command, running):
    await put_chunks(line, 60, "a" * 32)
    await put_chunks(line, 3, "b" * 32, "c" * 32)
    async with line.serve() as server:
        if running:  # it alone may write to the chunks
            code, said = command("prune", "--flood-day", day(3), "--yes")
            assert (code, "0 messages and 2 chunks" in said) == (0, True)
            await server.tick()
            assert expiring(command)[day(-14)] == 2
    if not running:
        assert command("prune", "--flood-day", day(3), "--yes")[0] == 0
    line.now = time.time() + 13 * DAY
    async with line.serve() as server:
        seen = [
            (await server.client.head(f"/api/v1/chunks/{one * 32}")).status_code for one in "abc"
        ]
        assert seen == [200, 200, 200]
        await server.tick(DAY)
        seen = [
            (await server.client.head(f"/api/v1/chunks/{one * 32}")).status_code for one in "abc"
        ]
        assert seen == [200, 404, 404]
        assert server.services.blobs.used() == 1
    assert sorted(one.name for one in line.settings().blobs.iterdir()) == ["places", "slots"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root types commands in another's folder")
async def test_what_root_asks_for_can_be_read_by_the_servers_user(line, command):
    await put_chunks(line, 3, "b" * 32)
    folder = line.settings().blobs
    os.chown(folder, NOBODY, NOBODY)
    before = os.umask(0o077)
    try:
        assert command("prune", "--flood-day", day(3), "--yes")[0] == 0
    finally:
        os.umask(before)
    left = {one.name: one.stat().st_uid for one in folder.iterdir()}
    assert left["sooner"] == NOBODY


async def test_a_chunk_is_read_while_its_day_changes(line, command):
    await put_chunks(line, 3, "b" * 32)
    async with line.serve() as server:
        command("prune", "--flood-day", day(3), "--yes")
        command("prune", "--flood-day", day(2), "--yes")
        assert (await server.client.get(f"/api/v1/chunks/{'b' * 32}")).content == CHUNK
        await server.tick()
        assert (await server.client.get(f"/api/v1/chunks/{'b' * 32}")).content == CHUNK
    assert command("prune", "--flood-day", day(3), "--yes")[1].startswith("0 messages and 0 chunks")


async def test_prune_shortens_and_never_lengthens(line, batch, command):
    await fill(line, batch, (89, 2))
    before = json.loads(command("stats", "--json")[1])["messages_by_day"]
    assert command("prune", "--flood-day", day(89), "--yes")[1].startswith("0 messages")
    assert json.loads(command("stats", "--json")[1])["messages_by_day"] == before


async def test_prune_asks_whether_every_console_has_synced(line, batch, command):
    await fill(line, batch, (3, 1))
    code, said = command("prune", "--flood-day", day(3))
    assert code != 0
    assert "Has every console synced fully since that day, and fetched its files?" in said
    assert "within 7 days" in said
    assert day(-14) not in json.loads(command("stats", "--json")[1])["messages_by_day"]


@pytest.mark.parametrize("ago", [-1, 0, 1])
async def test_a_day_that_consoles_may_not_have_read_is_not_pruned(line, batch, command, ago):
    await fill(line, batch, (3, 1))
    code, said = command("prune", "--flood-day", day(ago), "--yes")
    assert (code, "too near" in said) == (1, True)


def test_without_data_both_say_what_is_wrong(line, command):
    for words in (("stats",), ("prune", "--flood-day", day(3), "--yes")):
        code, said = command(*words)
        assert code == 1
        assert "Check the data folder" in said
        assert "Traceback" not in said
    assert not Path(line.data).exists()


def test_a_day_must_be_a_date(command):
    assert command("prune", "--flood-day", "yesterday", "--yes")[0] == 2
