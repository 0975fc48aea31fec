"""The queue of previews, and what was shown lately."""

from __future__ import annotations

import threading

import anyio
import pytest

from app.console.errors import FileProblem
from app.console.running import Console
from app.console.settings import ConsoleSettings
from app.console.triage.body import FileRef
from app.console.vault import adding, files
from app.console.viewer import preview, viewing
from app.console.viewer.kinds import Kind
from app.console.viewer.preview import Sheet
from app.console.viewer.viewing import Viewing
from tests.console.drawn import BARE, NOWHERE
from tests.console.line import Line


@pytest.mark.anyio
async def test_previews_wait_in_a_queue_that_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, full = threading.Event(), threading.Barrier(viewing.AT_WORK + 1)
    at_work: list[int] = []
    most = 0

    def slow(*_: object) -> tuple[int, list[Sheet]]:
        nonlocal most
        at_work.append(1)
        most = max(most, len(at_work))
        if not gate.is_set():
            full.wait()
            gate.wait()
        at_work.pop()
        return 1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))]

    monkeypatch.setattr(preview, "sheets", slow)
    ours = Viewing(lambda: BARE)
    refused: list[str] = []
    room = viewing.AT_WORK + viewing.WAITING

    async def ask(number: int) -> None:
        try:
            await ours.sheet(str(number), Kind.PICTURE, list, side=9, number=0, hide=NOWHERE)
        except FileProblem as problem:
            refused.append(str(problem))
            await anyio.to_thread.run_sync(full.wait)
            gate.set()

    async with anyio.create_task_group() as group:
        for number in range(room + 1):
            group.start_soon(ask, number)
    assert len(refused) == 1
    assert "in a moment" in refused[0]
    assert most == viewing.AT_WORK


@pytest.mark.anyio
async def test_what_was_shown_is_forgotten_with_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    ours = Viewing(lambda: BARE)

    def sheets(*_: object) -> tuple[int, list[Sheet]]:
        made.append(1)
        if len(made) == 2:
            ours.forget()
        return 1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))]

    monkeypatch.setattr(preview, "sheets", sheets)
    for made_by_then in (1, 1):
        await ours.sheet("one", Kind.PICTURE, list, side=9, number=0, hide=NOWHERE)
        assert len(made) == made_by_then
    ours.forget()
    # The second is made while the console locks, so it is not kept either.
    for made_by_then in (2, 3):
        await ours.sheet("one", Kind.PICTURE, list, side=9, number=0, hide=NOWHERE)
        assert len(made) == made_by_then


@pytest.mark.anyio
async def test_what_is_no_longer_in_the_vault_is_forgotten_even_by_a_sync_that_fails(
    still: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def sheets(_: object, __: object, file: list[bytes], *___: object) -> tuple[int, list[Sheet]]:
        made.append(file[0].decode())
        return 1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))]

    monkeypatch.setattr(preview, "sheets", sheets)
    console = Console(still.folder_of("ana"), ConsoleSettings())
    console.viewing = Viewing(lambda: BARE)

    async def show(name: str) -> None:
        await console.viewing.sheet(
            name, Kind.PICTURE, lambda: [name.encode()], side=9, number=0, hide=NOWHERE
        )

    vault = still.vault()
    ref = FileRef(bytes(32), 1, "a.png", "image/png", 9, "", "0" * 64)
    with vault.write() as tx:
        adding.begin_transferred(tx, "c" * 64, 0, "")
        files.add_outgoing(tx, "c" * 64, ref, "here", "0" * 64)
    console.adopt(vault)
    for name in ("here", "destroyed"):
        await show(name)
    assert await console.sync_now() is None, "the server is away"
    for name in ("here", "destroyed"):
        await show(name)
    assert made == ["here", "destroyed", "destroyed"]
    await console.lock()
