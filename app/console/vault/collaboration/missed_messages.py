"""What tells whether messages for a desk come here: full syncs, readers, what colleagues hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.vault.database.desk_tables import few_readers, full_syncs, missed_messages


@dataclass(frozen=True, slots=True)
class FullSync:
    """When a full sync began and finished (Unix seconds)."""

    began: int
    finished: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A message that a colleague (key, 32 bytes) holds and this console misses.

    By a piece of 12 bytes (``desk.holdings``), since a time (Unix seconds).
    """

    sender: bytes
    piece: bytes
    since: int


def syncs(tx: Connection) -> list[FullSync]:
    """Return the full syncs that are remembered, the first first."""
    rows = tx.execute(select(full_syncs).order_by(full_syncs.c.id))
    return [FullSync(row.began, row.finished) for row in rows]


def add_sync(tx: Connection, one: FullSync, forget_before: int) -> None:
    """Keep one; drops those that finished before (Unix seconds)."""
    tx.execute(delete(full_syncs).where(full_syncs.c.finished <= forget_before))
    tx.execute(insert(full_syncs).values(began=one.began, finished=one.finished))


def few_since(tx: Connection) -> dict[str, int]:
    """Since when (Unix seconds) each desk has few readers, as far as the server shows."""
    rows = tx.execute(select(few_readers).order_by(few_readers.c.desk))
    return {row.desk: row.since for row in rows}


def set_few(tx: Connection, desks: Mapping[str, int]) -> None:
    """Put these in the place of those before."""
    tx.execute(delete(few_readers))
    if desks:
        rows = [{"desk": desk, "since": since} for desk, since in desks.items()]
        tx.execute(insert(few_readers), rows)


def missed(tx: Connection) -> list[Missed]:
    """All that is missed, what was missed first first."""
    one = missed_messages.c
    rows = tx.execute(select(missed_messages).order_by(one.since, one.sender, one.piece))
    return [Missed(row.sender, row.piece, row.since) for row in rows]


def miss(tx: Connection, one: Missed) -> None:
    """Keep it; what is missed already stays as it was."""
    row = {"sender": one.sender, "piece": one.piece, "since": one.since}
    tx.execute(upsert(missed_messages).values(**row).on_conflict_do_nothing())


def forget(tx: Connection, some: Iterable[Missed]) -> None:
    """They have come, or are missed no more."""
    one = missed_messages.c
    for each in some:
        mine = (one.sender == each.sender) & (one.piece == each.piece)
        tx.execute(delete(missed_messages).where(mine))
