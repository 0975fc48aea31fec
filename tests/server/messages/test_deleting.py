"""Deleting asks for no work: what it may cost, and that it goes on while somebody floods."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event

from app.protocol.answers import solve
from app.server.messages import grouped_deletes
from app.server.storage.failures import StorageError
from tests.server.postgres import BOTH_ENGINES

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]


def counted(server: Any) -> Counter[str]:
    """Count what the database is asked from now on: rows read together, and rows of each table."""
    said: Counter[str] = Counter()

    def hear(_connection, _cursor, statement, parameters, _context, many) -> None:
        verb, what = statement.split()[:2]
        first = verb if verb == "SELECT" else f"{verb} {what}"
        said[first] += len(parameters) if many else 1

    event.listen(server.services.messages.storage._engine, "before_cursor_execute", hear)
    return said


async def delete(server: Any, message_id: bytes) -> int:
    answer = await server.client.delete(f"/api/v1/messages/{message_id.hex()}")
    return int(answer.status_code)


@BOTH_ENGINES
async def test_a_flood_of_ids_that_nobody_has_writes_next_to_nothing(server):
    said = counted(server)
    answers = await asyncio.gather(*(delete(server, os.urandom(16)) for _ in range(300)))
    assert set(answers) == {204}
    assert 0 < said["UPDATE slots"] < 30


@BOTH_ENGINES
async def test_what_is_there_is_deleted_in_the_flood(server, line, batch):
    one = line.people[0]
    for _ in range(4):
        await server.post(batch(3, one.fetch))
    await server.tick()
    rows = (await server.client.get("/api/v1/challenges")).content
    known = solve(rows, one.fetch_sk, line.line_id)
    ids = [*(os.urandom(16) for _ in range(100)), *known[:9], known[0]]
    assert set(await asyncio.gather(*(delete(server, id_) for id_ in ids))) == {204}
    left = {id_ for id_, _ in server.services.messages.storage.refresh()}
    assert left == set(known[9:])
    assert server.services.messages.storage.used == 3


@BOTH_ENGINES
async def test_the_database_does_as_much_for_what_is_there_as_for_what_is_not(server, line, batch):
    one = line.people[0]
    await server.post(batch(1, one.fetch) + batch(2))
    await server.tick()
    (known,) = [id_ for id_, _ in server.services.messages.storage.refresh()][:1]
    said = counted(server)
    await delete(server, known)
    hit = Counter(said)
    said.clear()
    await delete(server, os.urandom(16))
    assert said == hit
    assert hit["UPDATE slots"] == 1


class Recording:
    """A group commit that notes how many were deleted together."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.fails = False

    async def submit(self, job: Any) -> None:
        job(self)
        await asyncio.sleep(0)
        if self.fails:
            raise StorageError("The database did not answer.")

    def forget(self, ids: list[bytes]) -> None:
        self.groups.append(len(ids))


async def test_those_who_ask_meanwhile_go_together_and_no_change_is_too_long() -> None:
    group_commit: Any = Recording()
    deletions = grouped_deletes.Deleting(group_commit)
    await asyncio.gather(
        *(deletions.delete(os.urandom(16)) for _ in range(grouped_deletes.MOST + 5))
    )
    assert group_commit.groups == [grouped_deletes.MOST, 5]


async def test_after_many_changes_there_are_ten_a_second_however_many_ask(monkeypatch) -> None:
    monkeypatch.setattr(grouped_deletes, "AT_ONCE", 5)
    group_commit: Any = Recording()
    one, began = grouped_deletes.Deleting(group_commit), time.monotonic()

    async def flood() -> None:
        while time.monotonic() - began < 1:
            await one.delete(os.urandom(16))

    await asyncio.gather(*(flood() for _ in range(20)))
    most = 5 + (time.monotonic() - began) / grouped_deletes.TURN_SECONDS
    assert 5 < len(group_commit.groups) <= most + 1
    assert group_commit.groups[-2] == 20  # nobody was left out


async def test_who_asks_hears_when_the_database_refused_and_who_left_takes_nobody_along() -> None:
    group_commit: Any = Recording()
    group_commit.fails = True
    deletions = grouped_deletes.Deleting(group_commit)
    gone, stays = (asyncio.create_task(deletions.delete(os.urandom(16))) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(StorageError):
        await stays
    group_commit.fails = False
    await deletions.delete(os.urandom(16))
    assert group_commit.groups == [2, 1]
