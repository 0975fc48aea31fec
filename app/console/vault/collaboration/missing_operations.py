"""Operations that are lacking here and asked for, and those that were given to others who asked."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.vault.database.desk_tables import given_bodies, given_operations, wanted_operations


@dataclass(frozen=True, slots=True)
class WantedOperations:
    """What is lacking of an investigator's chain (by index and label) at a desk.

    From ``seq`` up to ``upto``, by whose word (label), since when (Unix seconds).
    """

    desk: str
    investigator: int
    seq: int
    upto: int
    name: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Given:
    """What a member was given of a chain: up to which number, and when (Unix seconds).

    And since when they have asked for what others wrote; None: they have not.
    """

    upto: int = 0
    at: int = 0
    asking_since: int | None = None


def wanted(tx: Connection) -> list[WantedOperations]:
    """All that is asked for."""
    rows = tx.execute(
        select(wanted_operations).order_by(
            wanted_operations.c.desk, wanted_operations.c.investigator
        )
    )
    return [WantedOperations(**row._mapping) for row in rows]


def find(tx: Connection, desk: str, investigator: int) -> WantedOperations | None:
    """Return what is asked for of one investigator's chain at a desk."""
    mine = (wanted_operations.c.desk == desk) & (wanted_operations.c.investigator == investigator)
    row = tx.execute(select(wanted_operations).where(mine)).one_or_none()
    return None if row is None else WantedOperations(**row._mapping)


def want(tx: Connection, one: WantedOperations) -> None:
    """Ask for it, in the place of what was asked for of that chain before."""
    row = asdict(one)
    keys = ["desk", "investigator"]
    statement = upsert(wanted_operations).values(**row)
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))


def no_longer_want(tx: Connection, one: WantedOperations) -> None:
    """Drop what has come, or is asked for no more."""
    mine = wanted_operations.c.desk == one.desk
    mine &= wanted_operations.c.investigator == one.investigator
    tx.execute(delete(wanted_operations).where(mine))


def bodies_given(tx: Connection, member: bytes, day: int) -> int:
    """How many bodies were made on a day (number of days) in answer to a member (key)."""
    mine = (given_bodies.c.member == member) & (given_bodies.c.day == day)
    return int(tx.execute(select(given_bodies.c.bodies).where(mine)).scalar_one_or_none() or 0)


def set_bodies_given(tx: Connection, member: bytes, day: int, bodies: int) -> None:
    """Keep their number, in the place of the last day's."""
    row = {"day": day, "bodies": bodies}
    statement = upsert(given_bodies).values(member=member, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["member"], set_=row))


def given(tx: Connection, member: bytes, desk: str, author: bytes) -> Given:
    """Return what a member was given of an author's chain at a desk."""
    one = given_operations.c
    mine = (one.member == member) & (one.desk == desk) & (one.author == author)
    row = tx.execute(select(given_operations).where(mine)).one_or_none()
    return Given() if row is None else Given(row.upto, row.at, row.asking_since)


def set_given(tx: Connection, member: bytes, desk: str, author: bytes, what: Given) -> None:
    """Keep what a member was given."""
    row = {"upto": what.upto, "at": what.at, "asking_since": what.asking_since}
    statement = upsert(given_operations).values(member=member, desk=desk, author=author, **row)
    keys = ["member", "desk", "author"]
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))


def forget_given(tx: Connection, before: int) -> None:
    """Drop what was given, and since when it was asked for, before (Unix seconds)."""
    one = given_operations.c
    old = update(given_operations).where(one.asking_since <= before)
    tx.execute(old.values(asking_since=None))
    tx.execute(delete(given_operations).where(one.at <= before, one.asking_since.is_(None)))
