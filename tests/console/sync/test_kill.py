"""Killed at every point of a sync, nothing is lost and nothing comes twice."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.client.parcel import Upload
from app.console.sync import deliver, draft_files
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.files import FileState
from app.console.vault.keys import bundle_keys
from app.console.vault.records import messages
from app.protocol.identities import ReporterIdentity
from tests.console.running_line import DAY, HOUR, Line, read, texts

POINTS = [
    "bundles kept",
    "bundles posted",
    "sealed",
    "posted",
    "sent",
    "fetched",
    "opened",
    "durable",
    "full",
    "deleted",
    "keys destroyed",
]
DIES = 9


class Killed(BaseException):
    """Stands for the end of the process: nothing in the console catches it."""


def _kill_at(point: str) -> Callable[[str], None]:
    def checkpoint(name: str) -> None:
        if name == point:
            raise Killed

    return checkpoint


async def _prepare(line: Line, vault: Vault) -> ReporterIdentity:
    """Read a report, let an answer and a second report wait, and keys to make and destroy."""
    await line.ready(vault, days=2)
    reporter = await line.send("First.", files=(Upload("a.bin", "x/y", b"evidence" * 99),))
    await line.sync(vault, days=2)
    (first,) = read(vault)
    await line.turn(HOUR)
    await line.sync(vault, days=2)
    line.now += DAY + HOUR
    await line.turn()
    await line.sync(vault, days=2)
    await line.send("Second.")
    await line.send("Third.", reporter=reporter, kind="message")
    now = line.now
    draft_files.add_draft_file(
        vault, first.case, io.BytesIO(b"map" * 500), 1500, "map.txt", "", os.urandom
    )
    deliver.queue_reply(
        vault, first.case, "Answer.", desk="support", lang="en", now=now, rng=os.urandom
    )
    line.now += DAY + 2 * HOUR
    await line.turn()
    return reporter


async def _check(line: Line, vault: Vault, reporter: ReporterIdentity) -> None:
    assert texts(vault) == ["Answer.", "First.", "Second.", "Third."]
    (answer,) = await line.answers(reporter)
    assert answer.body["text"] == "Answer."
    with vault.read() as tx:
        assert messages.waiting(tx) == []
        found = messages.inbox(tx)
        states = {file.state for each in found for file in files.of_case(tx, each.id)}
        assert bundle_keys.to_upload(tx, 1) == []
    assert states == {FileState.HERE, FileState.SENT}


@pytest.fixture(scope="module")
def prepared(made: Line, tmp_path_factory: pytest.TempPathFactory) -> tuple[Line, ReporterIdentity]:
    line = made.copy(tmp_path_factory.mktemp("prepared"))

    async def prepare() -> ReporterIdentity:
        async with line.serve():
            with line.vault() as vault:
                return await _prepare(line, vault)

    return line, asyncio.run(prepare())


async def _begin_again(line: Line, reporter: ReporterIdentity) -> None:
    with line.vault() as vault:
        await line.turn()
        report = await line.sync(vault, days=2)
        assert report.full
        await line.turn()
        await _check(line, vault, reporter)


@pytest.mark.anyio
@pytest.mark.parametrize("point", POINTS)
async def test_killed_anywhere_it_begins_again_without_loss(
    prepared: tuple[Line, ReporterIdentity], tmp_path: Path, point: str
) -> None:
    line, reporter = prepared[0].copy(tmp_path), prepared[1]
    async with line.serve():
        await line.turn()
        with line.vault() as vault, pytest.raises(Killed):
            await line.sync(vault, days=2, at_once=True, checkpoint=_kill_at(point))
        await _begin_again(line, reporter)


CHILD = """
import asyncio, os, sys
from pathlib import Path
from tests.console.sync import test_kill
asyncio.run(test_kill.die(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
"""


async def die(folder: Path, point: str, now: int) -> None:
    line = Line(folder, bytes.fromhex(os.environ["LINE_ID"]), now)
    with line.vault() as vault:
        async with line.serve():
            await line.turn()

            def checkpoint(name: str) -> None:
                if name == point:
                    os._exit(DIES)

            await line.sync(vault, days=2, checkpoint=checkpoint)


def test_a_process_that_really_dies_loses_nothing(
    prepared: tuple[Line, ReporterIdentity], tmp_path: Path
) -> None:
    line, reporter = prepared[0].copy(tmp_path), prepared[1]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(line.folder), "durable", str(line.now)],
        env=os.environ | {"LINE_ID": line.line_id.hex()},
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert child.returncode == DIES

    async def after() -> None:
        async with line.serve():
            await _begin_again(line, reporter)

    asyncio.run(after())
