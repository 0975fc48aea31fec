"""Blocks that the log has given back to the disk, once an epoch is over and a message deleted."""

from __future__ import annotations

import os
from pathlib import Path

from app.server.storage import dialect, sqlite
from app.server.storage.tables import ENVELOPES, METADATA
from tests.mounted import mounted, unmount

ENVELOPE_BYTES = 19_936


def test_what_came_in_an_epoch_is_in_no_free_block_after_it(tmp_path: Path) -> None:
    image = tmp_path / "disk"
    came = [os.urandom(ENVELOPE_BYTES) for _ in range(20)]
    with mounted(image, tmp_path / "mounted") as disk:
        engine = dialect.make_engine(f"sqlite:///{disk / 'line.db'}")
        with engine.begin() as connection:
            METADATA.create_all(connection)
        for place, envelope in enumerate(came):
            with engine.begin() as connection:
                connection.execute(ENVELOPES.insert(), [{"place": place, "envelope": envelope}])
        os.sync()
        before = image.read_bytes()
        assert any(before.count(one[-64:]) for one in came), "the log can be found"
        sqlite.tidy(engine)
        for place in range(len(came)):
            with engine.begin() as connection:
                made = ENVELOPES.update().where(ENVELOPES.c.place == place)
                connection.execute(made.values(envelope=os.urandom(ENVELOPE_BYTES)))
        sqlite.tidy(engine)
        engine.dispose()
        unmount(disk)
    left = image.read_bytes()
    assert [place for place, one in enumerate(came) if one[-64:] in left] == []
