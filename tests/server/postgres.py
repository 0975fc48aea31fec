"""A real PostgreSQL for the tests: its own cluster in a temporary folder, on a Unix socket only.

Durable as in production (fsync on): what the tests kill must have kept its word.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.onion.process import not_installed

_PATIENCE = 240
BOTH_ENGINES = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
"""Marks tests that touch storage: they run on each database."""

_CONF = """
listen_addresses = ''
unix_socket_directories = '{folder}'
shared_buffers = 32MB
max_connections = 60
wal_recycle = off
min_wal_size = 32MB
max_wal_size = 256MB
restart_after_crash = on
log_min_messages = fatal
"""


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def needed_programs() -> Path:
    """Return that folder; leaves the test out where there is none, which under CI is a failure."""
    return programs() or not_installed("PostgreSQL")


class Cluster:
    """A running cluster; databases are made and dropped in it."""

    def __init__(self, bin_folder: Path, folder: Path | None = None, conf: str = "") -> None:
        self._bin = bin_folder
        self.folder = folder or Path(tempfile.mkdtemp(prefix="quietline-postgres-"))
        self.data = self.folder / "data"
        self._user = self._other_user()
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", self.data, "-U", "quietline", "-A", "trust", "--no-instructions")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(_CONF.format(folder=self.folder) + conf)
        self.made = 0
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start, and wait until connections are taken."""
        deadline = time.monotonic() + _PATIENCE
        while not self._starts():
            # What was killed may hold its memory a little longer than its process number.
            if time.monotonic() > deadline:
                raise TimeoutError((self.folder / "log").read_text())
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill every process of the cluster at once, as a power cut would, and start again."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()  # no child of a process that nobody collects: its number is free
            self._server = None
        self.start()

    def stop(self) -> None:
        """Stop at once, breaking off whatever is under way."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
            self._server = None

    def disconnect(self, name: str) -> None:
        """End every other connection to a database."""
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://quietline@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        self.made += 1
        name = f"line{self.made}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def sql(self, statement: str, name: str = "postgres") -> list[tuple]:
        """Run one statement on its own connection and return what it answers."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _starts(self) -> bool:
        """Start the server and wait until it answers; False if it ends instead."""
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._bin / "postgres", "-D", self.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, which then end it
                **self._as_its_user(),
            )
        while self._server.poll() is None:
            with suppress(psycopg.OperationalError):
                self.sql("SELECT 1")
                return True
            time.sleep(0.05)
        self._server = None
        return False

    def _run(self, program: str, *words: object) -> None:
        subprocess.run(
            [self._bin / program, *map(str, words)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as_its_user(),
        )

    def _as_its_user(self) -> dict[str, object]:
        switch: dict[str, object] = {"cwd": self.folder}
        if self._user:
            switch |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return switch

    @staticmethod
    def _other_user() -> pwd.struct_passwd | None:
        """Return whom to run as: PostgreSQL refuses to be root."""
        return pwd.getpwnam("postgres") if os.getuid() == 0 else None
