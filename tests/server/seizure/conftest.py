"""Where a server lives for a week, and what it writes there."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.protocol import challenges
from app.server import logs
from app.server.messages import grouped_deletes
from tests.server.conftest import DAY


@pytest.fixture
def lived(line, monkeypatch) -> Iterator[Path]:
    """Yield the folder with all that a server writes: data, journal, temporary files.

    Messages live three days and a few; the clock begins at midnight.
    """
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)
    # A week passes in a minute: what is deleted in it is no flood.
    monkeypatch.setattr(grouped_deletes, "TURN_SECONDS", 0.0)
    (line.folder / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(line.folder / "temporary"))
    line.now -= line.now % DAY
    line.publish(params={"message_days": 3, "window_seconds": 3_600})
    handler = logging.FileHandler(line.folder / "journal")
    handler.setFormatter(logs.BlindFormatter())
    logging.getLogger().addHandler(handler)
    logging.getLogger(logs.NAME).setLevel(logging.INFO)
    yield line.folder
    logging.getLogger().removeHandler(handler)
    handler.close()
