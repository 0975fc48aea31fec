"""Tables of features, and their rows of a case that is destroyed.

Whoever lets features work in a vault brings their tables to it first (``bring``). What was made is
noted in the vault itself: so a case's rows go, whoever opens the vault, from tables too whose
feature has been taken out since.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    column,
    delete,
    insert,
    select,
    table,
    update,
)

from app.console.errors import VaultDamaged
from app.sentences.translatable import say

CASE = "case_id"
"""The column that names a case."""

metadata = MetaData()

# `steps` counts what was made and taken since; `of_cases` are names of tables, as JSON.
feature_tables = Table(
    "feature_tables",
    metadata,
    Column("feature", Text, primary_key=True),
    Column("steps", Integer, nullable=False),
    Column("of_cases", Text, nullable=False),
)

Step = Callable[[Connection], None]


def _nothing(_: Connection) -> None:
    """Most features have tables alone."""


@dataclass(frozen=True, slots=True)
class FeatureTables:
    """A feature's tables.

    Rows of a destroyed case go from those in ``of_cases``, which name it in a column ``case_id``.

    ``then`` makes what else is to be there once they are made: triggers, rows for what the vault
    has already. Once a version was released, what changes the tables is a step in ``later``
    besides.
    """

    metadata: MetaData
    of_cases: tuple[Table, ...] = ()
    then: Step = _nothing
    later: tuple[Step, ...] = ()


def bring(tx: Connection, name: str, tables: FeatureTables) -> None:
    """Make what a vault lacks of a feature's tables. Raises VaultDamaged for a newer version's."""
    mine = feature_tables.c.feature == name
    taken = tx.execute(select(feature_tables.c.steps).where(mine)).scalar_one_or_none()
    steps = 1 + len(tables.later)
    wanted = {"steps": steps, "of_cases": _names(tables.of_cases)}
    if taken is None:
        tables.metadata.create_all(tx, checkfirst=False)
        tables.then(tx)
        tx.execute(insert(feature_tables).values(feature=name, **wanted))
        return
    if taken > steps:
        raise VaultDamaged(say("This case store was written by a newer version of Quietline."))
    if taken < steps:
        for step in tables.later[taken - 1 :]:
            step(tx)
        tx.execute(update(feature_tables).where(mine).values(**wanted))


def forget_case(tx: Connection, case: str) -> None:
    """Take out every row of a case."""
    for of_cases in tx.execute(select(feature_tables.c.of_cases)).scalars():
        for name in json.loads(of_cases):
            tx.execute(delete(table(name, column(CASE))).where(column(CASE) == case))


def _names(tables: Iterable[Table]) -> str:
    return json.dumps([each.name for each in tables])
