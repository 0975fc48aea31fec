"""Copies of a PostgreSQL database that grows: no message is in one twice, and none lacks."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

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


def test_a_copy_of_a_database_that_grows_has_each_message_once(databases, tmp_path):
    """Half of all messages move when slots are added; whichever was read before moves too."""
    source, empty = databases
    storage = Storage(source, os.urandom)
    while storage.commit([lambda writer: writer.grow(512)])[0] < 512:
        pass
    storage.open()
    sent = [os.urandom(ENVELOPE_BYTES) for _ in range(MESSAGES)]
    storage.commit([lambda writer: writer.put([Stored(one, DAY) for one in sent])])
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
    restored = Storage(empty, os.urandom)
    restored.open()
    found = restored.refresh()
    assert len({message_id for message_id, _ in found}) == len(found)
    assert {hint for _, hint in found} == {one[:64] for one in sent}
    read = restored.read([message_id for message_id, _ in found])
    assert {envelope for _, envelope in read} == set(sent)
    restored.close()


def test_a_copy_that_cannot_be_written_says_so(databases, tmp_path):
    source, _ = databases
    with pytest.raises(StorageError, match="pg_dump failed"):
        copies.save(source, tmp_path / "none" / "copy.sql")
