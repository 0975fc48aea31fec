"""A line for each test, and its server running in the test's own event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.console.vault import Vault
from app.console.viewer.host import Machine, look
from app.console.web import caller
from app.protocol import challenges
from tests.console.running_line import Line


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def small_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let challenge sets have 16 rows.

    The least that a server may show is its tests' business, and 1,024 rows an epoch would be most
    of the time spent here.
    """
    monkeypatch.setattr(challenges, "MIN_ROWS", 16)


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a console in this process ask nobody whose connection it is: there is none.

    It would look for the caller in the list of all sockets, at every request.
    """
    monkeypatch.setattr(caller, "is_ours", lambda _client, _server: True)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return Line.make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def still(made: Line, tmp_path: Path) -> Line:
    """Return a line of one's own, whose server is away."""
    return made.copy(tmp_path)


@pytest.fixture
async def line(still: Line) -> AsyncIterator[Line]:
    async with still.serve():
        yield still


@pytest.fixture
def ana(still: Line) -> Iterator[Vault]:
    with still.vault("ana") as vault:
        yield vault


@pytest.fixture
def ben(still: Line) -> Iterator[Vault]:
    """Yield a second member of ana's desk."""
    still.enrol("ben", ["support"])
    still.publish()
    with still.vault("ben") as vault:
        yield vault


@pytest.fixture(scope="module")
def machine() -> Machine:
    """Return the machine at hand, on which previews are made within the sandbox."""
    found = look()
    assert found.bwrap, "bubblewrap is not installed, or may not work here"
    assert found.seccomp
    return found


@pytest.fixture
def chris(still: Line) -> Iterator[Vault]:
    with still.vault("chris") as vault:
        yield vault
