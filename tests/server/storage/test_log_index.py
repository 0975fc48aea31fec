"""What SQLite's index of its log still holds once an epoch is over, however long the log was."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import pytest

from app.server.storage import dialect, sqlite
from app.server.storage.tables import ENVELOPES, METADATA

HEADER = 136
"""Bytes before the first page number in the index."""


def pages_in(index: Path) -> list[int]:
    content = index.read_bytes()
    found: list[int] = []
    for block in range(0, len(content), 32_768):
        begin = max(block, HEADER)
        found += struct.unpack(
            f"={(block + 16_384 - begin) // 4}I", content[begin : block + 16_384]
        )
    return [number for number in found if number]


@pytest.mark.parametrize("envelopes", [50, 700, 2_900])
def test_an_emptied_logs_index_tells_no_order(tmp_path: Path, envelopes: int) -> None:
    path = tmp_path / "line.db"
    engine = dialect.make_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        connection.execute(
            ENVELOPES.insert(), [{"place": n, "envelope": bytes(19_936)} for n in range(envelopes)]
        )
    sqlite.tidy(engine)
    backwards = list(range(envelopes))[::-1]
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_autocheckpoint = 0")
        for first in range(0, envelopes, 50):
            driver.execute("BEGIN IMMEDIATE")
            for place in backwards[first : first + 50]:
                driver.execute(
                    "UPDATE envelopes SET envelope = ? WHERE place = ?", (b"x" * 19_936, place)
                )
            driver.execute("COMMIT")
    index = path.with_name("line.db-shm")
    told = pages_in(index)
    assert sum(a > b for a, b in pairwise(told)) >= envelopes // 50 - 1, "batch after batch"
    sqlite.tidy(engine)
    assert path.with_name("line.db-wal").stat().st_size == 0
    left = pages_in(index)
    # Nothing but a page that holds no message, or the pages that were written again to clear it.
    assert len(left) <= 2 or max(left) < 600
    with engine.connect() as connection:
        stored = connection.execute(ENVELOPES.select()).all()
    assert [bytes(row.envelope) for row in stored] == [b"x" * 19_936] * envelopes
    engine.dispose()
