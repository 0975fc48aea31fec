"""The analyst is able: from servers that are weaker in one thing each it learns just that."""

from __future__ import annotations

import time

import pytest

from tests.server.seizure import analyst, judge, weakened
from tests.server.seizure.test_seizure import SETTINGS, found_of_the_deleted, times_in
from tests.server.seizure.week import Seized, Truth, Week, seize

pytestmark = pytest.mark.anyio


async def two_days(line, folder, tmp_path_factory) -> tuple[Seized, Truth]:
    """Let 150 people live for two days and seize the server."""
    async with line.serve(**SETTINGS) as server:
        week = Week(server, people=150, days=2)
        await week.run()
        return seize(folder, tmp_path_factory.mktemp("seized") / "copy"), week.truth


@pytest.mark.parametrize(
    ("weakness", "order"),
    [
        (weakened.in_order, "messages: arrival by slot"),
        (weakened.without_slots, "messages: arrival by first page of overflow"),
    ],
)
async def test_places_that_follow_arrival_are_seen(lived, line, tmp_path_factory, weakness, order):
    with weakness():
        seized, truth = await two_days(line, lived, tmp_path_factory)
    told = judge.verdict(analyst.sqlite(seized), truth)
    assert told[order] > 4
    assert (
        told[order.replace("arrival", "one batch")] > judge.OTHERS
    )  # what came together lies together


async def test_an_index_of_a_log_that_is_gone_is_seen(lived, line, tmp_path_factory):
    with weakened.keeping_the_index_of_the_log():
        async with line.serve(**SETTINGS) as server:
            week = Week(server, people=150, days=2)
            await week.run(until=1.9)
            await server.services.epochs.tick(line.now)
            seized = seize(lived, tmp_path_factory.mktemp("seized") / "copy")
        truth = week.truth
    evidence = analyst.sqlite(seized)
    assert len(evidence.index) > 20
    assert judge.order(evidence.index, truth.messages) > judge.ARRIVAL


async def test_other_weaknesses_are_seen_each_for_itself(lived, line, tmp_path_factory):
    began = time.time()
    with (
        weakened.deleting_by_a_mark(),
        weakened.expiring_together(),
        weakened.writing_times(),
        weakened.a_file_for_each_chunk(),
    ):
        seized, truth = await two_days(line, lived, tmp_path_factory)
    evidence = analyst.sqlite(seized)
    analyst.chunk_files(evidence, seized)
    told = judge.verdict(evidence, truth)
    assert len(found_of_the_deleted(seized.folder, truth)) > 10
    assert told["messages: one batch by day of expiry"] > judge.OTHERS
    assert any("journal" in one for one in times_in(evidence.rest, truth, began))
    for order in ("inode", "birth", "change"):
        assert told[f"chunks: arrival by {order}"] > 4
