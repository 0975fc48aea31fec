"""What was done to the vault itself, for its owner: passphrase, recovery, copies, destruction.

The custody log tells what was done to a case; this tells what was done to the machine that keeps
it. Rows are only ever added, and carry nothing of any case.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from app.console.vault.database.machine_tables import machine_log
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting

PASSPHRASE, RECOVERY_MADE, RECOVERY_ENDED, RECOVERED = (
    *("passphrase", "recovery-made", "recovery-ended", "recovered"),
)
BACKED_UP, MOVED, RESTORED = "backup", "moved", "restored"
LIST_ADDED, LIST_REMOVED = "list-added", "list-removed"
LOUD = (RECOVERED, RESTORED)
"""What the owner is told of until they have said that they know."""


@dataclass(frozen=True, slots=True)
class ReadUpTo(Setting):
    """Up to which row the owner has said that it was read."""

    NAME = "machine_log_read"
    id: int = 0


@dataclass(frozen=True, slots=True)
class MachineLogEntry:
    """One thing done: when (Unix seconds), a word for what, a JSON object."""

    id: int
    at: int
    what: str
    detail: dict[str, Any]


def add(tx: Connection, now: int, what: str, **detail: Any) -> None:
    """Note what is done in this transaction."""
    row = {"at": now, "what": what, "detail": json.dumps(detail, ensure_ascii=False)}
    tx.execute(insert(machine_log).values(**row))


def entries(tx: Connection, limit: int = 200) -> list[MachineLogEntry]:
    """Return what was noted, the latest first."""
    rows = tx.execute(select(machine_log).order_by(machine_log.c.id.desc()).limit(limit))
    return [MachineLogEntry(row.id, row.at, row.what, json.loads(row.detail)) for row in rows]


def last(tx: Connection, what: str) -> MachineLogEntry | None:
    """Return what was noted last of a kind; None if nothing was."""
    chosen = select(machine_log).where(machine_log.c.what == what)
    row = tx.execute(chosen.order_by(machine_log.c.id.desc()).limit(1)).first()
    return MachineLogEntry(row.id, row.at, row.what, json.loads(row.detail)) if row else None


def unread(tx: Connection) -> list[MachineLogEntry]:
    """Return what the owner should know and has not said that they do."""
    last = settings.load(tx, ReadUpTo).id
    return [one for one in entries(tx) if one.what in LOUD and one.id > last]


def mark_read(tx: Connection) -> None:
    """Note that the owner knows."""
    latest = entries(tx, 1)
    settings.store(tx, ReadUpTo(latest[0].id if latest else 0))
