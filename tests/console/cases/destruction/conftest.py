"""A desk of two."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from app.console.vault import Vault
from tests.console.running_line import Line


@pytest.fixture
async def line(still: Line) -> AsyncIterator[Line]:
    """Ana and Dora at one desk."""
    still.enrol("dora", ["support"])
    still.publish()
    async with still.serve():
        yield still


@pytest.fixture
def dora(line: Line) -> Iterator[Vault]:
    with line.vault("dora") as vault:
        yield vault
