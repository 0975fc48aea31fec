"""The schema: made by migrations alone, the same as the tables in code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import CommandLine
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from app.server.storage import migrations
from app.server.storage.database import Storage
from app.server.storage.dialect import make_engine
from app.server.storage.failures import OtherSchema
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
@pytest.mark.parametrize("revision", ["0001", "0003", "9999"])
def test_a_database_of_another_version_is_refused_and_left_as_it_is(url, revision):
    """From before 0.2.0, when an envelope was one row by its slot, or a newer one's."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(
            text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision}
        )
        connection.execute(text("CREATE TABLE envelopes (slot INTEGER)"))
    for attempt in (migrations.is_current, migrations.upgrade):
        with pytest.raises(OtherSchema, match=f"revision {revision}.*new database"):
            attempt(url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version", "envelopes"]
        assert MigrationContext.configure(connection).get_current_heads() == (revision,)
    engine.dispose()


@pytest.mark.parametrize("engine", ["postgresql"])
def test_postgresql_keeps_no_sample_of_a_message(url):
    """ANALYZE keeps values of each column in pg_statistic, also of rows that are gone since."""
    migrations.upgrade(url)
    engine = make_engine(url)

    def sampled() -> set[str]:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
            rows = connection.exec_driver_sql(
                "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'"
            )
            return {f"{table}.{column}" for table, column in rows}

    storage = Storage(url, os.urandom)
    storage.commit([lambda writer: writer.grow(300)])
    storage.close()
    messages = {"slots.id", "slots.hint", "slots.expires_day", "envelopes.envelope"}
    assert sampled() & messages == set()
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE slots ALTER COLUMN id SET STATISTICS -1")
    assert "slots.id" in sampled(), "or this test sees nothing"
    engine.dispose()


@pytest.mark.parametrize("engine", ["postgresql"])
def test_postgresql_looks_through_no_messages_by_itself(url):
    """For ANALYZE it would hold a moment open, in which rows move (ADR 0118)."""
    migrations.upgrade(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        off = "SELECT relname FROM pg_class WHERE 'autovacuum_enabled=false' = ANY(reloptions)"
        assert set(connection.exec_driver_sql(off).scalars()) == {"slots", "envelopes"}
    engine.dispose()


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
