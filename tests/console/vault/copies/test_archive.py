"""Backup and restore: whole or nothing, and nothing readable in the file."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.console.console_commands import app
from app.client.parcel import Upload
from app.console.errors import BadBackup, ConsoleError, VaultDamaged, VaultMissing, WrongPassphrase
from app.console.vault import Vault, unlocking
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.copies import archive
from app.console.vault.installation import machine_log
from tests.console.running_line import PASSPHRASE, Line, texts
from tests.console.vault.copies.restoring import NEW, left, only_case, restored

pytestmark = pytest.mark.anyio


async def test_everything_is_in_it_and_it_opens_with_the_passphrase_of_its_day(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    await line.ready(ana)
    picture = b"\xff\xd8 not much of a photo " * 40_000
    await line.send("With a photo.", files=(Upload("photo.jpg", "image/jpeg", picture),))
    await line.sync(ana)
    file = tmp_path / "copy.tar"
    # The console goes on meanwhile: another process copies.
    with Vault.open_shared(ana.folder, PASSPHRASE) as shared:
        archive.make(shared, file, line.now)
    unlocking.change_passphrase(ana, PASSPHRASE, NEW, os.urandom)
    with restored(line, file) as vault:
        assert texts(vault) == ["With a photo."]
        with vault.read() as tx:
            (one,) = files.of_case(tx, only_case(vault))
        assert b"".join(decrypted_files.plain(vault, one)) == picture
    with ana.read() as tx:
        assert machine_log.entries(tx)[0].what == machine_log.BACKED_UP
    assert not left(ana.folder, "copy")


async def test_nothing_readable_is_in_the_file(line: Line, ana: Vault, tmp_path: Path) -> None:
    await line.ready(ana)
    await line.send(
        "They keep our passports.", files=(Upload("plan.txt", "text/plain", b"x" * 99),)
    )
    await line.sync(ana)
    file = tmp_path / "copy.tar"
    archive.make(ana, file, line.now)
    content = file.read_bytes()
    # Nothing shorter: three letters of a name stand in a file of random bytes one time in forty.
    for told in (b"passports", b"plan.txt", str(line.now).encode()):
        assert told not in content, told
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as tar:
        assert {(one.mtime, one.uid, one.uname) for one in tar} == {(0, 0, "")}


@pytest.mark.parametrize("damage", ["cut", "flipped", "more", "link", "outside", "no tar"])
async def test_a_file_that_was_changed_restores_nothing(
    still: Line, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "copy.tar"
    with still.vault("ana") as vault:
        archive.make(vault, file, still.now)
    content = bytearray(file.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[5_000] ^= 1
    elif damage == "no tar":
        content = bytearray(b"hello" * 999)
    else:
        made = io.BytesIO()
        with (
            tarfile.open(fileobj=io.BytesIO(content)) as old,
            tarfile.open(fileobj=made, mode="w") as new,
        ):
            entry = tarfile.TarInfo("../outside" if damage == "outside" else "files/link")
            if damage == "link":
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            elif damage == "more":
                entry = tarfile.TarInfo(f"files/{'ab' * 16}/0")
            new.addfile(entry, io.BytesIO())
            for one in old:
                new.addfile(one, old.extractfile(one))
        content = bytearray(made.getvalue())
    file.write_bytes(content)
    before = set(still.folder.rglob("*"))
    with pytest.raises(BadBackup, match="Nothing was done"):
        archive.restore(file, still.folder / "restored")
    assert set(still.folder.rglob("*")) == before


def test_a_few_bytes_that_say_they_are_many_restore_nothing(tmp_path: Path) -> None:
    """A sparse entry of 512 bytes would fill the disk with as many zeros as it names."""
    size = 10**7
    names = ("vault.json", "vault.db")
    listed = {name: hashlib.sha256(bytes(size)).hexdigest() for name in names}
    with tarfile.open(tmp_path / "copy", "w", format=tarfile.PAX_FORMAT) as tar:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = 512
            entry.pax_headers = {
                "GNU.sparse.major": "1",
                "GNU.sparse.minor": "0",
                "GNU.sparse.name": name,
                "GNU.sparse.realsize": str(size),
            }
            tar.addfile(entry, io.BytesIO(b"0\n".ljust(512, b"\0")))
        text = json.dumps({"v": 1, "kind": "quietline-vault", "files": listed}).encode()
        entry = tarfile.TarInfo(archive.MANIFEST)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    with pytest.raises(BadBackup):
        archive.restore(tmp_path / "copy", tmp_path / "vault")
    assert [one.name for one in tmp_path.iterdir()] == ["copy"]


@pytest.mark.parametrize("name", ["/home/ana", "..", "../../home", "", "0" * 31, "A" * 32])
def test_a_copy_names_no_folder_outside_itself(name: str, tmp_path: Path) -> None:
    """Else a case that runs out would take the documents of whoever restored it along."""
    with pytest.raises(VaultDamaged):
        ChunkFolder(tmp_path, name)


async def test_neither_a_file_nor_a_vault_is_written_over(still: Line, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    with still.vault("ana") as vault:
        archive.make(vault, file, still.now)
        with pytest.raises(ConsoleError, match="there already"):
            archive.make(vault, file, still.now)
    with pytest.raises(VaultMissing, match="not empty"):
        archive.restore(file, still.folder_of("chris"))


async def test_at_a_terminal(still: Line, tmp_path: Path) -> None:
    run, folder, file = CliRunner(), str(still.folder_of("ana")), tmp_path / "copy.tar"
    secret, wrong = tmp_path / "secret", tmp_path / "wrong"
    secret.write_bytes(PASSPHRASE.reveal())
    wrong.write_bytes(NEW.reveal())
    refused = run.invoke(app, ["backup", folder, str(file), "--passphrase-file", str(wrong)])
    assert (refused.exit_code, "does not open" in refused.output) == (2, True)
    with still.vault("ana"):  # a console at work
        options = ["--passphrase-file", str(secret)]
        moving = run.invoke(app, ["backup", folder, str(file), "--move", *options])
        assert (moving.exit_code, "another console" in moving.output) == (1, True)
        done = run.invoke(app, ["backup", folder, str(file), *options])
    assert done.exit_code == 0, done.output
    assert "it is whole" in done.output
    back = run.invoke(app, ["restore", str(file), str(tmp_path / "back")])
    assert back.exit_code == 0, back.output
    assert "never be opened again" in " ".join(back.output.split())
    with pytest.raises(WrongPassphrase):
        Vault.open(tmp_path / "back", NEW)
    Vault.open(tmp_path / "back", PASSPHRASE).close()
    assert json.loads((tmp_path / "back" / "vault.json").read_text())["v"] == 2
