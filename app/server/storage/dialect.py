"""The one place that knows which database it is: SQLite or PostgreSQL, by the URL.

All that differs between them is in ``sqlite`` and ``postgres``; the latter is loaded, with its
driver, only where it is used.
"""

from __future__ import annotations

from types import ModuleType

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert

from app.server.storage import sqlite
from app.server.storage.failures import StorageError

WRITING = "quietline_writing"
"""Execution option of connections whose transactions begin by taking the write lock.

``True``, or MIGRATION where the tables may not be there yet.
"""
MIGRATION = "migration"


def make_engine(url: str) -> Engine:
    """Connect to a database by its URL, with every commit durable."""
    engine: Engine = _module(url.partition(":")[0]).make_engine(url, WRITING)
    return engine


def advice(url: str) -> str:
    """Say what an operator should look at when the database at ``url`` fails."""
    words: str = _module(url.partition(":")[0]).ADVICE
    return words


def unsafe(engine: Engine) -> list[str]:
    """Return, in sentences, the settings of the database that break what a line promises."""
    sentences: list[str] = []
    if engine.dialect.name == "postgresql":
        sentences = _module(engine.dialect.name).unsafe(engine)
    return sentences


def insert_new(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that leaves rows alone whose primary key exists (write-once)."""
    statement: Insert = _module(connection.dialect.name).insert_new(table)
    return statement


def pieces(connection: Connection) -> int:
    """Return how many rows of the table of envelopes one envelope takes."""
    count: int = _module("postgresql").PIECES if connection.dialect.name == "postgresql" else 1
    return count


def rewrites_slots(engine: Engine) -> bool:
    """Say whether rows have headers that tell the order of writing (see Storage.rewrites_slots)."""
    return engine.dialect.name == "postgresql"


def tidy(engine: Engine) -> None:
    """Leave nothing of what was replaced or deleted, and no order of writes, where it was."""
    _module(engine.dialect.name).tidy(engine)


def failure(error: DBAPIError) -> StorageError:
    """Say what a driver's exception means."""
    name = "postgresql" if hasattr(error.orig, "sqlstate") else "sqlite"
    meaning: StorageError = _module(name).failure(error)
    return meaning


def _module(name: str) -> ModuleType:
    if name.startswith("postgresql"):
        from app.server.storage import postgres

        return postgres
    return sqlite
