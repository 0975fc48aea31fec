"""SQLite: what is its own about connecting, failing and tidying."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql.dml import Insert

from app import sqlite_log
from app.server.storage.failures import DiskFull, StorageError

ADVICE = "Check the data folder, its disk and its rights."

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

_LOG_HEADER, _FRAME_HEADER = 32, 24
_FIRST_BLOCK, _BLOCK = 4_062, 4_096
"""Pages of the log in the first block of its index, and in every other (WAL-index format)."""
_WRITTEN_AGAIN = 100
_OTHER_BYTES = bytes(range(255, -1, -1))
_AUTOCHECKPOINT = 1_000
"""SQLite's own default."""

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
    """Empty the write-ahead log into the database, and leave nothing of it on the disk.

    Neither in its index, nor in the blocks that it gives back to the disk: it tells the order in
    which messages came.
    """
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            raise StorageError("The database is not connected.")
        try:
            length = _frames(driver)
            sqlite_log.empty_log(driver, 1_000 * _BUSY_SECONDS)
            _overwrite_index(driver, length)
            _checkpoint(driver)
        except sqlite3.Error as error:
            raise OperationalError(None, None, error) from None
        except OSError as error:
            raise StorageError(f"The database's log: {error.strerror}. {ADVICE}") from None


def _checkpoint(driver: sqlite3.Connection) -> None:
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _overwrite_index(driver: sqlite3.Connection, length: int) -> None:
    """Write as many pages as it takes for SQLite to clear the index of an emptied log.

    The index (``-shm``) keeps the numbers of the pages of a log that is gone, in the order in which
    they were written: which messages came together, and when. SQLite clears a block of it when the
    first page of that block is written again. ``length`` is how many pages the log has held.
    """
    driver.execute("PRAGMA user_version = 0").close()  # one page: the first block
    if length <= _FIRST_BLOCK:
        return
    # A page more than fills the blocks before the last one.
    wanted = length - (length - _FIRST_BLOCK - 1) % _BLOCK
    driver.execute("PRAGMA wal_autocheckpoint = 0").close()
    try:
        for _ in range(wanted):
            if _frames(driver) >= wanted:
                break
            _write_again(driver)
    finally:
        driver.execute(f"PRAGMA wal_autocheckpoint = {_AUTOCHECKPOINT}").close()


def _write_again(driver: sqlite3.Connection) -> None:
    """Write some envelopes' pages again as they are.

    SQLite leaves a page alone whose bytes stay the same, so they are another's for a moment that
    nobody sees, within one transaction.
    """
    driver.execute("BEGIN IMMEDIATE").close()
    try:
        chosen = "SELECT place, envelope FROM envelopes ORDER BY place LIMIT ?"
        rows = driver.execute(chosen, (_WRITTEN_AGAIN,)).fetchall()
        if not rows:
            raise StorageError("A database without slots has no log that long.")
        for place, envelope in rows:
            for value in (envelope.translate(_OTHER_BYTES), envelope):
                driver.execute("UPDATE envelopes SET envelope = ? WHERE place = ?", (value, place))
        driver.execute("COMMIT").close()
    except BaseException:
        driver.execute("ROLLBACK").close()
        raise


def _frames(driver: sqlite3.Connection) -> int:
    """Return how many pages the log's file has room for, used or not: the most it has held."""
    (_, _, file), *_ = driver.execute("PRAGMA database_list").fetchall()
    (page,) = driver.execute("PRAGMA page_size").fetchone()
    try:
        size = Path(f"{file}-wal").stat().st_size
    except FileNotFoundError:
        return 0
    return max(0, size - _LOG_HEADER) // (int(page) + _FRAME_HEADER)


def failure(error: DBAPIError) -> StorageError:
    """Say what a driver's exception means."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    if code & 0xFF in _FULL_CODES:  # the low byte of an extended code is its family
        return DiskFull("The database's disk is full or cannot be written.")
    if code & 0xFF in _DAMAGED_CODES:
        return StorageError(DAMAGED)
    return StorageError("The database did not answer.")
