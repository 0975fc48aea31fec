"""Private notes: for oneself, in this vault alone; the team's are in the cases' states."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from app.console.vault.database.schema import private_notes
from app.console.vault.search import finding


@dataclass(frozen=True, slots=True)
class PrivateNote:
    """A note and when it was written, in Unix seconds."""

    id: int
    text: str
    at: int


def of_case(tx: Connection, case: str) -> list[PrivateNote]:
    """Return a case's private notes, the first written first."""
    mine = select(private_notes).where(private_notes.c.case_id == case)
    rows = tx.execute(mine.order_by(private_notes.c.id))
    return [PrivateNote(row.id, row.text, row.at) for row in rows]


def add(tx: Connection, case: str, text: str, now: int) -> None:
    """Keep a private note."""
    tx.execute(insert(private_notes).values(case_id=case, text=text, at=now))


def remove(tx: Connection, case: str, id_: int) -> None:
    """Remove a note, overwritten with zeros before the row is let go (secure_delete)."""
    mine = (private_notes.c.id == id_) & (private_notes.c.case_id == case)
    if tx.execute(delete(private_notes).where(mine)).rowcount:
        finding.forget(tx, finding.PRIVATE, id_)
