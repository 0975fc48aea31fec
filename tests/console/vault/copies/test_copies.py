"""Backup, restore, move: whole or nothing, and never two of one investigator at work unawares."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.console.console_commands import app
from app.client.parcel import Upload
from app.console.cases import casework
from app.console.desk import alarms
from app.console.errors import (
    BadBackup,
    ConsoleError,
    VaultDamaged,
    VaultMissing,
    VaultRetired,
    WrongPassphrase,
)
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.sync import deliver
from app.console.vault import Vault, unlocking
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.copies import archive
from app.console.vault.copies.quarantine import Quarantine, Retired
from app.console.vault.installation import machine_log, settings
from app.console.vault.keys import bundle_keys
from app.console.vault.records import cases, messages
from app.protocol.secrets import Secret
from tests.console.running_line import PASSPHRASE, Line, texts

pytestmark = pytest.mark.anyio

NEW = Secret(b"lantern orchard copper seventy")


@pytest.fixture
async def line_of_two(still: Line) -> AsyncIterator[Line]:
    """Ana and Dora at one desk."""
    still.enrol("dora", ["support"])
    still.publish()
    async with still.serve():
        yield still


def left(folder: Path, name: str) -> bool:
    """Whether anything so named was left behind."""
    return any(name in one.name for one in folder.iterdir())


def restored(line: Line, file: Path, name: str = "restored") -> Vault:
    folder = line.folder / name
    archive.restore(file, folder)
    return Vault.open(folder, PASSPHRASE)


def label(vault: Vault, line: Line, case: str, value: str) -> None:
    known = trusted_line.load(vault)
    with vault.write() as tx:
        casework.act(tx, known, "support", [changes.add(case, "labels", value)], line.now)


def labels(vault: Vault, case: str) -> list[str]:
    with vault.read() as tx:
        return cases.state(tx, case, "support").values("labels")


def only_case(vault: Vault) -> str:
    with vault.read() as tx:
        (found,) = messages.inbox(tx)
    return found.id


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


async def test_a_restored_vault_makes_no_fork(
    line_of_two: Line, ana: Vault, tmp_path: Path
) -> None:
    """It waits for a colleague's word, gets its own later changes back, and goes on after them."""
    line = line_of_two
    with line.vault("dora") as dora:
        await line.ready(ana, dora)
        await line.send("One.")
        await line.sync(ana)
        await line.sync(dora)
        case = only_case(ana)
        label(ana, line, case, "in the backup")
        await line.sync(ana)
        await line.turn()
        file = tmp_path / "copy.tar"
        archive.make(ana, file, line.now)
        label(ana, line, case, "after the backup")
        await line.sync(ana)
        await line.turn()
        await line.sync(dora)
        assert labels(dora, case) == ["after the backup", "in the backup"]
        ana.close()  # lost with its machine
        with restored(line, file) as vault:
            # An old word of Dora's, from before anything was lost, waits on the server.
            await line.turn()
            report = await line.sync(vault)
            assert "restored from a backup" in " ".join(one.text for one in report.notices)
            with pytest.raises(ConsoleError, match="before a colleague's console has been heard"):
                label(vault, line, case, "too early")
            label(dora, line, case, "by dora")
            await line.sync(dora)
            await line.turn()
            for _ in range(3):
                await line.sync(vault)
                await line.turn()
                await line.sync(dora)
                await line.turn()
            wanted = ["after the backup", "by dora", "in the backup"]
            assert labels(vault, case) == wanted
            label(vault, line, case, "new")
            await line.sync(vault)
            await line.turn()
            report = await line.sync(dora)
            assert labels(dora, case) == sorted([*wanted, "new"])
            with dora.read() as tx:
                assert alarms.standing(tx) == [], "a fork"
            assert "restored" not in " ".join(one.text for one in report.notices)


async def test_what_was_on_the_server_before_releases_nothing(
    line_of_two: Line, ana: Vault, tmp_path: Path
) -> None:
    line = line_of_two
    with line.vault("dora") as dora:
        await line.ready(ana, dora)
        file = tmp_path / "copy.tar"
        await line.send("One.")
        await line.sync(ana)
        await line.sync(dora)
        archive.make(ana, file, line.now)
        label(dora, line, only_case(dora), "older than the restoring")
        await line.sync(dora)
        await line.turn()
        ana.close()
        with restored(line, file) as vault:
            await line.sync(vault)
            assert labels(vault, only_case(vault)) == ["older than the restoring"]
            with pytest.raises(ConsoleError, match="heard"):
                label(vault, line, only_case(vault), "too early")
            with vault.read() as tx:
                assert settings.load(tx, Quarantine).heard == ()


async def test_a_desk_of_one_waits_for_nobody_and_reporters_are_answered(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    await line.ready(ana)
    reporter = await line.send("Alone.")
    await line.sync(ana)
    file = tmp_path / "copy.tar"
    archive.make(ana, file, line.now)
    ana.close()
    with restored(line, file) as vault:
        await line.sync(vault)
        label(vault, line, only_case(vault), "mine")
        deliver.queue_reply(
            vault,
            only_case(vault),
            "We are here.",
            desk="support",
            lang="en",
            now=line.now,
            rng=os.urandom,
        )
        await line.sync(vault)
        await line.turn()
        assert [one.body["text"] for one in await line.answers(reporter)] == ["We are here."]


async def test_keys_that_were_destroyed_come_back_and_go_again(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    """A backup holds them; a restored vault destroys them as soon as the rules allow."""
    await line.ready(ana)
    file = tmp_path / "copy.tar"
    archive.make(ana, file, line.now)
    with ana.read() as tx:
        first = {key.not_before for key in bundle_keys.all_held(tx)}
    for _ in range(4):
        await line.turn(12 * 3600)
        await line.sync(ana)
    with ana.read() as tx:
        gone = first - {key.not_before for key in bundle_keys.all_held(tx)}
    assert gone
    ana.close()
    with restored(line, file) as vault:
        with vault.read() as tx:
            assert gone <= {key.not_before for key in bundle_keys.all_held(tx)}
        await line.sync(vault)
        await line.turn()
        # The server has keys for this hour that were made after the backup: they serve no more.
        await line.send("After it was restored.")
        for _ in range(5):
            await line.sync(vault)
            await line.turn(12 * 3600)
        assert texts(vault) == ["After it was restored."]
        with vault.read() as tx:
            assert not gone & {key.not_before for key in bundle_keys.all_held(tx)}


async def test_the_owner_is_told(still: Line, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    with still.vault("ana") as vault:
        archive.make(vault, file, still.now)
    async with still.serve():
        with restored(still, file) as vault:
            await still.sync(vault)
            with vault.read() as tx:
                assert [one.what for one in machine_log.unread(tx)] == [machine_log.RESTORED]


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
