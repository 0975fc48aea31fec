"""Cases that will be transferred to another team with the next sending; at most one each."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from app.console.vault.database.schema import pending_transfers as pending


@dataclass(frozen=True, slots=True)
class PendingTransfer:
    """To which desk, why, and what the case's status was before; ``at`` is in Unix seconds."""

    case: str
    target: str
    reason: str
    status_before: str
    at: int


def find(tx: Connection, case: str) -> PendingTransfer | None:
    """Return what waits of a case."""
    row = tx.execute(select(pending).where(pending.c.case_id == case)).one_or_none()
    return None if row is None else PendingTransfer(*row)


def every(tx: Connection) -> list[PendingTransfer]:
    """Return all that wait, the first asked for first."""
    rows = tx.execute(select(pending).order_by(pending.c.at, pending.c.case_id))
    return [PendingTransfer(*row) for row in rows]


def keep(tx: Connection, one: PendingTransfer) -> None:
    """Keep one, for a case that has none."""
    tx.execute(
        insert(pending).values(
            case_id=one.case,
            target=one.target,
            reason=one.reason,
            status_before=one.status_before,
            at=one.at,
        )
    )


def forget(tx: Connection, case: str) -> bool:
    """Take one out, sent or undone; return whether there was one."""
    return tx.execute(delete(pending).where(pending.c.case_id == case)).rowcount > 0
