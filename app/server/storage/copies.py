"""Copies of the database: taken while a server runs, put back, and compared by what is in them.

SQLite by its online backup, PostgreSQL by ``pg_dump`` and ``psql`` in plain SQL (its other formats
note the time). The digest covers every slot, used or free, and every bundle: two databases with
one digest hold the same messages under the same ids.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, select
from sqlalchemy.exc import DBAPIError

from app.server.storage import dialect, envelopes
from app.server.storage.failures import StorageError
from app.server.storage.tables import BUNDLES, SLOTS


def kind(url: str) -> str:
    """Return ``sqlite`` or ``postgresql``: a copy goes back only to its own kind."""
    return "postgresql" if url.startswith("postgresql") else "sqlite"


def save(url: str, file: Path) -> str:
    """Write a consistent copy of a database in use to a new file; return its digest.

    Raises StorageError.
    """
    if kind(url) == "sqlite":
        with closing(sqlite3.connect(file)) as copy:
            with closing(_read_only(Path(_sqlite_path(url)))) as source:
                source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").close()
        return digest(f"sqlite:///{file}")
    engine = dialect.make_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            # The connection stays idle while pg_dump works on the same snapshot.
            connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            words = ["--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
            _run("pg_dump", url, *words)
            return _digest(connection)
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()


def load(url: str, file: Path) -> None:
    """Fill an empty database from a copy. Raises StorageError, also if it is not empty."""
    if kind(url) == "sqlite":
        target = Path(_sqlite_path(url))
        if target.exists():
            raise StorageError(f"There is a database at {target} already.")
        with closing(_read_only(file)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    engine = dialect.make_engine(url)
    try:
        with engine.connect() as connection:
            if inspect(connection).get_table_names():
                raise StorageError("There are tables in the database already.")
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()
    _run("psql", url, "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", str(file))


def digest(url: str) -> str:
    """Return the SHA-256, in hexadecimal, of what a database holds. Raises StorageError."""
    engine = dialect.make_engine(url)
    try:
        with engine.connect() as connection:
            return _digest(connection)
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()


def _digest(connection: Connection) -> str:
    total = hashlib.sha256()
    for row in connection.execute(select(SLOTS).order_by(SLOTS.c.slot)).all():
        total.update(row.slot.to_bytes(4) + bytes(row.id) + bytes(row.hint))
        total.update(
            (row.expires_day + 2**15).to_bytes(2) + envelopes.read(connection, [row.slot])[row.slot]
        )
    for one in connection.execute(select(BUNDLES).order_by(*BUNDLES.primary_key)):
        total.update(bytes(one.vk) + bytes(one.bundle))
    return total.hexdigest()


def _sqlite_path(url: str) -> str:
    return make_url(url).database or ""


def _read_only(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        raise StorageError(f"The database {path} cannot be read.") from None


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
