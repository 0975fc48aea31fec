"""Connections to the encrypted database (SQLCipher): how each is opened, what it promises."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as sqlcipher

from app.files.writing import open_private
from app.protocol.secrets import Secret

DatabaseError = sqlcipher.DatabaseError
_DISK_FULL = ("disk is full", "disk I/O error", "readonly database")


def is_disk_full(error: Exception) -> bool:
    """Return whether it says that the disk takes no more.

    No room, no quota, or no writing at all.

    SQLite may then have undone the whole transaction already, so nobody goes on in it.
    """
    # Nothing but the database's own words: what other errors say may quote what a stranger sent.
    found = error.orig if isinstance(error, DBAPIError) else error
    said = str(found) if isinstance(found, DatabaseError) else ""
    return any(words in said for words in _DISK_FULL)


def connect(path: Path, key: Secret) -> Any:
    """Return a plain connection; that the key is right shows at the first read (DatabaseError)."""
    os.close(open_private(path))
    connection = sqlcipher.connect(str(path), check_same_thread=False, timeout=30)
    # Transactions are begun by us ("begin" below), not guessed by the driver.
    connection.isolation_level = None
    # A wrong passphrase is told by us; the library would write to standard error as well.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.reveal().hex()}'\"")
    # It would lock and wipe what SQLite allocates, at three times the processor time of every
    # statement, while what is read out stays in Python's memory (ADR 0031).
    connection.execute("PRAGMA cipher_memory_security = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def make_engine(path: Path, key: Secret) -> Engine:
    """Return an engine whose writes are durable, whose deleted rows are overwritten with zeros."""

    def creator() -> Any:
        connection = connect(path, key)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine(
        "sqlite://", module=sqlcipher, creator=creator, poolclass=QueuePool, pool_size=4
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("quietline_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
