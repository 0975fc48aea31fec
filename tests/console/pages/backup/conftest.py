"""A console of its own for each test, and a stick that is in its computer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.console.browser import Browser, opened
from tests.console.pages.backup.stick import Stick, put_in
from tests.console.running_line import Line


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Stick]:
    with put_in(tmp_path) as one:
        yield one


@pytest.fixture
async def browser(still: Line, stick: Stick) -> AsyncIterator[Browser]:
    async with opened(still) as one:
        stick.put_into(one)
        await one.sign_in()
        yield one
