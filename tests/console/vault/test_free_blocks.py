"""Blocks that a vault has given back to the file system: nothing that was destroyed is in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.console.errors import ConsoleError
from app.console.vault import forgetting
from app.console.vault.copies import archive
from app.console.vault.database import cipher
from app.console.vault.keys.header import read_header
from app.console.vault.records import messages
from tests.console.disk import times_found
from tests.console.running_line import PASSPHRASE, Line
from tests.mounted import mounted, unmount

pytestmark = pytest.mark.anyio

SAID = "They keep our passports at Wisbech."


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a file system of its own, in the file ``tmp_path``/disk."""
    with mounted(tmp_path / "disk", tmp_path / "mounted") as place:
        yield place


@pytest.mark.parametrize("with_backup", [False, True])
async def test_a_destroyed_case_is_in_no_free_block(
    made: Line, disk: Path, tmp_path: Path, *, with_backup: bool
) -> None:
    line = made.copy(disk / "line")
    async with line.serve():
        with line.vault() as vault:
            await line.ready(vault)
            await line.send(SAID)
            await line.sync(vault)
    with line.vault() as vault:
        with vault.read() as tx:
            (case,) = messages.inbox(tx)
        if with_backup:
            archive.make(vault, tmp_path / "backup.tar", line.now)
    key = read_header(line.folder_of("ana")).key(PASSPHRASE)
    assert key is not None
    os.sync()
    assert times_found((tmp_path / "disk").read_bytes(), key.reveal(), SAID.encode())
    with line.vault() as vault:
        with vault.write() as tx:
            forgetting.forget_case(tx, case.id, "x", line.now)
        vault.forget_old_pages()
    unmount(disk)
    assert not times_found((tmp_path / "disk").read_bytes(), key.reveal(), SAID.encode())


def test_a_copy_that_a_killed_backup_left_goes_when_the_vault_is_opened(
    still: Line, tmp_path: Path
) -> None:
    folder = still.folder_of("ana")
    secret = tmp_path / "secret"
    secret.write_bytes(PASSPHRASE.reveal())
    script = (
        "import os, sys; from app.console.vault.copies import archive; "
        "archive._pack = lambda *_: (print('copied', flush=True), sys.stdin.read()); "
        "from app.cli.entry import main; main()"
    )
    given = ["console", "backup", str(folder), str(tmp_path / "b.tar")]
    given += ["--passphrase-file", str(secret)]
    with subprocess.Popen(
        [sys.executable, "-c", script, *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as backup:
        assert backup.stdout is not None
        assert backup.stdout.readline() == b"copied\n"
        with still.vault():
            assert (folder / "copy.db").exists(), "a backup that is at work is let be"
        with still.vault() as vault, pytest.raises(ConsoleError, match="being made"):
            archive.make(vault, tmp_path / "other.tar", still.now)
        backup.send_signal(signal.SIGKILL)
    assert (folder / "copy.db").exists()
    with still.vault():
        assert not list(folder.glob("copy.db*"))


def test_a_log_that_another_process_writes_is_not_overwritten(still: Line) -> None:
    """Two connections: what the other one has committed is there after the first forgets."""
    with still.vault() as vault:
        key = read_header(still.folder_of("ana")).key(PASSPHRASE)
        assert key is not None
        other = cipher.connect(still.folder_of("ana") / "vault.db", key)
        for number in range(50):
            other.execute("CREATE TABLE IF NOT EXISTS told (number INTEGER)")
            other.execute("INSERT INTO told VALUES (?)", (number,))
            vault.forget_old_pages()
        other.close()
        vault.check()
    with still.vault() as vault, vault.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM told").scalar_one() == 50
