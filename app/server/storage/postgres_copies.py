"""Copies of a PostgreSQL database in use: plain SQL, read in moments in which nobody writes.

While anybody reads from an older moment PostgreSQL cannot clean a page, and what is written there
twice moves to another one, whose place tells when (ADR 0118). So no moment lasts as long as the
copy: slots are read few at a time, each time as the one whose turn it is to write. A batch that
comes meanwhile is in the copy whole, in part or not at all.

The schema and the bundles are written by ``pg_dump``, in plain SQL (its other formats note the
time), and ``psql`` reads all of it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError

from app.server.storage import dialect, digests, slots
from app.server.storage.failures import StorageError

_ROWS = {
    "slots": "COPY (SELECT * FROM slots WHERE slot >= %s AND slot < %s ORDER BY slot) TO STDOUT",
    "envelopes": "COPY (SELECT * FROM envelopes WHERE place >= %s AND place < %s ORDER BY place)"
    " TO STDOUT",
}


def save(engine: Engine, url: str, file: Path) -> str:
    """Write a copy to a new file; return its digest. Raises StorageError, DBAPIError."""
    writing = engine.execution_options(**{dialect.WRITING: True})
    with writing.begin() as connection:
        # The connection is idle, and the only one that may write, while pg_dump works.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        words = ["--no-owner", "--no-privileges", f"--file={file}"]
        words += ["--exclude-table-data=slots", "--exclude-table-data=envelopes"]
        _run("pg_dump", url, *words)
        bundles = digests.of_bundles(connection)
    with file.open("r+b") as out:
        schema_ends = out.seek(0, os.SEEK_END)
        while (total := _save_slots(writing, out, f"SET search_path TO {schema};\n")) is None:
            out.truncate(out.seek(schema_ends))
    total.update(bundles)
    return str(total.hexdigest())


def load(url: str, file: Path) -> None:
    """Fill an empty database from a copy, in one transaction. Raises StorageError."""
    _run("psql", url, "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", str(file))


def _save_slots(writing: Engine, out: BinaryIO, where: str) -> Any | None:
    """Write all slots; return their hash, not ended.

    None when slots were made meanwhile: messages moved into them and would be here twice, so that
    one that is deleted later would come back.
    """
    out.write(where.encode())
    total = hashlib.sha256()
    size, last = 0, -1
    while last < size:
        with writing.begin() as connection:
            made, first = slots.made(connection), max(last, 0)
            if last >= 0 and made != size:
                return None
            size, last = made, min(first + digests.STEP, made)
            _copy(connection, out, first, last)
            for part in digests.of_slots(connection, first, last):
                total.update(part)
    return total


def _copy(connection: Connection, out: BinaryIO, first: int, last: int) -> None:
    """Write the rows of slots from ``first`` to before ``last``, as psql reads them."""
    driver: Any = connection.connection.driver_connection
    for table, rows in (("slots", 1), ("envelopes", dialect.pieces(connection))):
        out.write(f"COPY {table} FROM stdin;\n".encode())
        try:
            with driver.cursor().copy(_ROWS[table], (first * rows, last * rows)) as lines:
                for line in lines:
                    out.write(line)
        except connection.dialect.loaded_dbapi.Error as error:  # not SQLAlchemy's statement
            raise DBAPIError(_ROWS[table], None, error) from None
        out.write(b"\\.\n")


def _run(program: str, url: str, *words: str) -> None:
    """Run a program of PostgreSQL on a database; the password goes by the environment."""
    address = make_url(url)
    socket = address.query.get("host")
    where = {
        "PGHOST": address.host or (socket if isinstance(socket, str) else None),
        "PGPORT": str(address.port) if address.port else None,
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
    }
    environment = os.environ | {name: value for name, value in where.items() if value}
    done = subprocess.run(
        [_program(program), "--no-password", *words], env=environment, capture_output=True
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise StorageError(f"{program} failed: {said[-1] if said else 'it said nothing'}.")


def _program(name: str) -> str:
    """Return the newest such program: it must not be older than the database's server."""
    packaged = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    versions = sorted(packaged, key=lambda path: int(path.parts[4]), reverse=True)
    found = str(versions[0]) if versions else shutil.which(name)
    if found is None:
        raise StorageError(f"{name} is not installed: install PostgreSQL's client programs.")
    return found
