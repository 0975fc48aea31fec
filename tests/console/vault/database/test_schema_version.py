"""The tables that a vault has: all in a new one; an older one is brought to them, or refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app.console.errors import ConsoleError, VaultDamaged, VaultTooOld
from app.console.vault import Kdf, Transaction, Vault
from app.console.vault.copies import archive
from app.console.vault.database import cipher, schema_version
from app.console.vault.installation import machine_log
from app.console.vault.vault import DATABASE_NAME
from tests.console.vault.test_vault import GOOD

ROOT = Path(__file__).parents[4]
EVERY_TABLE = """
import importlib, pkgutil, sys
from pathlib import Path
from app.console.feature import bring_tables
from app.console.features.all_features import FEATURES
from app.console.vault import Kdf, Vault
from app.protocol.secrets import Secret
from sqlalchemy import MetaData, text
with Vault.create(Path(sys.argv[1]), Secret(sys.argv[2].encode()), Kdf.SYNTHETIC, bytes) as vault:
    bring_tables(vault, FEATURES)
    with vault.read() as tx:
        made = {row.name for row in tx.execute(text("SELECT name FROM sqlite_master"))}
import app.console
defined, here = set(), {"all_features", *(one.name for one in FEATURES)}
for one in pkgutil.walk_packages(app.console.__path__, "app.console."):
    if one.name.startswith("app.console.features.") and one.name.split(".")[3] not in here:
        continue
    module = importlib.import_module(one.name)
    for each in vars(module).values():
        if isinstance(each, MetaData):
            defined |= set(each.tables)
print(*sorted(defined - made))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a vault of this version, with something in it."""
    where = tmp_path / "vault"
    with Vault.create(where, GOOD, Kdf.SYNTHETIC, os.urandom) as vault, vault.write() as tx:
        machine_log.add(tx, 7, "kept")
    return where


def statements(folder: Path, *wanted: str) -> list[tuple[object, ...]]:
    """Run statements in a vault's database past the console; give what the last one finds."""
    with Vault.open(folder, GOOD) as vault:
        connection = cipher.connect(folder / DATABASE_NAME, vault.key)
    found: list[tuple[object, ...]] = []
    try:
        for each in wanted:
            found = connection.execute(each).fetchall()
    finally:
        connection.close()
    return found


def what_is_kept(folder: Path) -> list[str]:
    with Vault.open(folder, GOOD) as vault, vault.read() as tx:
        return [one.what for one in machine_log.entries(tx)]


def add_a_table(tx: Transaction) -> None:
    tx.execute(text("CREATE TABLE later (id INTEGER PRIMARY KEY)"))


def fails(tx: Transaction) -> None:
    add_a_table(tx)
    raise MemoryError


def test_a_new_vault_has_every_table_whoever_makes_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_TABLE, str(tmp_path / "v"), GOOD.reveal().decode()],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == []


def test_a_vault_of_before_the_first_release_is_refused_and_left_as_it_is(folder: Path) -> None:
    old = ("CREATE TABLE conversations (id TEXT)", "PRAGMA user_version = 15")
    statements(folder, "PRAGMA application_id = 0", *old)
    before = (folder / DATABASE_NAME).read_bytes()
    with pytest.raises(VaultTooOld, match=r"before the first release.*quietline console init"):
        Vault.open(folder, GOOD)
    with pytest.raises(VaultTooOld):
        Vault.open_shared(folder, GOOD)
    assert (folder / DATABASE_NAME).read_bytes() == before


def test_a_backup_of_such_a_vault_is_refused_where_it_is_opened(
    folder: Path, tmp_path: Path
) -> None:
    with Vault.open(folder, GOOD) as vault:
        archive.make(vault, tmp_path / "copy.tar", 9)
    archive.restore(tmp_path / "copy.tar", tmp_path / "back")
    statements(tmp_path / "back", "PRAGMA application_id = 0", "PRAGMA user_version = 1")
    with pytest.raises(VaultTooOld, match="before the first release"):
        Vault.open(tmp_path / "back", GOOD)


def test_a_vault_of_a_newer_version_is_left_alone(folder: Path) -> None:
    statements(folder, f"PRAGMA user_version = {2 + len(schema_version.LATER)}")
    with pytest.raises(VaultDamaged, match="newer version"):
        Vault.open(folder, GOOD)


def test_a_later_step_is_taken_once_and_what_was_kept_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_version, "LATER", (*schema_version.LATER, add_a_table))
    with pytest.raises(ConsoleError, match="another version"):
        Vault.open_shared(folder, GOOD)
    assert what_is_kept(folder) == ["kept"]
    assert what_is_kept(folder) == ["kept"]
    assert statements(folder, "SELECT count(*) FROM later") == [(0,)]


def test_a_step_that_fails_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema_version, "LATER", (*schema_version.LATER, fails))
        with pytest.raises(MemoryError):
            Vault.open(folder, GOOD)
    assert what_is_kept(folder) == ["kept"]
    found = statements(folder, "SELECT count(*) FROM sqlite_master WHERE name = 'later'")
    assert found == [(0,)]
