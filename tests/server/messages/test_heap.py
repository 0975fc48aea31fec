"""PostgreSQL's files: places never move, headers are rewritten, nothing is left of the deleted.

Measured here are all physical orders: the place in the file, the writing transaction's number in a
row's header, a page's place in the log.
"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier

import psycopg
import pytest

from app.protocol.wire import ENVELOPE_BYTES
from app.server.messages.group_commit import GroupCommit
from app.server.messages.slot_rewriting import EPOCHS, SlotRewriting
from app.server.storage import copies, migrations
from app.server.storage.database import Storage, StorageError, Stored, Writer
from tests.onion.process import until
from tests.server.order import kendall_tau, sigma

DAY = 20_500
SIZE = 512
MESSAGES = 240


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
def storage(database_url):
    made = Storage(database_url, os.urandom)
    while made.commit([lambda writer: writer.grow(SIZE)])[0] < SIZE:
        pass
    made.open()
    yield made
    made.close()


@pytest.fixture
def url(postgres, migrated) -> str:
    return postgres.url(migrated)


@pytest.fixture
def analyst(postgres, migrated):
    """Yield what reads the heap as an analyst with the data directory would."""
    with psycopg.connect(postgres.url(migrated), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        yield connection


def put(storage: Storage, envelopes: list[bytes]) -> None:
    (outcome,) = storage.commit(
        [lambda writer: writer.put([Stored(one, DAY) for one in envelopes])]
    )
    assert outcome is None


def send(storage: Storage) -> list[bytes]:
    """Store messages one after the other; returns their hints in the order of arrival."""
    sent = [os.urandom(ENVELOPE_BYTES) for _ in range(MESSAGES)]
    for one in sent:
        put(storage, [one])
    return [one[:64] for one in sent]


def places(analyst, table: str, key: str) -> dict[int, int]:
    rows = analyst.execute(f"SELECT {key}, ctid FROM {table}").fetchall()
    return {key: int(str(ctid).strip("()").split(",")[0]) for key, ctid in rows}


def physical_orders(analyst, hints: list[bytes], pages: dict[int, int]) -> dict[str, list[int]]:
    """Return, per physical order, what each message has there, in the order of arrival.

    ``pages`` of the envelopes' places: known before, as looking at rows cleans their pages.
    """
    found = {}
    slots = dict(analyst.execute("SELECT hint, slot FROM slots").fetchall())
    mine = [slots[hint] for hint in hints]
    log = "SELECT (lsn - '0/0')::bigint FROM page_header(get_raw_page('envelopes', %s))"
    found["envelopes: log"] = [
        analyst.execute(log, [pages[5 * slot]]).fetchone()[0] for slot in mine
    ]
    found["slots: place"] = [places(analyst, "slots", "slot")[slot] for slot in mine]
    found["envelopes: place"] = [places(analyst, "envelopes", "place")[5 * slot] for slot in mine]
    for table, key, factor in (("slots", "slot", 1), ("envelopes", "place", 5)):
        xmin = dict(analyst.execute(f"SELECT {key}, xmin::text::bigint FROM {table}").fetchall())
        found[f"{table}: transaction"] = [xmin[factor * slot] for slot in mine]
    return found


def taus(analyst, hints: list[bytes], pages: dict[int, int]) -> dict[str, float]:
    orders = physical_orders(analyst, hints, pages)
    return {name: kendall_tau(order) for name, order in orders.items()}


@pytest.mark.anyio
async def test_no_physical_order_of_the_heap_tells_the_order_of_arrival_once_rewritten(
    storage, analyst
):
    pages = places(analyst, "envelopes", "place")
    hints = send(storage)
    before = taus(analyst, hints, pages)
    limit = 4 * sigma(MESSAGES)
    assert abs(before["slots: place"]) < limit
    assert abs(before["envelopes: place"]) < limit
    # Until then the headers tell all: this is what rewriting is for.
    for told in ("slots: transaction", "envelopes: transaction", "envelopes: log"):
        assert before[told] == 1

    group_commit = GroupCommit(storage)
    group_commit.start()
    slot_rewriting = SlotRewriting(storage, group_commit, os.urandom)
    for _ in range(EPOCHS):
        await slot_rewriting.run()
    await group_commit.close()
    after = taus(analyst, hints, pages)
    assert {name: tau for name, tau in after.items() if abs(tau) >= limit} == {}


@pytest.mark.anyio
async def test_what_the_database_refused_is_written_again_in_the_same_round(
    storage, analyst, monkeypatch
):
    written = "SELECT place, xmin::text FROM envelopes"
    before = dict(analyst.execute(written).fetchall())
    group_commit = GroupCommit(storage)
    group_commit.start()
    slot_rewriting = SlotRewriting(storage, group_commit, os.urandom)

    def refuse(jobs: object) -> None:
        raise StorageError("The database did not answer.")

    with monkeypatch.context() as away:
        away.setattr(storage, "commit", refuse)
        with pytest.raises(StorageError):
            await slot_rewriting.run()
    for _ in range(EPOCHS):
        await slot_rewriting.run()
    await group_commit.close()
    after = dict(analyst.execute(written).fetchall())
    assert [place for place in before if after[place] == before[place]] == []


def test_rows_never_leave_their_page_whatever_happens_to_them(storage, analyst):
    before = [places(analyst, "slots", "slot"), places(analyst, "envelopes", "place")]
    size = analyst.execute("SELECT pg_relation_size('envelopes')").fetchone()
    for _ in range(200):
        put(storage, [os.urandom(ENVELOPE_BYTES) for _ in range(3)])
        for message_id, _ in random.sample(storage.refresh(), 2 if storage.used < 300 else 4):
            storage.commit([lambda writer, one=message_id: writer.forget([one])])
    assert [places(analyst, "slots", "slot"), places(analyst, "envelopes", "place")] == before
    assert analyst.execute("SELECT pg_relation_size('envelopes')").fetchone() == size


@pytest.mark.anyio
async def test_rows_stay_where_they_are_when_many_share_a_transaction(storage, analyst):
    """A page has room for two versions: what is emptied, drawn or written anew is so once."""
    before = places(analyst, "envelopes", "place")
    group_commit = GroupCommit(storage)
    slot_rewriting = SlotRewriting(storage, group_commit, os.urandom)
    await asyncio.to_thread(put, storage, [os.urandom(ENVELOPE_BYTES) for _ in range(300)])
    held = storage.refresh()
    waiting = []
    for message_id, _ in held[:120]:
        waiting.append(group_commit.submit(lambda writer, one=message_id: writer.forget([one])))
        waiting.append(group_commit.submit(Writer.touch))
        one = [Stored(os.urandom(ENVELOPE_BYTES), DAY)]
        waiting.append(group_commit.submit(lambda writer, one=one: writer.put(one)))
    epochs = [slot_rewriting.run() for _ in range(EPOCHS)]
    tasks = [asyncio.ensure_future(one) for one in waiting]
    await asyncio.sleep(0)  # all of them wait before the first is written
    group_commit.start()
    for epoch in epochs:
        await epoch
    await asyncio.gather(*tasks)
    await group_commit.close()
    after = places(analyst, "envelopes", "place")
    assert [place for place in before if after[place] != before[place]] == []


def test_rows_stay_where_they_are_while_backups_are_made(storage, analyst, url, tmp_path):
    """PostgreSQL cleans no page that somebody may still read from an older moment."""
    before = places(analyst, "envelopes", "place")
    ended = threading.Event()

    def back_up() -> None:
        for count in itertools.count():
            copies.save(url, tmp_path / f"{count}.sql")
            if ended.is_set():
                return

    with ThreadPoolExecutor(1) as thread:
        backups = thread.submit(back_up)
        try:
            for sent in range(120):
                put(storage, [os.urandom(ENVELOPE_BYTES)])
                if sent >= 10:
                    message_id, _ = random.choice(storage.refresh())
                    storage.commit([lambda writer, one=message_id: writer.forget([one])])
        finally:
            ended.set()
        backups.result()
    after = places(analyst, "envelopes", "place")
    assert [place for place in before if after[place] != before[place]] == []


def delete_and_store(url: str, message_ids: list[bytes], all_ready: Barrier) -> None:
    """Do as a server does that shares its database."""
    storage = Storage(url, os.urandom)
    storage.refresh()
    all_ready.wait()  # nobody writes before: a read is a moment, too (T-122)
    for message_id in message_ids:
        storage.commit([lambda writer, one=message_id: writer.forget([one])])
        put(storage, [os.urandom(ENVELOPE_BYTES)])


def test_rows_stay_where_they_are_while_several_servers_write(storage, analyst, url):
    """Whoever waits for a turn to write waits without a moment (ADR 0120)."""
    almost_all = SIZE - 12  # so that a slot is soon used again
    put(storage, [os.urandom(ENVELOPE_BYTES) for _ in range(almost_all)])
    before = places(analyst, "envelopes", "place")
    held = [message_id for message_id, _ in storage.refresh()]
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(4)
    shares = [held[start::4] for start in range(4)]
    servers = [spawn.Process(target=delete_and_store, args=(url, one, ready)) for one in shares]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
        assert server.exitcode == 0
    after = places(analyst, "envelopes", "place")
    assert [place for place in before if after[place] != before[place]] == []


def test_a_deletion_leaves_nothing_of_the_envelope_in_the_databases_files(
    storage, analyst, postgres, migrated
):
    envelope = os.urandom(ENVELOPE_BYTES)
    put(storage, [envelope])
    pieces = [envelope[start : start + 32] for start in range(0, ENVELOPE_BYTES - 32, 499)]
    assert all(piece in heap(analyst, postgres) for piece in pieces)
    ((message_id, _),) = storage.refresh()
    storage.commit([lambda writer: writer.forget([message_id])])

    def gone() -> bool:
        # Every epoch tidies; a page that somebody holds at that moment waits for the next.
        storage.tidy()
        left = heap(analyst, postgres)
        return not any(piece in left for piece in pieces)

    until(120, "what was deleted stays in the files", gone)


def test_a_deletion_leaves_nothing_where_somebody_read_from_an_older_moment(
    storage, analyst, postgres, migrated
):
    """What is written twice meanwhile moves, and leaves a page that no row is on any more."""
    before = places(analyst, "envelopes", "place")
    envelope = os.urandom(ENVELOPE_BYTES)
    # Not its hint, which is in another table, too (T-123).
    pieces = [envelope[start : start + 32] for start in range(64, ENVELOPE_BYTES - 32, 499)]
    with psycopg.connect(postgres.url(migrated)) as dump:
        dump.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        dump.execute("SELECT 1 FROM slots LIMIT 1")
        put(storage, [envelope])
        ((message_id, _),) = storage.refresh()
        storage.commit([lambda writer: writer.forget([message_id])])
        storage.tidy()  # in vain: the dump may still read it
        held = heap(analyst, postgres)
        assert all(piece in held for piece in pieces)
    after = places(analyst, "envelopes", "place")
    assert sum(after[place] != before[place] for place in before) == 5

    def gone() -> bool:
        storage.tidy()
        left = heap(analyst, postgres)
        return not any(piece in left for piece in pieces)

    until(60, "what was deleted stays in the files", gone)
    size = analyst.execute("SELECT pg_relation_size('envelopes')").fetchone()
    for _ in range(3):
        storage.tidy()
    assert analyst.execute("SELECT pg_relation_size('envelopes')").fetchone() == size
    assert len(storage.refresh()) == 0


def heap(analyst, postgres) -> bytes:
    """Return all files of the database, as they are after everything was written out."""
    analyst.execute("CHECKPOINT")
    (oid,) = analyst.execute(
        "SELECT oid FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    folder = postgres.data / "base" / str(oid)
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def test_settings_of_the_database_that_break_a_promise_are_named(postgres, migrated):
    url = postgres.url(migrated)
    assert migrations.unsafe(url) == []
    postgres.sql(f"ALTER DATABASE {migrated} SET log_statement = 'mod'")
    try:
        (sentence,) = migrations.unsafe(url)
    finally:
        postgres.sql(f"ALTER DATABASE {migrated} RESET log_statement")
    assert "log_statement = mod: its log would tell when each message came." in sentence
