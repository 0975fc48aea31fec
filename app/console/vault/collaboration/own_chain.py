"""What this console's own chains have that is not here, and the last readings of its clock."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.rules.log import Clock
from app.console.vault.database.desk_tables import desk_clocks, own_claimed, own_returned


@dataclass(frozen=True, slots=True)
class Claim:
    """A colleague's word (key, 32 bytes) that there are own operations up to a number.

    Since when (Unix seconds), and whether this console's investigator said that it is not so.
    """

    sayer: bytes
    seq: int
    at: int
    denied: bool = False


def returned(tx: Connection, desk: str) -> int:
    """Return the highest number of an own operation that came back and was not here; 0 for none."""
    mine = select(own_returned.c.seq).where(own_returned.c.desk == desk)
    return int(tx.execute(mine).scalar_one_or_none() or 0)


def note_returned(tx: Connection, desk: str, seq: int) -> None:
    """Keep a number, in the place of the one before."""
    statement = upsert(own_returned).values(desk=desk, seq=seq)
    tx.execute(statement.on_conflict_do_update(index_elements=["desk"], set_={"seq": seq}))


def claims(tx: Connection, desk: str) -> list[Claim]:
    """Return what colleagues say of the own chain at a desk."""
    rows = tx.execute(select(own_claimed).where(own_claimed.c.desk == desk))
    return [Claim(row.sayer, row.seq, row.at, bool(row.denied)) for row in rows]


def claim(tx: Connection, desk: str, one: Claim) -> None:
    """Keep what a colleague says, in the place of what they said before."""
    row = {"seq": one.seq, "at": one.at, "denied": int(one.denied)}
    statement = upsert(own_claimed).values(desk=desk, sayer=one.sayer, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["desk", "sayer"], set_=row))


def deny_all(tx: Connection) -> None:
    """Somebody at this console says that what is claimed now is not so."""
    tx.execute(update(own_claimed).values(denied=1))


def clock(tx: Connection, desk: str) -> Clock:
    """Return the last reading at a desk: later than every own operation there.

    Each desk has its own: what members of one sign takes the clock of no other along.
    """
    row = tx.execute(select(desk_clocks).where(desk_clocks.c.desk == desk)).one_or_none()
    return (0, 0) if row is None else (row.seconds, row.counter)


def set_clock(tx: Connection, desk: str, reading: Clock) -> None:
    """Keep a reading."""
    row = {"seconds": reading[0], "counter": reading[1]}
    statement = upsert(desk_clocks).values(desk=desk, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["desk"], set_=row))
