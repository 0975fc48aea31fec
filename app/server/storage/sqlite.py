"""SQLite: what is its own about connecting, failing and tidying."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql.dml import Insert

from app.server.storage.errors import DiskFull, StorageError

ADVICE = "Check the data folder, its disk and its rights."

JOINED = "group_concat({})"
MARK = "?"

_BUSY_SECONDS = 10
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit that returned survives a power cut
    "secure_delete = ON",  # what was deleted is overwritten with zeros
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)
_FULL_CODES = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
)

_DAMAGED_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
DAMAGED = "The database is damaged: stop the server, and restore a backup."


def make_engine(url: str, writing: str) -> Engine:
    """Connect to ``sqlite:///PATH``; transactions with the option ``writing`` lock at once."""
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, below
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(writing) else "BEGIN")

    return engine


def insert_new(table: Table) -> Insert:
    """Return an INSERT that leaves rows alone whose primary key exists."""
    return sqlite.insert(table).on_conflict_do_nothing()


def tidy(engine: Engine) -> None:
    """Empty the write-ahead log into the database."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            raise StorageError("The database is not connected.")
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        except sqlite3.Error as error:
            raise OperationalError(None, None, error) from None


def failure(error: DBAPIError) -> StorageError:
    """Say what a driver's exception means."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    if code & 0xFF in _FULL_CODES:  # the low byte of an extended code is its family
        return DiskFull("The database's disk is full or cannot be written.")
    if code & 0xFF in _DAMAGED_CODES:
        return StorageError(DAMAGED)
    return StorageError("The database did not answer.")
