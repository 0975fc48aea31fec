"""A line that was published."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.protocol import challenges
from tests.cli.test_demo import demo  # noqa: F401 (a fixture)
from tests.server.conftest import Line


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)  # the size of a set does not matter here
    made = Line(tmp_path)
    made.publish()
    return made
