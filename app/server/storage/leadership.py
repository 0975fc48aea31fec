"""One leader among the servers of a database: an advisory lock, held for a session.

The lock goes with the leader's connection, so a leader that dies leaves it at once. The session's
name carries the address at which the others reach the leader; no table holds it. With SQLite there
is one server, which leads.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, Executable, func, select, text
from sqlalchemy.exc import DBAPIError

from app.server.storage import dialect

_TAKE = select(func.pg_try_advisory_lock(20844, 2))
_OWN = select(func.pg_backend_pid())
_NAME = "quietline-leader "
_HOLDER = text(
    "SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 "
    "AND l.classid = 20844 AND l.objid = 2 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Leadership:
    """Synchronous; used by one thread at a time. Every method raises StorageError."""

    def __init__(self, url: str, address: str | None) -> None:
        self._engine: Engine | None = None
        if url.startswith("postgresql"):
            self._engine = dialect.make_engine(url)
        self._address = address or ""
        self._session: Connection | None = None

    def lead(self) -> bool:
        """Become or stay the leader, if no other server is; returns whether this one is."""
        if self._engine is None:
            return True
        try:
            return self._leads(self._engine)
        except DBAPIError:  # the session has ended, and the lock with it
            self.close()
        try:
            return self._leads(self._engine)
        except DBAPIError as error:
            self.close()
            raise dialect.failure(error) from None

    def leader(self) -> str | None:
        """Return the address of the server that leads; empty if it told none, None if none does."""
        holder = self._ask(_HOLDER)
        return None if holder is None else str(holder[1]).removeprefix(_NAME).strip()

    def depose(self) -> None:
        """End the session of a leader that leads no more, so that another can."""
        holder = self._ask(_HOLDER)
        if holder is not None:
            self._ask(select(func.pg_terminate_backend(holder[0])))

    def close(self) -> None:
        """Let go of the lead."""
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None
        if self._engine is not None:
            self._engine.dispose()

    def _leads(self, engine: Engine) -> bool:
        if self._session is None:
            self._session = self._connect(engine)
        pid = self._session.execute(_OWN).scalar_one()
        holder = self._session.execute(_HOLDER).first()
        if holder is not None:
            return bool(holder[0] == pid)
        return bool(self._session.execute(_TAKE).scalar_one())

    def _ask(self, statement: Executable) -> tuple[object, ...] | None:
        if self._engine is None:
            return None
        try:
            with self._engine.connect() as connection:
                row = connection.execute(statement).first()
                return None if row is None else tuple(row)
        except DBAPIError as error:
            raise dialect.failure(error) from None

    def _connect(self, engine: Engine) -> Connection:
        session = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        name = _NAME + self._address
        session.execute(select(func.set_config("application_name", name, False)))
        return session
