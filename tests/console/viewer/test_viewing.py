"""The queue of previews, and what was shown lately."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from app.console.errors import FileProblem
from app.console.rules.body import DescribedFile
from app.console.vault.attachments import files
from app.console.vault.records import adding
from app.console.viewer import preview, viewing
from app.console.viewer.preview import Drawn, Sheet
from app.console.viewer.previewable import Kind
from app.console.viewer.viewing import Viewing
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from tests.console.drawn import BARE, NOWHERE
from tests.console.running_line import Line


@dataclass
class Gate:
    """Stands for the processes: notes which file is at work, and lets each end when told."""

    begun: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)
    ends: dict[str, threading.Event] = field(default_factory=lambda: defaultdict(threading.Event))

    def sheets(self, _: object, __: object, file: list[bytes], *___: object) -> Drawn:
        name = file[0].decode()
        self.begun.put(name)
        assert self.ends[name].wait(60)
        return Drawn(1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))], 0.0)

    async def next(self) -> str:
        return await anyio.to_thread.run_sync(lambda: self.begun.get(timeout=60))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(preview, "sheets", made.sheets)
    return made


async def _show(ours: Viewing, name: str, *, unasked: bool = True) -> None:
    """Show a file of the case that its first letter names."""
    await ours.sheet(
        name,
        Kind.PICTURE,
        lambda: [name.encode()],
        case=name[0],
        side=9,
        number=0,
        hide=NOWHERE,
        unasked=unasked,
    )


@pytest.mark.anyio
async def test_a_case_has_one_file_at_work_and_cases_take_turns(gate: Gate) -> None:
    ours = Viewing(lambda: BARE)
    async with anyio.create_task_group() as group:

        async def ask(name: str, *, unasked: bool = True) -> None:
            group.start_soon(partial(_show, ours, name, unasked=unasked))
            await anyio.lowlevel.checkpoint()

        for name in ("a1", "a2", "a3", "b1", "b2", "c1"):
            await ask(name)
        assert {await gate.next(), await gate.next()} == {"a1", "b1"}, "two cases side by side"
        await ask("a4", unasked=False)
        gate.ends["a1"].set()
        assert await gate.next() == "a4", "what somebody asked for, before what nobody did"
        gate.ends["a4"].set()
        assert await gate.next() == "c1", "a case that had no turn, while another's files wait"
        gate.ends["c1"].set()
        gate.ends["b1"].set()
        assert {await gate.next(), await gate.next()} == {"a2", "b2"}
        for name in ("a2", "b2", "a3"):
            gate.ends[name].set()
        assert await gate.next() == "a3"


@pytest.mark.anyio
async def test_what_one_case_has_waiting_has_an_end(gate: Gate) -> None:
    ours = Viewing(lambda: BARE)
    async with anyio.create_task_group() as group:
        for number in range(viewing.WAITING + 1):
            group.start_soon(_show, ours, f"a{number}")
        await gate.next()
        with pytest.raises(FileProblem, match="in a moment"):
            await _show(ours, "a-more")
        group.start_soon(_show, ours, "b")
        assert await gate.next() == "b", "of that, another case knows nothing"
        group.cancel_scope.cancel()
        for number in range(viewing.WAITING + 1):
            gate.ends[f"a{number}"].set()
        gate.ends["b"].set()


@pytest.mark.anyio
async def test_who_leaves_while_waiting_holds_nobody_up(gate: Gate) -> None:
    ours = Viewing(lambda: BARE)
    async with anyio.create_task_group() as group:
        group.start_soon(_show, ours, "a1")
        await gate.next()
        with anyio.move_on_after(0):
            await _show(ours, "a2")
        group.start_soon(_show, ours, "a3")
        gate.ends["a1"].set()
        assert await gate.next() == "a3"
        gate.ends["a3"].set()


@pytest.mark.anyio
async def test_what_was_shown_is_forgotten_with_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    ours = Viewing(lambda: BARE)

    def sheets(*_: object) -> Drawn:
        made.append(1)
        if len(made) == 2:
            ours.forget()
        return Drawn(1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))], 0.0)

    monkeypatch.setattr(preview, "sheets", sheets)
    for made_by_then in (1, 1):
        await ours.sheet("one", Kind.PICTURE, list, case="a", side=9, number=0, hide=NOWHERE)
        assert len(made) == made_by_then
    ours.forget()
    # The second is made while the console locks, so it is not kept either.
    for made_by_then in (2, 3):
        await ours.sheet("one", Kind.PICTURE, list, case="a", side=9, number=0, hide=NOWHERE)
        assert len(made) == made_by_then


@pytest.mark.anyio
async def test_what_is_no_longer_in_the_vault_is_forgotten_even_by_a_sync_that_fails(
    still: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def sheets(_: object, __: object, file: list[bytes], *___: object) -> Drawn:
        made.append(file[0].decode())
        return Drawn(1, [Sheet(memoryview(b"abc"), 1, 1, (1, 1))], 0.0)

    monkeypatch.setattr(preview, "sheets", sheets)
    console = Console(still.folder_of("ana"), ConsoleSettings())
    console.viewing = Viewing(lambda: BARE)

    async def show(name: str) -> None:
        await console.viewing.sheet(
            name, Kind.PICTURE, lambda: [name.encode()], case="a", side=9, number=0, hide=NOWHERE
        )

    vault = still.vault()
    ref = DescribedFile(bytes(32), 1, "a.png", "image/png", 9, "", "0" * 64)
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
