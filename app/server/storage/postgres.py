"""PostgreSQL: what is its own about connecting, failing and tidying. Its driver loads with it.

PostgreSQL writes a new version of a row beside the old one. Rows here are small enough, and pages
kept empty enough, for the new version to find room in the same page (a "heap-only" update): the
place of a slot in the file never changes. What a row's header and the log still tell, and what an
operator can do about it, is in docs/operating.md.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert

from app.protocol.wire import ENVELOPE_BYTES
from app.server.storage.failures import DiskFull, StorageError

ADVICE = "Check that the database runs, its address, and the rights of its user."
PIECES = 5
"""Rows that one envelope takes. A row of 20,000 bytes would go to another table, whose numbers
count up: the order of arrival. Two of these, the old version and the new, fill a page of 8 kB."""

_LOCK = f"SELECT pg_advisory_xact_lock({0x516C_0001})"
"""Whoever writes takes it: one transaction at a time, over all servers."""
_TURN = f"LOCK TABLE alembic_version IN SHARE UPDATE EXCLUSIVE MODE; {_LOCK}"
"""Waits without a moment: a SELECT that waits keeps its snapshot, and rows written meanwhile move
(ADR 0120). One transaction at a time gets this lock of a table that nothing writes or vacuums."""
_NOTHING = bytes(-(-ENVELOPE_BYTES // PIECES))
"""A piece of no envelope."""
_STEP = 64
"""Pages written over in one transaction, so that others wait no longer than about 100 ms."""
_EMPTIED = """
SELECT pg_relation_size('envelopes') / current_setting('block_size')::integer,
       max(place) + 1, greatest(-min(place), 0) FROM envelopes
"""
"""Pages, places, and pieces of no envelope, whose places are -1, -2 and so on."""
_FILL = "INSERT INTO envelopes VALUES (%s, %s) RETURNING (ctid::text::point)[0]::integer"
_FILL_BELOW = "UPDATE envelopes SET envelope = envelope WHERE place = %s"
_SESSION = {
    "application_name": "quietline",
    "synchronous_commit": "on",  # a commit that returned survives a power cut
    "client_min_messages": "error",
    "jit": "off",
    "lock_timeout": "15s",
    "statement_timeout": "120s",
    "idle_in_transaction_session_timeout": "15s",  # a hung server must not stop the others
    "tcp_keepalives_idle": "10",  # nor a machine that vanished
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",  # nor one that vanished, or was stopped, while it was answered
}
_CONNECTION = {
    "connect_timeout": 10,
    # The database's machine can vanish, too, and nobody says so: then we ask for two hours, or
    # wait for an answer. Over a socket of one machine these say nothing.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
}
_FULL_STATES = frozenset({"53100", "53200", "25006", "58030"})
"""disk_full, out_of_memory, read_only_sql_transaction, io_error."""
_UNSAFE = {
    "fsync": ({"off"}, "a power cut would lose messages that were acknowledged"),
    "full_page_writes": ({"off"}, "a power cut could tear what is stored"),
    "track_commit_timestamp": ({"on"}, "it would keep the second at which each message came"),
    "log_statement": ({"mod", "all"}, "its log would tell when each message came"),
}


def make_engine(url: str, writing: str) -> Engine:
    """Connect to a PostgreSQL URL; transactions with the option ``writing`` come one by one."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    options = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    engine = create_engine(
        address,
        connect_args={"options": options, **_CONNECTION},
        pool_pre_ping=True,  # after a restart of the database no request meets a dead connection
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        turn = connection.get_execution_options().get(writing, False)
        if turn:
            lock = _TURN if turn is True else _LOCK  # a migration: the table is perhaps not there
            connection.exec_driver_sql(lock, execution_options={"no_parameters": True})

    return engine


def insert_new(table: Table) -> Insert:
    """Return an INSERT that leaves rows alone whose primary key exists."""
    return postgresql.insert(table).on_conflict_do_nothing()


def tidy(engine: Engine) -> None:
    """Overwrite what was replaced: old versions of rows leave their pages."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (TRUNCATE FALSE, INDEX_CLEANUP TRUE) slots, envelopes")
    while _fill_emptied(engine):
        pass


def _fill_emptied(engine: Engine) -> bool:
    """Write over some of the pages that lost their piece; say whether there may be others.

    A piece that moved (T-121) leaves what was on its page before, and nothing is written there
    again: a message that is deleted would stay for good. So such a page gets a piece of nothing,
    which it keeps, and a second version of it, as the two halves of a page are written in turn.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql(_TURN, execution_options={"no_parameters": True})
        pages, places, filled = (
            int(number or 0) for number in connection.exec_driver_sql(_EMPTIED).one()
        )
        emptied = pages - places - filled
        for number in range(-filled - 1, -filled - 1 - min(emptied, _STEP), -1):
            page = connection.exec_driver_sql(_FILL, (number, _NOTHING)).scalar_one()
            connection.exec_driver_sql(_FILL_BELOW, (number,))
            if page >= pages:  # somebody still reads from the older moment: later, then
                return False
    return bool(emptied > _STEP)


def failure(error: DBAPIError) -> StorageError:
    """Say what a driver's exception means."""
    if getattr(error.orig, "sqlstate", None) in _FULL_STATES:
        return DiskFull("The database's disk is full or cannot be written.")
    return StorageError("The database did not answer.")


def unsafe(engine: Engine) -> list[str]:
    """Return, in sentences, the settings of the database that break what a line promises."""
    found = []
    with engine.connect() as connection:
        for name, (values, why) in _UNSAFE.items():
            value = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            if value in values:
                found.append(f"The database has {name} = {value}: {why}. Change it there.")
    return found
