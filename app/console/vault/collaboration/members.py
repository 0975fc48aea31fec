"""Who sits at the own desks, since when, who was heard when, and who was given older cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.rules.log import Head
from app.console.vault.database.desk_tables import (
    desk_heard,
    desk_member_heads,
    desk_members,
    desk_welcomes,
)


@dataclass(frozen=True, slots=True)
class Member:
    """An investigator (index) at a desk since a time (Unix seconds).

    And whether they came while this console was there already.
    """

    investigator: int
    at: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who (key, b64u) gave a new member which of the desk's older cases."""

    author: str
    scope: str


def at_desk(tx: Connection, desk: str) -> list[Member]:
    """Everybody at a desk, as far as this console knows."""
    one = desk_members.c
    rows = tx.execute(select(desk_members).where(one.desk == desk).order_by(one.investigator))
    return [Member(row.investigator, row.at, bool(row.joined)) for row in rows]


def find(tx: Connection, desk: str, investigator: int | None) -> Member | None:
    """One of them; None for somebody who does not sit there."""
    return next((one for one in at_desk(tx, desk) if one.investigator == investigator), None)


def add(tx: Connection, desk: str, one: Member, heads: Mapping[bytes, Head]) -> None:
    """Somebody has come to a desk; ``heads`` is where each author's chain (key) stood then."""
    row = {"desk": desk, "investigator": one.investigator}
    tx.execute(insert(desk_members).values(**row, at=one.at, joined=int(one.joined)))
    rows = [
        row | {"author": author, "seq": head.seq, "hash": head.hash}
        for author, head in heads.items()
    ]
    if rows:
        tx.execute(insert(desk_member_heads), rows)


def keep_only(tx: Connection, desk: str, investigators: Iterable[int]) -> None:
    """Forget who has left a desk: they are new when they come again."""
    staying = list(investigators)
    for table in (desk_members, desk_member_heads):
        gone = (table.c.desk == desk) & table.c.investigator.not_in(staying)
        tx.execute(delete(table).where(gone))


def forget_desks(tx: Connection, but: Iterable[str]) -> None:
    """Forget who sits at desks that are not this console's any more."""
    own = list(but)
    for table in (desk_members, desk_member_heads):
        tx.execute(delete(table).where(table.c.desk.not_in(own)))


def head_then(tx: Connection, desk: str, investigator: int, author: bytes) -> Head | None:
    """Return where an author's chain stood when somebody came to a desk.

    None where it had not begun.
    """
    one = desk_member_heads.c
    mine = (one.desk == desk) & (one.investigator == investigator) & (one.author == author)
    row = tx.execute(select(desk_member_heads).where(mine)).one_or_none()
    return None if row is None else Head(row.seq, row.hash)


def welcome(tx: Connection, desk: str, member: str, by: Welcome) -> None:
    """Note that a member (key, b64u) was given older cases; the last one to say so counts."""
    row = {"author": by.author, "scope": by.scope}
    statement = upsert(desk_welcomes).values(desk=desk, member=member, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["desk", "member"], set_=row))


def welcomes(tx: Connection, desk: str) -> dict[str, Welcome]:
    """Return who was given what at a desk, by the new member's key (b64u)."""
    rows = tx.execute(select(desk_welcomes).where(desk_welcomes.c.desk == desk))
    return {row.member: Welcome(row.author, row.scope) for row in rows}


def hear(tx: Connection, desk: str, sender: bytes, now: int) -> None:
    """Note that a body of a member (key) has come."""
    statement = upsert(desk_heard).values(desk=desk, sender=sender, at=now)
    tx.execute(statement.on_conflict_do_update(index_elements=["desk", "sender"], set_={"at": now}))


def heard(tx: Connection, desk: str, sender: bytes) -> int | None:
    """Return when a body of theirs came last (Unix seconds)."""
    mine = (desk_heard.c.desk == desk) & (desk_heard.c.sender == sender)
    found: int | None = tx.execute(select(desk_heard.c.at).where(mine)).scalar_one_or_none()
    return found
