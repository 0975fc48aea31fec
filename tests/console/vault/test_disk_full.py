"""A console's disk that is full, on a real mount.

What is noted as kept is kept, nothing typed is lost, and it is said in words. Afterwards all is
well again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.sync import receive
from app.console.sync.receive import OpenedMessage
from app.console.vault.records import fetched_ids
from app.protocol import bodies
from app.protocol.envelope import Opened
from app.protocol.recipients import Recipient
from tests.console.browser import opened
from tests.console.running_line import NOW, Line, read
from tests.journeys.console_world import receive as comes

pytestmark = pytest.mark.anyio

MANY = 300
"""Messages of one sync: more than SQLite keeps in memory before it writes to the disk."""


@pytest.fixture
def disk(still: Line) -> Iterator[Path]:
    """Ana's vault on a disk of 12 MB."""
    folder, aside = still.folder_of("ana"), still.folder / "aside"
    folder.rename(aside)
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    shutil.copytree(aside, folder, dirs_exist_ok=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, leave: int) -> None:
    """Leaves so many bytes free."""
    free = shutil.disk_usage(disk).free
    (disk / "filler").write_bytes(bytes(max(0, free - leave)))


def arrivals(count: int) -> list[OpenedMessage]:
    """Messages of one reporter, each of the greatest size."""
    who = Recipient(os.urandom(32), os.urandom(32), os.urandom(1184), os.urandom(1216))
    said = {"text": "x" * 14_000, "lang": "en", "desks": ["support"], "answers": {}}
    return [
        OpenedMessage(
            os.urandom(16),
            os.urandom(32),
            Opened(bodies.write_body("message", os.urandom(16).hex(), said), who),
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("leave", [0, 100_000, 1_000_000, 2_500_000, 3_500_000, 4_500_000])
def test_what_is_noted_as_kept_is_kept(still: Line, disk: Path, leave: int) -> None:
    """Else the server is told to delete what is nowhere."""
    given = arrivals(MANY)
    with still.vault() as vault:
        fill(disk, leave)
        known = trusted_line.load(vault)

        def keep() -> int:
            return receive.keep(vault, known, given, delete_at_once=True, now=NOW, rng=os.urandom)

        with pytest.raises(ConsoleError, match="disk is full"):
            keep()
        with vault.read() as tx:
            noted = fetched_ids.known(tx, [one.id for one in given], NOW)
        assert (len(read(vault)), len(noted)) == (0, 0)
        (disk / "filler").unlink()
        assert keep() == MANY
        assert len(read(vault)) == MANY
        vault.check()
    with still.vault() as vault:
        assert len(read(vault)) == MANY


async def test_who_writes_a_note_or_an_answer_is_told_and_loses_nothing(
    still: Line, disk: Path
) -> None:
    async with opened(still) as browser:
        vault = browser.console.vault
        case = comes(vault, 1, "They keep our passports.", NOW)
        await browser.sign_in()
        await browser.get(f"/cases/{case}")
        fill(disk, 0)
        long = {"private": "yes", "text": "Ask about the house. " * 3_000}
        for path in (f"/cases/{case}/notes", f"/cases/{case}/notes/draft"):
            answer = await browser.post(path, **long)
            assert answer.status_code == 507
            assert "disk is full" in answer.text
        answer = await browser.get(f"/cases/{case}")
        assert answer.status_code == 200
        assert "They keep our passports." in answer.text, "what is there is read"
        (disk / "filler").unlink()
        assert (await browser.post(f"/cases/{case}/notes", **long)).status_code < 400
        assert "Ask about the house." in (await browser.get(f"/cases/{case}")).text
