"""Lists of cases that somebody saved: a name and the list's address."""

from sqlalchemy import Connection, delete, insert, select

from app.console.vault.database.machine_tables import saved_views as views


def all_saved(tx: Connection) -> dict[str, str]:
    """Their addresses by name, the first saved first."""
    rows = tx.execute(select(views).order_by(views.c.id))
    return {row.name: row.address for row in rows}


def save(tx: Connection, name: str, address: str, most: int) -> None:
    """Keep one, in the place of one of that name; the oldest of more than ``most`` go."""
    forget(tx, name)
    tx.execute(insert(views).values(name=name, address=address))
    staying = select(views.c.id).order_by(views.c.id.desc()).limit(most)
    tx.execute(delete(views).where(views.c.id.not_in(staying)))


def forget(tx: Connection, name: str) -> None:
    """Drop one."""
    tx.execute(delete(views).where(views.c.name == name))
