"""Looking at a database for an operator: is it sound, and what does it write down besides.

On a connection of its own, reading only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from app.protocol.wire import Bundle
from app.server.storage import bundles, dialect, slots, sqlite
from app.server.storage.tables import BUNDLES

_LATEST = 2**62
_OFF = frozenset({"off", "", "none", "-1"})
_DIARY = {
    "archive_mode": "the archive keeps the order and the second of every write for ever",
    "log_connections": "its log has the second of every connection",
    "log_disconnections": "its log has the second of every connection",
    "log_checkpoints": "its log tells when much was written",
    "log_min_duration_statement": "its log has the second of what took long",
    "log_statement": "its log has the second of every statement",
}
"""Settings of PostgreSQL that write down when (docs/operating.md, Which database)."""


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What a look at the database showed."""

    wrong: list[str]
    """In sentences, what an operator should change."""
    slots: int
    first_start: int | None
    """Unix seconds at which the first bundle that is kept begins."""
    begun: Mapping[bytes, Sequence[Bundle]]
    """By investigator's key, the bundle that began last, if any..."""
    newest: Mapping[bytes, Sequence[Bundle]]
    """...and the one that begins last of all."""


def look(url: str, vks: Sequence[bytes], now: int) -> DatabaseState:
    """Look at the database, and at investigators' bundles at ``now``. Raises StorageError."""
    engine = dialect.make_engine(url)
    try:
        with engine.connect() as connection:
            wrong = (_postgresql if connection.dialect.name == "postgresql" else _sqlite)(
                connection
            )
            first = connection.execute(select(func.min(BUNDLES.c.not_before))).scalar()
            return DatabaseState(
                wrong,
                slots.made(connection),
                None if first is None else int(first),
                {vk: bundles.latest(connection, vk, now) for vk in vks},
                {vk: bundles.latest(connection, vk, _LATEST) for vk in vks},
            )
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()


def _sqlite(connection: Connection) -> list[str]:
    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if said == "ok":
        return []
    return [sqlite.DAMAGED]


def _postgresql(connection: Connection) -> list[str]:
    shown = "SELECT name, setting FROM pg_settings"
    settings: Mapping[str, str] = {
        str(name): str(value) for name, value in connection.exec_driver_sql(shown)
    }
    sentences = [
        f"The database has {name} = {settings[name]}: {why}. Turn it off there."
        for name, why in _DIARY.items()
        if settings.get(name, "off") not in _OFF
    ]
    if settings["wal_recycle"] != "off":
        sentences.append(
            "The database has wal_recycle = on: files of its log wait, with the second of every "
            "write, until they are used again. Turn it off there."
        )
    slots = connection.exec_driver_sql("SELECT count(*) FROM pg_replication_slots").scalar_one()
    if slots:
        sentences.append(
            "The database has a replication slot, for which its log is kept: drop it, unless a "
            "replica needs it."
        )
    return sentences
