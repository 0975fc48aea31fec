"""What databases and stores write down besides, on real ones."""

from __future__ import annotations

import socket
import time

import pytest

from tests.server.admission.test_shared import SECRET, Store, store  # noqa: F401


def test_a_shared_store_that_writes_to_a_disk_is_found(installation, store):  # noqa: F811
    installation.changes |= store.settings | {"servers": 1}
    assert installation.examined().findings == []
    for name, value in (("save", "60 1"), ("appendonly", "yes")):
        tell(store, "CONFIG", "SET", name, value)
        (found,) = installation.examined().findings
        assert (found.about, "writes to a disk" in found.sentence) == ("shared", True)
        tell(store, "CONFIG", "SET", name, "" if name == "save" else "no")


def tell(store: Store, *words: str) -> None:  # noqa: F811
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(store.path))
        parts = [f"${len(word)}\r\n{word}\r\n" for word in words]
        connection.sendall(f"*{len(parts)}\r\n{''.join(parts)}".encode())
        assert connection.recv(64).startswith(b"+OK")


@pytest.mark.parametrize(
    ("breaks", "mends", "words"),
    [
        (
            "ALTER DATABASE {} SET log_min_duration_statement = 0",
            "ALTER DATABASE {} RESET log_min_duration_statement",
            "log_min_duration_statement = 0: its log has the second",
        ),
        (
            "ALTER DATABASE {} SET log_statement = 'mod'",
            "ALTER DATABASE {} RESET log_statement",
            "log_statement = mod: its log would tell",
        ),
        (
            "SELECT pg_create_physical_replication_slot('forgotten', true)",
            "SELECT pg_drop_replication_slot('forgotten')",
            "has a replication slot",
        ),
    ],
)
def test_what_postgresql_writes_down_is_found(
    installation, postgres, migrated, breaks, mends, words
):
    postgres.sql("TRUNCATE slots, envelopes, bundles", migrated)
    system(postgres, "log_checkpoints", "off")
    installation.line.database_url = postgres.url(migrated)
    installation.upload({index: range(0, 600, 20) for index in (0, 1, 3)})
    assert installation.examined().findings == []
    postgres.sql(breaks.format(migrated))
    try:
        (found,) = installation.examined().findings
    finally:
        postgres.sql(mends.format(migrated))
        system(postgres, "log_checkpoints", "on")
    assert (found.about, words in found.sentence) == ("database", True)


def system(postgres, name: str, value: str) -> None:
    """Change a setting of the whole cluster, and wait until it is in force."""
    postgres.sql(f"ALTER SYSTEM SET {name} = {value}")
    postgres.sql("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 120
    while postgres.sql(f"SHOW {name}") != [(value,)]:
        assert time.monotonic() < deadline


def test_connections_that_postgresql_logs_are_found(installation, postgres, migrated):
    postgres.sql("TRUNCATE slots, envelopes, bundles", migrated)
    installation.line.database_url = postgres.url(migrated)
    system(postgres, "log_connections", "on")
    try:
        sentences = [one.sentence for one in installation.examined().findings]
    finally:
        system(postgres, "log_connections", "off")
    assert any("log_connections = on: its log has the second" in one for one in sentences)


def test_a_database_that_does_not_answer_or_has_a_password_to_guess_is_found(installation):
    installation.line.database_url = "postgresql://quietline:quietline@/line?host=/nonexistent"
    found = installation.examined().findings
    assert {one.about for one in found} == {"database", "secrets"}
    assert any("Check that the database runs" in one.sentence for one in found)
    assert any("can be guessed" in one.sentence for one in found)
