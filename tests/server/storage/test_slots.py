"""What the database's files say, and do not say, about the messages in them."""

from __future__ import annotations

import math
import os
import re
import sqlite3
import time

import pytest
from sqlalchemy import event

from app.protocol.answers import solve
from app.server.storage import migrations, slots
from app.server.storage.database import SlotsFull, Storage, Stored
from app.server.storage.tables import METADATA
from tests.server.order import FAR, kendall_tau, sigma
from tests.server.postgres import BOTH_ENGINES

DAY = 20_500
SIZE = 512


@pytest.fixture
def url(tmp_path, database_url):
    return database_url or f"sqlite:///{tmp_path / 'line.db'}"


@pytest.fixture
def storage(url):
    migrations.upgrade(url)
    made = Storage(url, os.urandom)
    grow(made, SIZE)
    yield made
    made.close()


def grow(storage: Storage, slots: int) -> None:
    while storage.commit([lambda writer: writer.grow(slots)])[0] < slots:
        pass
    storage.open()


def on_disk(tmp_path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))


def put(storage: Storage, envelopes: list[bytes]) -> None:
    (outcome,) = storage.commit(
        [lambda writer: writer.put([Stored(one, DAY) for one in envelopes])]
    )
    if outcome is not None:
        raise outcome


def test_2048_slots_are_made_in_a_moment(tmp_path):
    """Of a processor’s time: less than a second where nothing else runs."""
    url = f"sqlite:///{tmp_path / 'line.db'}"
    migrations.upgrade(url)
    storage = Storage(url, os.urandom)
    began = time.process_time()
    grow(storage, 2_048)
    assert time.process_time() - began < 10
    storage.close()


def test_a_message_overwrites_a_slot_and_a_deletion_leaves_nothing_of_it(storage, tmp_path):
    size = (tmp_path / "line.db").stat().st_size
    envelope = os.urandom(19_936)
    put(storage, [envelope])
    storage.tidy()
    pieces = [envelope[start : start + 64] for start in range(0, 19_900, 500)]
    assert all(piece in on_disk(tmp_path) for piece in pieces)
    ((message_id, hint),) = storage.refresh()
    assert (storage.read([message_id]), hint) == ([(True, envelope)], envelope[:64])

    storage.commit([lambda writer: writer.forget([message_id])])
    storage.tidy()
    ((found, refilled),) = storage.read([message_id])
    assert not found
    assert refilled != envelope
    left = on_disk(tmp_path)
    assert not any(piece in left for piece in (*pieces, message_id, hint))
    assert (tmp_path / "line.db").stat().st_size == size


def test_places_say_nothing_about_the_order_of_arrival(storage, tmp_path):
    """Kendall's tau of every physical order against arrival: no more than chance."""
    sent = [os.urandom(19_936) for _ in range(360)]
    for start in range(0, 360, 3):
        put(storage, sent[start : start + 3])
    storage.tidy()
    data = (tmp_path / "line.db").read_bytes()
    envelopes = [data.find(one[:64], 0) for one in sent]
    hints = [data.find(one[:64], at + 1) for one, at in zip(sent, envelopes, strict=True)]
    with sqlite3.connect(tmp_path / "line.db") as connection:
        ids = dict(connection.execute("SELECT hint, id FROM slots"))
    connection.close()
    by_id = [int.from_bytes(ids[one[:64]]) for one in sent]
    for order in (envelopes, hints, by_id):
        assert len(set(order)) == 360
        assert abs(kendall_tau(order)) < FAR * sigma(360)


def test_a_slot_without_a_message_looks_like_any_other_in_the_file(storage, tmp_path):
    """Rows have one size: nothing moves when a slot is used or freed."""
    with sqlite3.connect(tmp_path / "line.db") as connection:
        before = places_of_rows(tmp_path, connection)
        put(storage, [os.urandom(19_936) for _ in range(50)])
        storage.tidy()
        assert places_of_rows(tmp_path, connection) == before
    connection.close()


def places_of_rows(tmp_path, connection) -> list[int]:
    data = (tmp_path / "line.db").read_bytes()
    return [data.find(one) for (one,) in connection.execute("SELECT id FROM slots ORDER BY slot")]


def test_no_column_can_hold_a_time_finer_than_a_day_or_a_person():
    columns = {(table.name, column.name) for table in METADATA.sorted_tables for column in table.c}
    assert columns == {
        ("slots", "slot"),
        ("slots", "id"),
        ("slots", "hint"),
        ("slots", "expires_day"),
        ("envelopes", "place"),
        ("envelopes", "envelope"),
        ("bundles", "vk"),
        ("bundles", "not_before"),
        ("bundles", "not_after"),
        ("bundles", "bundle"),
    }


@BOTH_ENGINES
def test_a_batch_that_does_not_fit_is_refused_whole_beside_one_that_does(storage):
    put(storage, [os.urandom(19_936) for _ in range(SIZE - 2)])
    too_much, fits = [Stored(os.urandom(19_936), DAY)] * 3, [Stored(os.urandom(19_936), DAY)] * 2
    outcomes = storage.commit(
        [lambda writer: writer.put(too_much), lambda writer: writer.put(fits)]
    )
    assert isinstance(outcomes[0], SlotsFull)
    assert outcomes[1] is None
    assert len(storage.refresh()) == storage.used == SIZE


@BOTH_ENGINES
def test_batches_of_one_commit_never_take_each_others_slots(storage):
    batches = [[os.urandom(19_936) for _ in range(count)] for count in (2, 150, 7, 350)]

    def job(envelopes: list[bytes]):
        return lambda writer: writer.put([Stored(one, DAY) for one in envelopes])

    touch = [lambda writer: writer.touch()]
    assert storage.commit([*map(job, batches[:2]), *touch, *map(job, batches[2:])]) == [None] * 5
    ids = [message_id for message_id, _ in storage.refresh()]
    stored = {envelope for _, envelope in storage.read(ids)}
    assert stored == {one for envelopes in batches for one in envelopes}


@BOTH_ENGINES
def test_an_id_is_random_and_says_nothing_of_its_slot(storage):
    put(storage, [os.urandom(19_936) for _ in range(400)])
    numbers = [int.from_bytes(message_id) for message_id, _ in storage.refresh()]
    for bit in range(128):
        ones = sum(number >> bit & 1 for number in numbers)
        assert abs(ones - 200) < FAR * math.sqrt(100)


@BOTH_ENGINES
def test_messages_stay_under_their_ids_while_slots_are_added_and_others_use_them(storage, url):
    put(storage, [os.urandom(19_936) for _ in range(200)])
    before = storage.refresh()
    other = Storage(url, os.urandom)  # a server that has not looked since
    other.open()
    other.refresh()
    grow(storage, 2 * SIZE)
    put(storage, [os.urandom(19_936) for _ in range(200)])
    for server in (storage, other):
        for message_id, hint in before:
            ((found, envelope),) = server.read([message_id])
            assert found
            assert envelope[:64] == hint
    assert len(storage.refresh()) == 400
    for message_id, _ in before[:50]:
        other.commit([lambda writer, one=message_id: writer.forget([one])])
        assert not storage.read([message_id])[0][0]
    assert len(storage.refresh()) == storage.used == 350
    other.close()


@BOTH_ENGINES
def test_a_message_that_was_deleted_is_read_like_one_that_never_was(storage, url):
    """By whichever server: looked for as often, and other bytes each time."""
    put(storage, [os.urandom(19_936) for _ in range(30)])
    (here, _), (elsewhere, _), (expired, _), (there, _) = storage.refresh()[:4]
    other = Storage(url, os.urandom)
    other.open()
    other.refresh()
    other.commit([lambda writer: writer.forget([elsewhere])])
    storage.commit([lambda writer: writer.forget([here])])
    said: list[str] = []
    event.listen(storage._engine, "before_cursor_execute", lambda *of: said.append(of[2]))

    def statements(message_id: bytes) -> list[str]:
        said.clear()
        storage.read([message_id])
        return said.copy()

    as_ever = statements(there)
    assert statements(os.urandom(16)) == statements(here) == statements(elsewhere) == as_ever
    assert len({storage.read([here])[0][1] for _ in range(20)}) > 10
    other.commit([lambda writer: writer.expire(DAY, 100)])
    assert statements(expired) == as_ever
    assert not storage.read([expired])[0][0]
    other.close()


@BOTH_ENGINES
def test_a_deletion_that_was_rolled_back_leaves_the_message_where_it_is_found(storage):
    put(storage, [os.urandom(19_936)])
    ((message_id, hint),) = storage.refresh()

    def fails(writer):
        writer.forget([message_id])
        raise RuntimeError

    (outcome,) = storage.commit([fails])
    assert isinstance(outcome, RuntimeError)
    ((found, envelope),) = storage.read([message_id])
    assert (found, envelope[:64]) == (True, hint)


@BOTH_ENGINES
def test_the_slots_that_are_read_stand_in_no_statement(storage):
    """A database's log may hold the statements, with the second at which they failed."""
    put(storage, [os.urandom(19_936) for _ in range(3)])
    ids = [message_id for message_id, _ in storage.refresh()]
    said: list[str] = []
    event.listen(storage._engine, "before_cursor_execute", lambda *of: said.append(of[2]))
    assert [found for found, _ in storage.read([*ids, os.urandom(16)])] == [True] * 3 + [False]
    assert len(said) >= 2
    said = [re.sub(r"%\(\w+\)s", "", text) for text in said]  # values by their names
    assert not [text for text in said if any(letter.isdigit() for letter in text)]


@BOTH_ENGINES
def test_more_slots_are_wanted_at_once_than_a_statement_takes_values(storage):
    """Sixty-four batches, each for many investigators, are given slots together."""
    with storage._engine.connect() as connection:
        drawn = slots.free(connection, os.urandom, 10_000_000, 5, 64 * 2_000)
    assert 5 <= len(drawn) == len(set(drawn))


def test_added_slots_do_not_tell_what_came_before_and_what_after(storage, tmp_path):
    """Half of 240 messages came before the slots were doubled: those are all over the file."""
    sent = [os.urandom(19_936) for _ in range(240)]
    put(storage, sent[:120])
    grow(storage, 2 * SIZE)
    put(storage, sent[120:])
    storage.tidy()
    data = (tmp_path / "line.db").read_bytes()
    places = [data.find(one[:64]) for one in sent]
    assert abs(kendall_tau(places)) < FAR * sigma(240)
    # Nor do the slots' numbers: a slot and the one half the slots away are no pair.
    with sqlite3.connect(tmp_path / "line.db") as connection:
        slots = dict(connection.execute("SELECT hint, slot FROM slots WHERE expires_day > 0"))
    connection.close()
    taken = set(slots.values())
    crowded = [((slots[one[:64]] + SIZE) % (2 * SIZE)) in taken for one in sent]
    assert abs(sum(crowded[:120]) - sum(crowded[120:])) < FAR * math.sqrt(240 * 0.23 * 0.77)


def test_deleting_what_is_not_there_writes_but_loses_nothing(storage, tmp_path):
    put(storage, [os.urandom(19_936) for _ in range(SIZE - 1)])
    before = storage.refresh()
    storage.tidy()
    content = (tmp_path / "line.db").read_bytes()
    storage.commit([lambda writer: writer.forget([os.urandom(16)])])
    storage.tidy()
    assert storage.refresh() == before
    changed = (tmp_path / "line.db").read_bytes()
    assert sum(old != new for old, new in zip(content, changed, strict=True)) > 19_000


@pytest.mark.anyio
async def test_an_epoch_empties_the_log_and_touches_the_file_even_if_nothing_came(server, line):
    content = line.database.read_bytes()
    await server.tick()
    assert line.database.with_name("quietline.db-wal").stat().st_size == 0
    changed = line.database.read_bytes()
    assert sum(old != new for old, new in zip(content, changed, strict=True)) > 19_000


@BOTH_ENGINES
@pytest.mark.anyio
async def test_messages_expire_by_day_each_with_its_own_few_random_days(server, line, batch):
    one = line.people[0]
    for _ in range(20):
        await server.post(batch(3, one.fetch))
    await server.tick(90 * 86_400 - 60)
    rows = (await server.client.get("/api/v1/challenges")).content
    left = [len(solve(rows, one.fetch_sk, line.line_id))]
    for _ in range(8):
        await server.tick(86_400)
        left.append(len(server.services.messages.storage.refresh()))
    assert left[0] == 60
    assert left[-1] == 0
    assert len(set(left)) >= 5  # a few each day
