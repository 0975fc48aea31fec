"""A statement run with many rows, as fast as the driver takes them.

SQLAlchemy would look at each value of each row, which takes longer than the database does. It puts
the statement together, once for each kind of database; the rows go to the driver as they are, so
their values are of the driver's own types: ``bytes``, ``int``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.dml import UpdateBase

Row = Mapping[str, Any]


class Repeated:
    """A statement whose parameters have names, two or more."""

    def __init__(self, statement: UpdateBase) -> None:
        self._statement = statement
        self._made: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run it for each row: a value for each name."""
        if not rows:
            return
        text, order = self._for(connection)
        if order is None:
            connection.exec_driver_sql(text, [dict(row) for row in rows])
        else:
            connection.exec_driver_sql(text, [*map(itemgetter(*order), rows)])

    def _for(self, connection: Connection) -> tuple[str, Sequence[str] | None]:
        """Return the text, and the names in its order if the driver goes by that."""
        name = connection.dialect.name
        if name not in self._made:
            made = self._statement.compile(dialect=connection.dialect)
            self._made[name] = (str(made), made.positiontup)
        return self._made[name]
