"""Copies of a PostgreSQL database in use: each message once, nobody kept waiting, nothing run."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import make_url

from app.protocol.wire import ENVELOPE_BYTES
from app.server.storage import copies, migrations
from app.server.storage.database import Storage, Stored
from app.server.storage.failures import StorageError

DAY = 20_500
MESSAGES = 300


@pytest.fixture
def databases(postgres):
    """Yield the addresses of a database with messages, and of an empty one."""
    names = [postgres.create(), postgres.create()]
    source, empty = (postgres.url(name) for name in names)
    migrations.upgrade(source)
    yield source, empty
    for name in names:
        postgres.drop(name)


def hints(url: str) -> set[bytes]:
    """Return what the messages in a database begin with."""
    storage = opened(url, 64)
    found = {hint for _, hint in storage.refresh()}
    storage.close()
    return found


def opened(url: str, size: int) -> Storage:
    storage = Storage(url, os.urandom)
    while storage.commit([lambda writer: writer.grow(size)])[0] < size:
        pass
    storage.open()
    return storage


def put(storage: Storage, *envelopes: bytes) -> None:
    """Store messages at once."""
    messages = [Stored(one, DAY) for one in envelopes]
    assert storage.commit([lambda writer: writer.put(messages)]) == [None]


def test_a_copy_of_a_database_that_grows_has_each_message_once(databases, tmp_path):
    """Half of all messages move when slots are added; whichever was read before moves too."""
    source, empty = databases
    storage = opened(source, 512)
    sent = [os.urandom(ENVELOPE_BYTES) for _ in range(MESSAGES)]
    put(storage, *sent)
    with ThreadPoolExecutor(1) as thread:
        copying = thread.submit(copies.save, source, tmp_path / "copy.sql")
        grown = 512
        while not copying.done() and grown < 4_096:
            (grown,) = storage.commit([lambda writer: writer.grow(4_096)])
        digest = copying.result()
    storage.close()
    assert grown > 512

    copies.load(empty, tmp_path / "copy.sql")
    assert copies.digest(empty) == digest
    restored = opened(empty, grown)
    found = restored.refresh()
    assert len({message_id for message_id, _ in found}) == len(found)
    assert {hint for _, hint in found} == {one[:64] for one in sent}
    read = restored.read([message_id for message_id, _ in found])
    assert {envelope for _, envelope in read} == set(sent)
    restored.close()


def test_nobody_waits_for_the_disk_that_a_copy_goes_to(databases, tmp_path):
    """A stick that is slow or a network's folder that hangs: reports are taken all the same."""
    source, empty = databases
    storage = opened(source, 64)
    kept = os.urandom(ENVELOPE_BYTES)
    put(storage, kept)
    slow = tmp_path / "slow"
    os.mkfifo(slow)
    with ThreadPoolExecutor(1) as thread:
        copying = thread.submit(copies.save, source, slow)
        try:
            for _ in range(10):
                put(storage, os.urandom(ENVELOPE_BYTES))
        finally:
            with slow.open("rb") as reader:  # which reads nothing yet
                for _ in range(10):
                    put(storage, os.urandom(ENVELOPE_BYTES))
                (tmp_path / "copy.sql").write_bytes(reader.read())
        digest = copying.result()
    storage.close()
    copies.load(empty, tmp_path / "copy.sql")
    assert copies.digest(empty) == digest
    assert kept[:64] in hints(empty)


def test_a_copy_that_was_not_loaded_whole_leaves_the_database_empty(databases, tmp_path):
    """So that it can be tried again, there, with the right one."""
    source, empty = databases
    storage = opened(source, 64)
    put(storage, os.urandom(ENVELOPE_BYTES))
    storage.close()
    digest = copies.save(source, tmp_path / "whole.sql")
    whole = (tmp_path / "whole.sql").read_bytes()
    (tmp_path / "half.sql").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "program.sql").write_text(f"\\! touch {tmp_path}/run\n")
    for name in ("half", "program"):
        with pytest.raises(StorageError, match="copy of the database"):
            copies.load(empty, tmp_path / f"{name}.sql")
    assert not (tmp_path / "run").exists()
    copies.load(empty, tmp_path / "whole.sql")
    assert copies.digest(empty) == digest
    with pytest.raises(StorageError, match="already"):
        copies.load(empty, tmp_path / "whole.sql")


def test_a_copy_needs_no_program_of_postgresqls_and_no_schema_of_one_name(
    databases, postgres, tmp_path, monkeypatch
):
    """The user is no superuser; its tables lie elsewhere, beside some that it may not read."""
    source, empty = databases
    user = f"reader{postgres.made}"
    names = [make_url(url).database for url in databases]
    postgres.sql(f"CREATE ROLE {user} LOGIN")
    for name, schema in zip(names, ("of_old", '"Of New"'), strict=True):
        postgres.sql("DROP TABLE IF EXISTS slots, envelopes, bundles, alembic_version", name)
        postgres.sql(f"CREATE SCHEMA {schema} AUTHORIZATION {user}", name)
        postgres.sql(f"ALTER ROLE {user} IN DATABASE {name} SET search_path = {schema}")
    postgres.sql("CREATE TABLE public.of_somebody_else (secret text)", names[0])
    source, empty = (url.replace("//quietline@", f"//{user}@") for url in databases)
    monkeypatch.setenv("PATH", "/nowhere")
    migrations.upgrade(source)
    storage = opened(source, 64)
    sent = os.urandom(ENVELOPE_BYTES)
    put(storage, sent)
    storage.close()
    digest = copies.save(source, tmp_path / "copy.sql")
    copies.load(empty, tmp_path / "copy.sql")
    assert copies.digest(empty) == digest
    assert hints(empty) == {sent[:64]}
