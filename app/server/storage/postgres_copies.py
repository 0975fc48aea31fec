"""Copies of a PostgreSQL database in use: COPY's text, read in moments in which nobody writes.

While anybody reads from an older moment PostgreSQL cannot clean a page, and what is written there
twice moves to another one, whose place tells when (ADR 0118). So no moment lasts as long as the
copy: slots are read few at a time, each time as the one whose turn it is to write. Nobody waits
for the disk that the copy goes to: it is written between the turns. A batch that comes meanwhile
is in the copy whole, in part or not at all.

No program of PostgreSQL's is run. A copy has no schema in it, as it goes back only to its own one,
which the migrations make, and nothing in it is executed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from app.protocol.wire import BUNDLE_BYTES, ENVELOPE_BYTES
from app.server.storage import dialect, digests, slots
from app.server.storage.failures import StorageError
from app.server.storage.tables import BUNDLES

_ROWS = {
    "slots": "SELECT * FROM slots WHERE slot >= %s AND slot < %s ORDER BY slot",
    "envelopes": "SELECT * FROM envelopes WHERE place >= %s AND place < %s ORDER BY place",
    "bundles": "SELECT * FROM bundles WHERE vk = %s ORDER BY not_before, not_after",
}
_SLOT_BYTES = ENVELOPE_BYTES + 200
_BUNDLE_BYTES = BUNDLE_BYTES + 60
_BEGINS = {f"COPY {table} FROM stdin;\n".encode(): table for table in _ROWS}
_ENDS = b"\\.\n"


def size(connection: Connection) -> int:
    """Return how many bytes a copy takes, about: each byte of what is kept is two letters there."""
    bundles = connection.execute(select(func.count()).select_from(BUNDLES)).scalar_one()
    return 2 * (slots.made(connection) * _SLOT_BYTES + bundles * _BUNDLE_BYTES)


def save(engine: Engine, file: Path) -> str:
    """Write a copy to a file; return its digest. Raises DBAPIError, OSError."""
    writing = engine.execution_options(**{dialect.WRITING: True})
    with file.open("wb") as out:
        while (total := _save_slots(writing, out)) is None:
            out.truncate(out.seek(0))
        with engine.connect() as connection:
            vks = digests.vks(connection)
        for vk in vks:
            with writing.begin() as connection:
                rows = _copied(connection, "bundles", vk)
                held = digests.of_bundles(connection, vk)
            out.write(rows)
            total.update(held)
    return str(total.hexdigest())


def load(engine: Engine, file: Path) -> None:
    """Fill empty tables from a copy, in one transaction. Raises StorageError, DBAPIError."""
    writing = engine.execution_options(**{dialect.WRITING: True})
    with file.open("rb") as lines, writing.begin() as connection, _cursor(connection) as cursor:
        for line in lines:
            if line not in _BEGINS:
                raise StorageError("The copy of the database is not one that this version makes.")
            with cursor.copy(f"COPY {_BEGINS[line]} FROM STDIN") as rows:
                for row in iter(lines.readline, _ENDS):
                    if not row:
                        raise StorageError("The copy of the database ends too early.")
                    rows.write(row)


def _save_slots(writing: Engine, out: BinaryIO) -> Any | None:
    """Write all slots; return their hash, not ended.

    None when slots were made meanwhile: messages moved into them and would be here twice, so that
    one that is deleted later would come back.
    """
    total = hashlib.sha256()
    size, last = 0, -1
    while last < size:
        with writing.begin() as connection:
            made, first = slots.made(connection), max(last, 0)
            if last >= 0 and made != size:
                return None
            size, last = made, min(first + digests.STEP, made)
            pieces = dialect.pieces(connection)
            rows = _copied(connection, "slots", first, last)
            rows += _copied(connection, "envelopes", first * pieces, last * pieces)
            held = list(digests.of_slots(connection, first, last))
        out.write(rows)
        for part in held:
            total.update(part)
    return total


def _copied(connection: Connection, table: str, *chosen: int | bytes) -> bytes:
    """Return rows of a table as ``load`` reads them."""
    (begins,) = (line for line, name in _BEGINS.items() if name == table)
    statement = f"COPY ({_ROWS[table]}) TO STDOUT"
    with _cursor(connection) as cursor, cursor.copy(statement, chosen) as rows:
        return begins + b"".join(rows) + _ENDS


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    """Give a cursor of the driver, whose failures are SQLAlchemy's nevertheless."""
    driver: Any = connection.connection.driver_connection
    try:
        yield driver.cursor()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError("COPY", None, error) from None
