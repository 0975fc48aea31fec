"""Numbers of authors' chains that were passed over and have not come, as the vault keeps them."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection, delete, func, insert, select, update

from app.console.rules.log import Gap
from app.console.vault.database.desk_tables import chain_gaps as gaps


def read(tx: Connection, desk: str, author: bytes) -> list[Gap]:
    """Return those of one author at one desk, in the order in which they were noticed."""
    mine = (gaps.c.desk == desk) & (gaps.c.author == author)
    rows = tx.execute(select(gaps).where(mine).order_by(gaps.c.id))
    return [
        Gap(row.first, row.last, row.below, row.above, row.at, bool(row.acknowledged))
        for row in rows
    ]


def keep(tx: Connection, desk: str, author: bytes, found: list[Gap]) -> None:
    """Put these in the place of those kept before."""
    tx.execute(delete(gaps).where((gaps.c.desk == desk) & (gaps.c.author == author)))
    if found:
        tx.execute(insert(gaps), [{"desk": desk, "author": author, **asdict(one)} for one in found])


def noticed(tx: Connection, desks: Iterable[str]) -> int:
    """Return when the latest open gap at these desks was noticed (Unix seconds); 0 for none.

    Open are those that no investigator here has dealt with.
    """
    open_ = gaps.c.desk.in_(list(desks)) & (gaps.c.acknowledged == 0)
    return int(tx.execute(select(func.coalesce(func.max(gaps.c.at), 0)).where(open_)).scalar_one())


def deal_with(tx: Connection, before: int) -> None:
    """Note that it was read that what was noticed before (Unix seconds) is missing.

    It is told no more, and still asked for.
    """
    tx.execute(update(gaps).where(gaps.c.at < before).values(acknowledged=1))
