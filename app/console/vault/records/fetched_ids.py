"""Ids that were ours on the server: what became of each, and when to delete it there.

A cover, a report, a colleague's body and a duplicate leave the same row here, but for one word that
never leaves the vault; the server is asked to delete all of them after the same random while.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.vault.database.machine_tables import missed_ids
from app.console.vault.database.schema import fetched

TRIES = 2
"""An envelope that failed to open so often is taken for what the server really has."""


class Outcome(StrEnum):
    """What an id turned out to be."""

    MESSAGE = "message"
    DUPLICATE = "duplicate"
    COVER = "cover"
    TEAM = "team"
    UNOPENABLE = "unopenable"


def known(tx: Connection, ids: Iterable[bytes], now: int) -> set[bytes]:
    """Return those of the 16-byte ids that need no look now."""
    wanted = set(ids)
    again = fetched.c.retry_at.is_not(None) & (fetched.c.retry_at <= now)
    rows = tx.execute(select(fetched.c.id).where(~again))
    return {row.id for row in rows} & wanted


def note(tx: Connection, outcomes: Sequence[tuple[bytes, Outcome, int]], now: int) -> None:
    """Keep what each id was, and when to delete it; in the place of what had not opened before."""
    if not outcomes:
        return
    fresh = {"at": now, "deleted_at": None, "digest": None, "tries": 0, "retry_at": None}
    rows = [
        fresh | {"id": id_, "outcome": outcome.value, "delete_at": delete_at}
        for id_, outcome, delete_at in outcomes
    ]
    statement = upsert(fetched)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: statement.excluded[name] for name in rows[0] if name != "id"},
            where=fetched.c.outcome == Outcome.UNOPENABLE.value,
        ),
        rows,
    )


def note_unopenable(tx: Connection, id_: bytes, digest: bytes, now: int, later: int) -> None:
    """Keep that an envelope, by its SHA-256, does not open; it stays on the server.

    It may have been damaged on the way: it is tried again at once, then at ``later`` (Unix seconds)
    and so on, until an envelope with other bytes has failed too.
    """
    before = tx.execute(
        select(fetched.c.digest, fetched.c.tries).where(fetched.c.id == id_)
    ).one_or_none()
    tries = before.tries if before else 0
    retry_at = later if tries else now
    other = before is not None and before.digest not in (None, digest)
    row = {"digest": digest, "tries": tries + 1, "retry_at": None if other else retry_at}
    new = {"outcome": Outcome.UNOPENABLE.value, "at": now, "delete_at": None, "deleted_at": None}
    statement = upsert(fetched).values(id=id_, **new, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))


def first_listed(tx: Connection, id_: bytes) -> int | None:
    """Return when (Unix seconds) an envelope that does not open was first here, else None."""
    mine = (fetched.c.id == id_) & (fetched.c.outcome == Outcome.UNOPENABLE.value)
    at: int | None = tx.execute(select(fetched.c.at).where(mine)).scalar_one_or_none()
    return at


def doubtful(tx: Connection, listed: set[bytes]) -> int:
    """Return how many of the ids listed did not open, and have been tried only once."""
    once = (fetched.c.outcome == Outcome.UNOPENABLE.value) & (fetched.c.tries < TRIES)
    return len(set(tx.execute(select(fetched.c.id).where(once)).scalars()) & listed)


def due(tx: Connection, now: int) -> list[bytes]:
    """Return ids whose while is over and that have not been deleted on the server yet."""
    statement = select(fetched.c.id).where(
        fetched.c.delete_at <= now, fetched.c.deleted_at.is_(None)
    )
    return list(tx.execute(statement).scalars())


def mark_deleted(tx: Connection, id_: bytes, now: int) -> None:
    """Note that the server has deleted a message."""
    tx.execute(update(fetched).where(fetched.c.id == id_).values(deleted_at=now))


def forget(tx: Connection, listed: set[bytes], before: int) -> None:
    """Drop rows that the server has stopped listing and that are older than ``before``.

    Deleted ones have done their work; unopenable ones have expired on the server.
    """
    gone = fetched.c.deleted_at < before
    expired = (fetched.c.outcome == Outcome.UNOPENABLE.value) & (fetched.c.at < before)
    old = list(tx.execute(select(fetched.c.id).where(gone | expired)).scalars())
    for id_ in old:
        if id_ not in listed:
            tx.execute(delete(fetched).where(fetched.c.id == id_))


def missed(tx: Connection) -> set[bytes]:
    """Return the ids that were listed for us at the last sync and did not come."""
    return set(tx.execute(select(missed_ids.c.id)).scalars())


def set_missed(tx: Connection, ids: Iterable[bytes]) -> None:
    """Put these in the place of those of the sync before."""
    tx.execute(delete(missed_ids))
    if rows := [{"id": id_} for id_ in ids]:
        tx.execute(insert(missed_ids), rows)


def unopenable(tx: Connection) -> list[int]:
    """Return since when (Unix seconds) each message that does not open has been known.

    Of those on the server that are meant for this machine.
    """
    statement = select(fetched.c.at).where(fetched.c.outcome == Outcome.UNOPENABLE.value)
    return sorted(tx.execute(statement).scalars())
