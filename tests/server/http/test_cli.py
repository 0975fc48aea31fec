"""``quietline server``: what it says and how it ends when it cannot start."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time

from app.protocol.encoding import b64u


def test_help_names_both_commands_and_their_options(command):
    code, said = command("--help")
    assert code == 0
    for word in ("run", "migrate", "QUIETLINE_*"):
        assert word in said
    code, said = command("run", "--help")
    for option in ("--uds", "--host", "--port", "--config"):
        assert option in said


def test_a_database_that_was_never_or_not_fully_migrated_is_refused(line, command):
    for _ in range(2):
        code, said = command("run")
        assert (code, 'run "quietline server migrate"' in said) == (1, True)
        line.data.mkdir(exist_ok=True)
    assert command("migrate") == (0, "The database is at the newest version.\n")


def test_run_migrates_first_where_it_is_told_to(line, command):
    code, said = command("run", "--migrate", "--uds", str(line.folder / "none" / "socket"))
    assert (code, "is its folder missing" in said) == (1, True)
    assert line.database.exists()
    line.database.write_bytes(os.urandom(10_000))
    code, said = command("run", "--migrate")
    assert (code, "Check the data folder" in said) == (1, True)


def test_what_cannot_start_says_why_and_only_then_waits(line, command):
    began = time.monotonic()
    assert command("run", "--pause", "2")[0] == 1
    assert time.monotonic() - began >= 2
    missing = str(line.folder / "none.toml")
    program = (sys.executable, "-c", "from app.cli.entry import main; main()")
    words = (*program, "server", "run", "--pause", "600", "--config", missing)
    with subprocess.Popen(words, stderr=subprocess.PIPE) as waiting:
        try:
            assert b"There is no settings file" in waiting.stderr.readline()
            assert waiting.poll() is None
        finally:
            waiting.kill()


def test_a_database_of_another_version_is_refused_in_words(line, command):
    command("migrate")
    with sqlite3.connect(line.database) as database:
        database.execute("UPDATE alembic_version SET version_num = '0003'")
    database.close()
    for name in ("run", "migrate"):
        code, said = command(name)
        assert (code, "revision 0003" in said) == (1, True), name
        assert "new database" in said
        assert "disk and its rights" not in said, "nothing is wrong with those"


def test_migrate_makes_a_data_folder_that_only_its_user_can_read(line, command):
    assert command("migrate")[0] == 0
    assert command("migrate")[0] == 0
    assert line.data.stat().st_mode & 0o777 == 0o700
    assert line.database.stat().st_mode & 0o777 == 0o600


def test_wrong_settings_are_said_in_words_and_count_as_used_wrongly(line, command):
    code, said = command("run", line_id=b64u(bytes(31)))
    assert (code, "line.json" in said) == (2, True)
    code, said = command("run", "--config", str(line.folder / "none.toml"))
    assert (code, "There is no settings file" in said) == (2, True)
    assert command("run", "--port", "0")[0] == 2


def test_a_directory_that_does_not_verify_is_refused(line, command):
    command("migrate")
    line.directory_file.write_bytes(b"{}")
    code, said = command("run")
    assert (code, "The directory file is refused" in said) == (1, True)
    line.directory_file.unlink()
    code, said = command("run")
    assert (code, "cannot be read" in said) == (1, True)


def test_a_broken_database_and_an_address_in_use_are_said_in_words(line, command):
    command("migrate")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = command("run", "--port", str(taken.getsockname()[1]))
    assert (code, "Stop what uses it" in said) == (1, True)
    code, said = command("run", "--uds", str(line.folder / "none" / "socket"))
    assert (code, "is its folder missing" in said) == (1, True)
    line.database.write_bytes(os.urandom(10_000))
    for name in ("run", "migrate"):
        code, said = command(name)
        assert (code, "Check the data folder" in said) == (1, True)


def test_a_database_that_cannot_be_reached_or_breaks_a_promise_stops_the_start(
    line, command, postgres, migrated
):
    nowhere = "postgresql://quietline:SEKRIT@/line?host=/nonexistent"
    for name in ("migrate", "run"):
        code, said = command(name, database_url=nowhere)
        assert (code, "Check that the database runs" in said, "SEKRIT" in said) == (1, True, False)
    postgres.sql(f"ALTER DATABASE {migrated} SET log_statement = 'mod'")
    try:
        code, said = command("run", database_url=postgres.url(migrated))
    finally:
        postgres.sql(f"ALTER DATABASE {migrated} RESET log_statement")
    assert (code, "log_statement = mod" in said) == (1, True)


def test_the_driver_of_another_database_is_loaded_only_where_it_is_used(line, command):
    command("migrate")
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "app.server.storage.sqlite" in loaded
    assert not {"psycopg", "obstore", "redis", "valkey"} & set(loaded)


LOADED = """
import sys
from app.cli.server import server_commands
from app.server.storage.database import Storage
Storage("sqlite:///line.db", bytes)
print(*sys.modules)
"""


def test_backup_prints_a_checksum_that_restore_demands(line, command, tmp_path):
    command("migrate")
    code, said = command("backup", str(tmp_path / "copy"))
    checksum = said.split()[-1]
    assert (code, "the database and 0 chunks" in said, len(checksum)) == (0, True, 64)
    other = tmp_path / "other"
    words = ("restore", str(tmp_path / "copy"), "--checksum")
    code, said = command(*words, "0" * 64, data_folder=other)
    assert (code, "The checksum is not this backup's" in said) == (1, True)
    code, said = command(*words, checksum, data_folder=other)
    assert (code, "are what was backed up" in said, checksum in said) == (0, True, True)
    code, said = command("backup", str(tmp_path / "copy"))
    assert (code, "not empty: name a new one" in said) == (1, True)
