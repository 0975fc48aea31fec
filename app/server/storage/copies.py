"""Copies of the database: taken while a server runs, put back, and compared by what is in them.

SQLite by its online backup, PostgreSQL by ``postgres_copies``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.exc import DBAPIError

from app.server.storage import dialect, digests, migrations, postgres_copies, slots
from app.server.storage.failures import StorageError
from app.server.storage.tables import METADATA


def kind(url: str) -> str:
    """Return ``sqlite`` or ``postgresql``: a copy goes back only to its own kind."""
    return "postgresql" if url.startswith("postgresql") else "sqlite"


def size(url: str) -> int:
    """Return how many bytes a copy of a database would take, about. Raises StorageError."""
    engine = dialect.make_engine(url)
    try:
        with engine.connect() as connection:
            if kind(url) == "sqlite":
                pages, page = (
                    int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
                    for name in ("page_count", "page_size")
                )
                return pages * page
            return postgres_copies.size(connection)
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()


def save(url: str, file: Path) -> str:
    """Write a copy of a database in use to a new file; return its digest. Raises StorageError."""
    if kind(url) == "sqlite":
        with closing(sqlite3.connect(file)) as copy:
            with closing(_read_only(Path(_sqlite_path(url)))) as source:
                source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").close()
        return digest(f"sqlite:///{file}")
    engine = dialect.make_engine(url)
    try:
        return postgres_copies.save(engine, file)
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
            if not _is_empty(connection):
                raise StorageError("There are tables in the database already.")
        migrations.upgrade(url)
        postgres_copies.load(engine, file)
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()


def _is_empty(connection: Connection) -> bool:
    """Say whether nothing is there but our own tables, without a slot: a restore left them so."""
    names = set(inspect(connection).get_table_names())
    if names - {*METADATA.tables, "alembic_version"}:
        return False
    return "slots" not in names or not slots.made(connection)


def digest(url: str) -> str:
    """Return the SHA-256, in hexadecimal, of what a database holds. Raises StorageError."""
    engine = dialect.make_engine(url)
    try:
        with engine.connect() as connection:
            return digests.digest(connection)
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()


def _sqlite_path(url: str) -> str:
    return make_url(url).database or ""


def _read_only(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        raise StorageError(f"The database {path} cannot be read.") from None
