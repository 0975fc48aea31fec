"""The challenge set in its real size: all new each epoch, shuffled, decoys like messages."""

from __future__ import annotations

import pytest

from app.protocol import challenges, group
from app.protocol.answers import solve
from app.protocol.secrets import Secret

pytestmark = pytest.mark.anyio

CALL = "/api/v1/challenges"


async def test_an_epoch_is_built_in_full_even_if_nothing_changed(server):
    before = challenges.parse_set((await server.client.get(CALL)).content)
    await server.tick()
    after = challenges.parse_set((await server.client.get(CALL)).content)
    assert len(before) == len(after) == 1_024
    points = [row.q for row in before + after]
    assert len(set(points)) == 2_048
    for point in points:
        group.check_point(point)
    assert not {row.sealed_id for row in before} & {row.sealed_id for row in after}


async def test_rows_are_in_another_order_each_epoch(server, line, batch):
    key = line.people[0].fetch_sk
    await server.post(batch(3, line.people[0].fetch))
    orders = set()
    for _ in range(5):
        await server.tick()
        rows = challenges.parse_set((await server.client.get(CALL)).content)
        orders.add(tuple(i for i, row in enumerate(rows) if opens(row, key, line.line_id)))
    assert len(orders) == 5
    assert {len(order) for order in orders} == {3}


def opens(row: challenges.Row, key: Secret, line_id: bytes) -> bool:
    return bool(solve(row.sealed_id + row.q, key, line_id))
