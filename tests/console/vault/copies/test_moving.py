"""A move to another machine: never two of one investigator at work."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.console.errors import ConsoleError, VaultRetired
from app.console.vault import Vault
from app.console.vault.copies import archive
from app.console.vault.copies.quarantine import Retired
from app.console.vault.installation import settings
from app.console.vault.records import messages
from tests.console.running_line import Line, texts
from tests.console.vault.copies.restoring import label, left, only_case, restored

pytestmark = pytest.mark.anyio


async def test_a_full_disk_leaves_no_file_and_moves_nothing(
    still: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with still.vault("ana") as vault:
        monkeypatch.setattr(archive, "_pack", full)
        with pytest.raises(OSError, match="No space"):
            archive.make(vault, tmp_path / "copy.tar", still.now, move=True)
        assert not left(tmp_path, ".tar")
        assert not left(vault.folder, "copy")
        async with still.serve():
            await still.sync(vault)


async def test_who_moves_goes_on_there_and_not_here(line: Line, ana: Vault, tmp_path: Path) -> None:
    await line.ready(ana)
    await line.send("Before.")
    await line.sync(ana)
    label(ana, line, only_case(ana), "before")
    file = tmp_path / "copy.tar"
    archive.make(ana, file, line.now, move=True)
    with pytest.raises(VaultRetired, match="moved to another computer"):
        await line.sync(ana)
    with pytest.raises(ConsoleError, match="was moved"):
        archive.make(ana, tmp_path / "second.tar", line.now)
    archive.make(ana, tmp_path / "again.tar", line.now, move=True)
    with restored(line, file) as vault:
        await line.send("After.")
        await line.sync(vault)
        assert texts(vault) == ["After.", "Before."]
        label(vault, line, only_or_first(vault), "there")


def only_or_first(vault: Vault) -> str:
    with vault.read() as tx:
        return messages.inbox(tx)[0].id


async def test_a_move_that_may_be_whole_on_a_stick_that_is_gone_leaves_one_that_works(
    still: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pulled out while it is read again: what is on the stick cannot be removed for certain."""

    def pulled(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    file = tmp_path / "copy.tar"
    with still.vault() as vault:
        monkeypatch.setattr(archive, "_read_again", pulled)
        monkeypatch.setattr(archive, "sync_folder", pulled)
        with pytest.raises(ConsoleError, match="works no more here"):
            archive.make(vault, file, still.now, move=True)
        with vault.read() as tx:
            assert settings.load(tx, Retired).at is not None
        monkeypatch.undo()
        archive.make(vault, tmp_path / "again.tar", still.now, move=True)


async def test_a_backup_that_fails_does_not_bring_back_what_was_moved_meanwhile(
    still: Line, tmp_path: Path
) -> None:
    def moved_then_ended(stage: archive.Stage, *_: int) -> None:
        if stage is archive.Stage.CHECKING:
            with vault.write() as tx:
                settings.store(tx, Retired(still.now))
            raise KeyboardInterrupt

    with still.vault() as vault:
        with pytest.raises(KeyboardInterrupt):
            archive.make(vault, tmp_path / "copy.tar", still.now, on_progress=moved_then_ended)
        with vault.read() as tx:
            assert settings.load(tx, Retired).at is not None
