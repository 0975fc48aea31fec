"""Which tables a vault has: a new one is given all of them, an older one is brought to them.

``PRAGMA application_id`` says that a file is a vault, ``PRAGMA user_version`` how many steps it has
taken; the tables that this version makes count as the first. Once a version is released, what
changes its tables is a step in ``LATER`` besides the change to ``schema``: a vault that took the
step and one that is made afterwards must be alike.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, MetaData, text

from app.console.errors import ConsoleError, VaultDamaged, VaultTooOld
from app.console.vault.database import (
    desk_tables,
    feature_tables,
    link_tables,
    machine_tables,
    schema,
    search_tables,
)
from app.sentences.translatable import say

APPLICATION_ID = 0x514C_5654
"""``QLVT``: what came before the first release has none."""

TABLES: Sequence[MetaData] = (
    schema.metadata,
    machine_tables.metadata,
    search_tables.metadata,
    desk_tables.metadata,
    link_tables.metadata,
    feature_tables.metadata,
)
"""All that a vault has but the tables of features (``feature_tables``)."""

Step = Callable[[Connection], None]
LATER: Sequence[Step] = ()


def check(tx: Connection) -> None:
    """Refuse a vault that has not the tables of this version (VaultTooOld, ConsoleError)."""
    application, taken = _of(tx)
    if application != APPLICATION_ID:
        raise VaultTooOld
    if taken != 1 + len(LATER):
        raise ConsoleError(
            say("This case store is another version's. Open it once with: quietline console run")
        )


def prepare(tx: Connection) -> None:
    """Make the tables of a new vault, bring an older one to them.

    Raises VaultTooOld, VaultDamaged for what is neither, in which nothing is changed.
    """
    application, taken = _of(tx)
    if application == taken == 0 and not _tables(tx):
        _make(tx)
    elif application != APPLICATION_ID:
        raise VaultTooOld
    elif taken > 1 + len(LATER):
        raise VaultDamaged(say("This case store was written by a newer version of Quietline."))
    else:
        for step in LATER[taken - 1 :]:
            step(tx)
    tx.execute(text(f"PRAGMA user_version = {1 + len(LATER)}"))


def _make(tx: Connection) -> None:
    for tables in TABLES:
        tables.create_all(tx, checkfirst=False)
    tx.execute(text(search_tables.FINDABLE_TERMS))
    link_tables.make_trigger(tx)
    tx.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))


def _of(tx: Connection) -> tuple[int, int]:
    names = ("application_id", "user_version")
    application, taken = (int(tx.execute(text(f"PRAGMA {n}")).scalar_one()) for n in names)
    return application, taken


def _tables(tx: Connection) -> int:
    return int(tx.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one())
