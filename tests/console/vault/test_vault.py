"""The vault: opened by its passphrase alone, by one console at a time, after a kill too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from app.console.errors import (
    BadLineFile,
    ConsoleError,
    VaultDamaged,
    VaultInUse,
    VaultLocked,
    VaultMissing,
    VaultTooOld,
    WeakPassphrase,
    WrongPassphrase,
)
from app.console.vault import Kdf, Vault, passphrase_opens
from app.console.vault.installation import owner
from app.console.vault.records import saved_views
from app.console.vault.setup import init_vault
from app.protocol.encoding import b64u, json_bytes
from app.protocol.secrets import Secret

GOOD = Secret(b"kettle violet harbour ninety")
BAD = Secret(b"kettle violet harbour eighty")
LINE = json_bytes(
    {"v": 1, "line_id": b64u(bytes(32)), "name": "A", "server": "https://a.test", "onion": None}
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "vault"
    init_vault(where, LINE, "Ana", GOOD, Kdf.SYNTHETIC)
    return where


def test_it_opens_with_its_passphrase(folder: Path) -> None:
    with Vault.open(folder, GOOD) as vault, vault.read() as tx:
        who = owner.load_owner(tx)
    assert (who.label, who.line.server) == ("Ana", "https://a.test")


def test_a_wrong_passphrase_is_said_in_a_sentence_and_nowhere_else(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(WrongPassphrase, match="This passphrase does not open the case store"):
        Vault.open(folder, BAD)
    assert capfd.readouterr() == ("", "")
    Vault.open(folder, GOOD).close()


def test_two_consoles_do_not_open_one_vault(folder: Path) -> None:
    with (
        Vault.open(folder, GOOD),
        pytest.raises(VaultInUse, match="open in another console"),
    ):
        Vault.open(folder, GOOD)
    Vault.open(folder, GOOD).close()


def test_a_killed_console_leaves_no_lock_behind(folder: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from app.console.vault import Vault;"
        "from app.protocol.secrets import Secret;"
        f"v = Vault.open(Path(sys.argv[1]), Secret({GOOD.reveal()!r})); print('open', flush=True);"
        "time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        with pytest.raises(VaultInUse):
            Vault.open(folder, GOOD)
        process.send_signal(signal.SIGKILL)
    Vault.open(folder, GOOD).close()


def test_a_second_passphrase_can_be_checked_while_it_is_open(folder: Path) -> None:
    with Vault.open(folder, GOOD):
        assert passphrase_opens(folder, GOOD)
        assert not passphrase_opens(folder, BAD)


def test_a_closed_vault_gives_nothing(folder: Path) -> None:
    vault = Vault.open(folder, GOOD)
    vault.close()
    vault.close()
    with pytest.raises(VaultLocked), vault.read():
        pass
    with pytest.raises(VaultLocked), vault.write():
        pass


def test_a_write_is_all_or_nothing(folder: Path) -> None:
    with Vault.open(folder, GOOD) as vault:
        with suppress(ZeroDivisionError), vault.write() as tx:
            saved_views.save(tx, "half", "/", 1)
            raise ZeroDivisionError
        with vault.read() as tx:
            assert saved_views.all_saved(tx) == {}


def test_a_weak_passphrase_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(WeakPassphrase, match="12 characters"):
        init_vault(tmp_path / "v", LINE, "Ana", Secret(b"short"), Kdf.SYNTHETIC)
    assert not (tmp_path / "v").exists()


def test_a_vault_is_never_made_over_another(folder: Path) -> None:
    with pytest.raises(VaultMissing, match="already a case store"):
        init_vault(folder, LINE, "Ana", GOOD, Kdf.SYNTHETIC)


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", LINE.replace(b"https", b"gopher")])
def test_a_file_that_is_no_line_is_refused(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(BadLineFile):
        init_vault(tmp_path / "v", line, "Ana", GOOD, Kdf.SYNTHETIC)


@pytest.mark.parametrize("label", ["", " ", "two\nlines", "x" * 65])
def test_a_label_must_be_readable(tmp_path: Path, label: str) -> None:
    with pytest.raises(ConsoleError, match="label"):
        init_vault(tmp_path / "v", LINE, label, GOOD, Kdf.SYNTHETIC)


def test_the_header_holds_nothing_secret_and_cannot_ask_for_all_memory(folder: Path) -> None:
    header = folder / "vault.json"
    found = json.loads(header.read_text())
    assert set(found) == {"v", "kdf", "rounds", "memory", "salt", "wrapped"}
    header.write_text(json.dumps(found | {"memory": 2**50}))
    with pytest.raises(VaultDamaged, match="impossible"):
        Vault.open(folder, GOOD)
    header.write_text(json.dumps(found | {"v": 1}))
    with pytest.raises(VaultTooOld, match="before the first release"):
        Vault.open(folder, GOOD)
    header.write_text(json.dumps(found | {"v": 3}))
    with pytest.raises(VaultDamaged, match="newer version"):
        Vault.open(folder, GOOD)
    header.write_text("{")
    with pytest.raises(VaultDamaged):
        Vault.open(folder, GOOD)


def test_folders_and_files_are_the_owners_alone(folder: Path) -> None:
    with Vault.open(folder, GOOD):
        for path in folder.iterdir():
            if path.name != "enrolment-request.json":
                assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_none_is_made_where_others_can_write(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(ConsoleError, match="Others can write"):
        Vault.create(folder, GOOD, Kdf.SYNTHETIC, os.urandom)
    assert not list(folder.iterdir())


def test_what_is_forgotten_leaves_the_log_too(folder: Path) -> None:
    with Vault.open(folder, GOOD) as vault:
        with vault.write() as tx:
            saved_views.save(tx, "key", "x" * 5000, 1)
        vault.forget_old_pages()
        assert (folder / "vault.db-wal").stat().st_size == 0
