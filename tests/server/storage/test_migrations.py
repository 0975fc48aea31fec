"""The schema: made by migrations alone, the same as the tables in code."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import CommandLine
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from app.protocol.wire import ENVELOPE_BYTES
from app.server.storage import migrations
from app.server.storage.database import Storage, Stored
from app.server.storage.dialect import make_engine
from app.server.storage.tables import METADATA
from tests.server.postgres import BOTH_ENGINES

ROOT = Path(migrations.__file__).parents[3]


@pytest.fixture
def url(engine, tmp_path, request):
    """Yield the address of a database with nothing in it."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'line.db'}"
        return
    cluster = request.getfixturevalue("postgres")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@BOTH_ENGINES
def test_migrating_makes_exactly_the_tables_of_the_code_and_again_changes_nothing(url):
    assert not migrations.is_current(url)
    migrations.upgrade(url)
    migrations.upgrade(url)
    assert migrations.is_current(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


@BOTH_ENGINES
def test_every_connection_commits_durably(url):
    engine = make_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            kept = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
            for pragma, value in kept.items():
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    engine.dispose()


@BOTH_ENGINES
def test_an_old_database_keeps_every_message_and_bundle(url):
    """A database of revision 0001 with messages, free slots and a bundle comes to the newest."""
    migrations.upgrade(url, "0001")
    sent = [os.urandom(ENVELOPE_BYTES) for _ in range(20)]
    rows = [(place, place * 3 % 64) for place in range(20)]
    free = [slot for slot in range(64) if slot not in {slot for _, slot in rows}]
    ids = {slot: ((secrets.randbits(122) << 6) | slot).to_bytes(16) for slot in range(64)}
    bundle = os.urandom(2_512)
    engine = make_engine(url)
    with engine.begin() as connection:
        for place, slot in rows:
            old_slot(connection, slot, ids[slot], sent[place], 20_500)
        for slot in free:
            old_slot(connection, slot, ids[slot], os.urandom(ENVELOPE_BYTES), -(2**15))
        connection.execute(
            text("INSERT INTO bundles VALUES (:vk, 3600, 7200, :bundle)"),
            {"vk": bytes(32), "bundle": bundle},
        )
    engine.dispose()

    migrations.upgrade(url)
    storage = Storage(url, os.urandom)
    storage.open()
    assert storage.size == 64
    assert sorted(storage.refresh()) == sorted((ids[slot], sent[at][:64]) for at, slot in rows)
    for place, slot in rows:
        assert storage.read([ids[slot]]) == [(True, sent[place])]
    (kept,) = storage.latest_bundles([bytes(32)], 4_000)[bytes(32)]
    assert kept.serialise() == bundle
    new = os.urandom(ENVELOPE_BYTES)
    storage.commit([lambda writer: writer.put([Stored(new, 20_501)])])
    assert len(storage.refresh()) == 21
    storage.close()


@pytest.mark.parametrize("engine", ["postgresql"])
def test_postgresql_keeps_no_sample_of_a_message(url):
    """ANALYZE keeps values of each column in pg_statistic, also of rows that are gone since."""
    migrations.upgrade(url, "0002")
    engine = make_engine(url)
    sent = [os.urandom(ENVELOPE_BYTES) for _ in range(300)]

    def sampled() -> set[str]:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
            rows = connection.exec_driver_sql(
                "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'"
            )
            return {f"{table}.{column}" for table, column in rows}

    with engine.begin() as connection:
        for slot, envelope in enumerate(sent):
            connection.execute(
                text("INSERT INTO slots VALUES (:slot, :id, :hint, 20500)"),
                {"slot": slot, "id": envelope[-16:], "hint": envelope[:64]},
            )
    assert "slots.id" in sampled()
    migrations.upgrade(url)
    messages = {"slots.id", "slots.hint", "slots.expires_day", "envelopes.envelope"}
    assert sampled() & messages == set()
    engine.dispose()


def old_slot(connection, slot: int, message_id: bytes, envelope: bytes, day: int) -> None:
    values = {"slot": slot, "id": message_id, "hint": envelope[:64], "day": day, "all": envelope}
    connection.execute(text("INSERT INTO slots VALUES (:slot, :id, :hint, :day)"), values)
    connection.execute(text("INSERT INTO envelopes VALUES (:slot, :all)"), values)


def test_alembics_own_command_works_from_the_ini_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    CommandLine().main(["-c", str(ROOT / "alembic.ini"), "upgrade", "head"])
    assert migrations.is_current(f"sqlite:///{tmp_path / 'quietline.db'}")


def test_migrations_are_found_beside_the_code_of_an_installed_wheel(tmp_path, monkeypatch):
    installed = tmp_path / "site-packages" / "app" / "server" / "storage"
    (installed / "revisions").mkdir(parents=True)
    (installed / "revisions" / "env.py").touch()
    monkeypatch.setattr(migrations, "__file__", str(installed / "migrations.py"))
    assert migrations.folder() == installed / "revisions"
