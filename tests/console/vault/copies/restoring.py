"""A vault that was restored beside its line, and what is read and done there."""

from __future__ import annotations

from pathlib import Path

from app.console.cases import casework
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.vault import Vault
from app.console.vault.copies import archive
from app.console.vault.records import cases, messages
from app.protocol.secrets import Secret
from tests.console.running_line import PASSPHRASE, Line

NEW = Secret(b"lantern orchard copper seventy")


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
