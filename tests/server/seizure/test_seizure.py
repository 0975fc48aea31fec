"""A server is seized after a week of life: what its disk tells is no better than chance.

See the package for who does what. The weakened servers of ``test_able`` show that the analyst can.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.server.messages import slot_rewriting
from tests.deploy.conftest import DEPLOY
from tests.server.conftest import DAY
from tests.server.postgres import Cluster, needed_programs
from tests.server.seizure import analyst, judge, traces
from tests.server.seizure.week import NEEDLES, TICK, Truth, Week, seize

pytestmark = pytest.mark.anyio

SETTINGS = {
    "epoch_seconds": 3_600,
    "expiry_spread_days": 2,
    "slots_initial": 512,
    "slots_cap": 4_096,
    "chunk_slots_initial": 16,
    "connections": 16,
}
WRITTEN = ("quietline.db", "quietline.db-wal", "slots", "places")
TELLING = (
    "transaction of the slot",
    "transaction of the envelope",
    "place in the log of the slot's page",
    "place in the log of the first page",
    "place in the log of the last page",
)
"""What of PostgreSQL's files tells the order of writing, until the next round of rewriting."""
MIDDLE = 3 + 0.4 * TICK / DAY
"""A moment on the fourth day, while an epoch is running."""


def told_by(evidence: analyst.Evidence, truth: Truth) -> dict[str, float]:
    """Return what the analyst knows better than by chance."""
    assert len(evidence.orders["slot"]) > 400
    assert len(evidence.chunk_orders["slot"]) > 80
    return judge.better_than_chance(judge.verdict(evidence, truth))


def found_of_the_deleted(folder: Path, truth: Truth) -> list[str]:
    gone = random.sample(sorted(truth.deleted), 20)
    return traces.pieces(folder, [truth.messages[h].pieces[n % 4] for n, h in enumerate(gone)])


def times_in(rest: dict[str, bytes], truth: Truth, began: float) -> list[str]:
    week = (truth.began - DAY, truth.began + 8 * DAY)
    return traces.times(rest, *week) + traces.times(rest, began, time.time())


async def test_a_week_on_sqlite(lived, line, tmp_path_factory):
    began, elsewhere = time.time(), tmp_path_factory.mktemp("seized")
    files: set[tuple[str, int]] = set()
    async with line.serve(**SETTINGS) as server:
        week = Week(server)
        truth = week.truth
        async for moment in week.stages([MIDDLE, 7.0]):
            seized = seize(lived, elsewhere / str(moment))
            evidence = analyst.sqlite(seized)
            assert told_by(evidence, truth) == {}
            assert evidence.leftovers == []
            assert times_in(evidence.rest, truth, began) == []
            assert traces.words(seized.folder, NEEDLES) == []
            assert found_of_the_deleted(seized.folder, truth) == []
            # The log has only what came in the epoch that is running.
            assert set(evidence.log) <= truth.since_tick
            assert bool(evidence.log) == (moment == MIDDLE)
            assert set(evidence.index) <= truth.since_tick, "nor has the log's index"
            # No file came or went; after an epoch's tick, all that are written to tell its time.
            there = {(one.path, one.inode) for one in seized.stats}
            assert moment == MIDDLE or there == files
            files = there
            if moment == MIDDLE:
                await server.services.epochs.tick(line.now)
                truth.since_tick = set()
                turned = analyst.sqlite(seize(lived, elsewhere / "turned"))
                assert (turned.log, turned.index) == ({}, {}), "once an epoch is over, nothing"
            if moment == 7.0:
                for one in seized.stats:
                    if one.path.split("/")[-1] in WRITTEN:
                        assert min(one.changed, one.modified) > week.ticked - 0.5
    assert len(truth.deleted) > 1_000
    assert len(truth.messages) > 3_000
    seized = seize(lived, elsewhere / "stopped")
    evidence = analyst.sqlite(seized)
    assert told_by(evidence, truth) == {}
    assert (evidence.leftovers, evidence.log, evidence.index) == ([], {}, {})


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL as deploy/ sets it, but without fsync, which changes no byte."""
    folder = needed_programs()
    conf = (DEPLOY / "postgresql" / "quietline.conf").read_text()
    running = Cluster(folder, conf=conf.replace("listen_addresses = '*'", "") + "fsync = off\n")
    yield running
    running.remove()


async def test_a_week_on_postgresql(cluster, lived, line, tmp_path_factory, monkeypatch):
    """Row headers and the log tell the order until rows were rewritten and the log is gone."""
    elsewhere = tmp_path_factory.mktemp("seized")
    monkeypatch.setattr(slot_rewriting, "EPOCHS", 1_000)  # a week without a round; in life an hour
    line.database_url = cluster.url(cluster.create())

    def take(name: str) -> analyst.Evidence:
        cluster.sql("CHECKPOINT")  # in life every five minutes
        copied = seize(lived, elsewhere / name)
        shutil.copytree(cluster.data, copied.folder / "postgres")
        return analyst.postgres(copied)

    async with line.serve(**SETTINGS) as server:
        week = Week(server)
        truth = week.truth
        await week.run()
        evidence = take("before")
        told = told_by(evidence, truth)
        assert {name.rpartition(" by ")[2] for name in told} <= set(TELLING)
        for feature in ("transaction of the slot", "transaction of the envelope"):
            assert told[f"messages: arrival by {feature}"] > judge.ARRIVAL
        assert judge.order(evidence.log, truth.messages) > judge.ARRIVAL
        monkeypatch.setattr(slot_rewriting, "EPOCHS", 1)
        for _ in range(2):  # the first epoch ends the round that was begun
            await server.tick(1)
            cluster.sql("CHECKPOINT")
        evidence = take("rewritten")
    assert told_by(evidence, truth) == {}
    assert abs(judge.order(evidence.log, truth.messages)) < judge.ARRIVAL
    assert traces.words(elsewhere / "rewritten", NEEDLES) == []
    assert found_of_the_deleted(elsewhere / "rewritten", truth) == []
    assert len(truth.deleted) > 1_000
