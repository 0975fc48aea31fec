"""Attachments' chunks: write-once, resumable, with their own quota, without times."""

from __future__ import annotations

import errno
import itertools
import os
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.protocol.wire import CHUNK_BYTES
from app.server.chunks import BlobsAway, BlobsFull, stores
from app.server.chunks.disk import DiskStore
from app.server.operations import preflight
from tests.server.order import FAR, kendall_tau, sigma

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

DAY = 86_400


def address(number: int = 7) -> str:
    return f"/api/v1/chunks/{number:032x}"


async def test_a_chunk_is_stored_once_and_found_again(server):
    chunk, other = os.urandom(CHUNK_BYTES), os.urandom(CHUNK_BYTES)
    client = server.client
    missing = await client.head(address())
    assert (missing.status_code, (await client.get(address())).status_code) == (404, 404)
    assert (await client.put(address(), content=chunk)).status_code == 201
    assert (await client.put(address(), content=other)).status_code == 204
    head = await client.head(address())
    assert (head.status_code, head.headers["content-length"]) == (200, str(CHUNK_BYTES))
    got = await client.get(address())
    assert got.content == chunk
    assert "etag" not in got.headers
    assert "last-modified" not in got.headers


@pytest.fixture
def store(tmp_path) -> Iterator[Callable[..., DiskStore]]:
    """Open stores in one folder, one after the other; the last is closed."""
    opened: list[DiskStore] = []

    def again(quota: int = 2**30, slots: int = 8) -> DiskStore:
        if opened:
            opened.pop().close()
        opened.append(DiskStore(tmp_path / "blobs", quota, 0, slots))
        opened[0].open()
        return opened[0]

    yield again
    opened.pop().close()


def fill(store: DiskStore, count: int, day: int = 20_000) -> dict[str, bytes]:
    """Store chunks in turn, making room in between as a server does; return them by id."""
    chunks = {os.urandom(16).hex(): os.urandom(CHUNK_BYTES) for _ in range(count)}
    for name, chunk in chunks.items():
        assert store.put(name, chunk, day)
        while store.grow():
            pass
    return chunks


def slots_of(folder: Path, chunks: Iterable[bytes]) -> list[int]:
    """Return the slot of each chunk, found by its bytes in the file as an analyst would."""
    content = (folder / "slots").read_bytes()
    return [content.index(chunk[:64]) // CHUNK_BYTES for chunk in chunks]


def test_of_two_writers_of_one_chunk_the_first_wins_and_the_second_waits_for_it(store, monkeypatch):
    both, sync, answered = store(), os.fdatasync, []

    def slow(file: int) -> None:
        second.join(0.2)  # would be done by now if it did not wait
        answered.append(second.is_alive())
        sync(file)

    chunks = [os.urandom(CHUNK_BYTES) for _ in range(2)]
    second = threading.Thread(
        target=lambda: answered.append(both.put("0" * 32, chunks[1], 20_001)), daemon=True
    )
    starting = both._claim

    def claim(name: str) -> int | None:
        slot = starting(name)
        if not second.is_alive() and not answered:
            monkeypatch.setattr("app.server.chunks.pool.os.fdatasync", slow)
            second.start()
        return slot

    monkeypatch.setattr(both, "_claim", claim)
    assert both.put("0" * 32, chunks[0], 20_000) is True
    second.join(120)
    assert answered == [True, True, False]
    assert both.get("0" * 32) == chunks[0]
    assert both.days() == {20_000: 1}


async def test_another_length_or_id_is_refused_and_nothing_kept(server, line, refusal):
    for size, status in {0: 400, CHUNK_BYTES - 1: 400, CHUNK_BYTES + 1: 413}.items():
        refusal(await server.client.put(address(), content=bytes(size)), status, "wrong-length")
    for name in ("abc", "A" * 32, "0" * 33):
        answer = await server.client.put(f"/api/v1/chunks/{name}", content=bytes(CHUNK_BYTES))
        refusal(answer, 422, "bad-request", name.encode())
    refusal(await server.client.get(address()), 404, "not-found")
    assert server.services.blobs.days() == {}


async def test_a_chunk_changes_no_file_but_in_its_slot_and_its_name(server, line):
    blobs = line.data / "blobs"
    before = {path.name: path.read_bytes() for path in blobs.iterdir()}
    inodes = {path.name: path.stat().st_ino for path in blobs.iterdir()}
    chunk = os.urandom(CHUNK_BYTES)
    assert (await server.client.put(address(), content=chunk)).status_code == 201
    after = {path.name: path.read_bytes() for path in blobs.iterdir()}
    assert set(after) == {"slots", "places"}
    assert {path.name: path.stat().st_ino for path in blobs.iterdir()} == inodes
    assert len(after["slots"]) == len(before["slots"]) == 8 * CHUNK_BYTES
    at = after["slots"].index(chunk)
    assert at % CHUNK_BYTES == 0
    before["slots"] = before["slots"][:at] + chunk + before["slots"][at + CHUNK_BYTES :]
    assert after["slots"] == before["slots"]
    slot = at // CHUNK_BYTES
    assert after["places"][32 * slot :].startswith(bytes.fromhex(f"{7:032x}"))
    changed = [
        n
        for n in range(8)
        if after["places"][32 * n : 32 * n + 32] != before["places"][32 * n : 32 * n + 32]
    ]
    assert changed == [slot]


async def test_an_epoch_writes_to_both_files_even_if_nothing_came(server, line):
    await server.client.put(address(), content=os.urandom(CHUNK_BYTES))
    before = {path.name: path.read_bytes() for path in (line.data / "blobs").iterdir()}
    await server.tick()
    for path in (line.data / "blobs").iterdir():
        assert path.read_bytes() != before[path.name]
    assert (await server.client.get(address())).status_code == 200


def test_slots_say_nothing_of_the_order_of_arrival_also_when_more_were_made_meanwhile(
    store, tmp_path
):
    chunks = fill(store(), 120)
    content = (tmp_path / "blobs" / "slots").read_bytes()
    assert len(content) // CHUNK_BYTES >= 240
    places = slots_of(tmp_path / "blobs", chunks.values())
    assert len(set(places)) == 120
    assert abs(kendall_tau(places)) < FAR * sigma(120)


def test_slots_are_written_out_in_full_and_a_free_one_looks_like_any_other(store, tmp_path):
    fill(store(slots=16), 3)
    for path in (tmp_path / "blobs").iterdir():
        assert path.stat().st_blocks * 512 >= path.stat().st_size  # not sparse
    content = (tmp_path / "blobs" / "slots").read_bytes()
    for start in range(0, len(content), CHUNK_BYTES):
        assert len(zlib.compress(content[start : start + CHUNK_BYTES])) > CHUNK_BYTES
    names = (tmp_path / "blobs" / "places").read_bytes()
    assert len({names[start : start + 32] for start in range(0, len(names), 32)}) == 16


def test_what_expired_is_overwritten_and_its_slots_are_free_again(store, tmp_path):
    full = store(quota=8 * CHUNK_BYTES)
    gone, kept = fill(full, 5, 20_000), fill(full, 3, 20_001)
    with pytest.raises(BlobsFull):
        full.put("0" * 32, bytes(CHUNK_BYTES), 20_001)
    full.expire(20_000)
    left = b"".join(path.read_bytes() for path in (tmp_path / "blobs").iterdir())
    for name, chunk in gone.items():
        assert full.get(name) is None
        assert bytes.fromhex(name) not in left
        assert not any(chunk[at : at + 64] in left for at in range(0, CHUNK_BYTES, 32_768))
    assert {name: full.get(name) for name in kept} == kept
    fill(full, 5)


@pytest.mark.parametrize("stage", range(4))
def test_a_crash_while_room_is_made_or_chunks_expire_loses_nothing_and_leaves_nothing(
    store, tmp_path, monkeypatch, stage
):
    """Stopped at each sync in turn: what was there is, once; what was deleted is not."""
    first = store(slots=32)
    kept, gone = fill(first, 10, 20_002), fill(first, 5, 20_000)

    class Crash(BaseException):
        pass

    def crashing(after: int) -> None:
        syncs, sync = itertools.count(), os.fdatasync

        def once(file: int) -> None:
            if next(syncs) == after:
                raise Crash
            sync(file)

        monkeypatch.setattr("app.server.chunks.pool.os.fdatasync", once)

    crashing(stage)
    with suppress(Crash):
        first._make(32)
    monkeypatch.undo()
    second = store(slots=32)
    assert {name: second.get(name) for name in kept | gone} == kept | gone
    assert second.days() == {20_000: 5, 20_002: 10}
    crashing(stage)
    with suppress(Crash):
        second.expire(20_000)
    monkeypatch.undo()
    third = store(slots=32)
    third.expire(20_000)
    assert {name: third.get(name) for name in kept} == kept
    content = (tmp_path / "blobs" / "slots").read_bytes()
    assert not any(chunk[:64] in content for chunk in gone.values())
    assert all(content.count(chunk[:64]) == 1 for chunk in kept.values())
    assert third._size - len(third._free) == 10
    third.close()


def test_a_second_server_does_not_write_to_the_same_files(store, tmp_path):
    fill(store(), 1)
    with pytest.raises(BlobsAway, match="Another server"):
        DiskStore(tmp_path / "blobs", 2**30, 0).open()


def test_attachments_with_one_of_their_files_missing_are_left_as_they_are(line):
    places = line.data / "blobs" / "places"
    (line.data / "blobs").mkdir(parents=True)
    (line.data / "blobs" / "slots").write_bytes(b"chunks")
    for _ in range(2):
        with pytest.raises(BlobsAway, match="one is missing"):
            stores.check(line.settings())
    with pytest.raises(preflight.CannotStart, match=r"blobs: .* put both back"):
        preflight._check_blobs(line.settings())
    assert not places.exists()
    assert (line.data / "blobs" / "slots").read_bytes() == b"chunks"


def test_chunks_are_read_beside_a_server_that_makes_room(store, tmp_path):
    """As a backup does: what moves meanwhile is found again."""
    running = store()
    chunks = fill(running, 20)
    beside = DiskStore(tmp_path / "blobs", 2**30, 0)
    assert dict(beside.chunks()) == dict.fromkeys(chunks, 20_000)
    running._make(400)  # nearly everything moves
    assert {name: beside.get(name) for name in chunks} == chunks
    assert beside.get("0" * 32) is None
    beside.close()


def test_chunk_files_of_older_versions_are_taken_in(store, tmp_path):
    chunks = {os.urandom(16).hex(): os.urandom(CHUNK_BYTES) for _ in range(20)}
    for number, (name, chunk) in enumerate(chunks.items()):
        day = tmp_path / "blobs" / str(20_000 + number % 3)
        day.mkdir(parents=True, exist_ok=True)
        (day / name).write_bytes(chunk)
    (tmp_path / "blobs" / "incoming").mkdir()
    (tmp_path / "blobs" / "incoming" / "ab").write_bytes(b"half")
    taken = store()
    assert {name: taken.get(name) for name in chunks} == chunks
    assert taken.days() == {20_000: 7, 20_001: 7, 20_002: 6}
    assert {path.name for path in (tmp_path / "blobs").iterdir()} == {"slots", "places"}


async def test_the_quota_refuses_chunks_while_text_gets_through(line, batch, refusal):
    async with line.serve(blob_quota_bytes=2 * CHUNK_BYTES) as server:
        for number in range(2):
            answer = await server.client.put(address(number), content=os.urandom(CHUNK_BYTES))
            assert answer.status_code == 201
        answer = await server.client.put(address(2), content=os.urandom(CHUNK_BYTES))
        refusal(answer, 507, "storage-full")
        assert (await server.client.get(address(0))).status_code == 200
        assert (await server.client.head(address(0))).status_code == 200
        refusal(await server.client.get("/api/v1/work?for=chunks"), 507, "storage-full")
        assert (await server.post(batch())).status_code == 201


async def test_a_disk_without_room_is_said_so_and_nothing_is_torn(line, refusal, monkeypatch):
    async with line.serve() as server:
        sync, fails_at = os.fdatasync, itertools.cycle((0, 1))

        for _ in range(2):  # in the write of the chunk, in that of its name
            syncs, fails = itertools.count(), next(fails_at)

            def fail(file: int, syncs=syncs, fails=fails) -> None:
                if next(syncs) == fails:
                    raise OSError(errno.ENOSPC, "No space left on device")
                sync(file)

            with monkeypatch.context() as patched:
                patched.setattr("app.server.chunks.pool.os.fdatasync", fail)
                answer = await server.client.put(address(), content=bytes(CHUNK_BYTES))
            refusal(answer, 507, "storage-full")
            assert (await server.client.head(address())).status_code == 404
        await server.tick()
        assert (await server.client.put(address(), content=bytes(CHUNK_BYTES))).status_code == 201
        assert (await server.client.get(address())).content == bytes(CHUNK_BYTES)


async def test_making_room_leaves_the_reserve_free_and_goes_on_when_there_is_disk_again(
    line, refusal, logged, monkeypatch
):
    async with line.serve() as server:
        blobs = server.services.blobs
        monkeypatch.setattr(blobs, "_reserve", 2**60)
        for number in range(8):
            answer = await server.client.put(address(number), content=bytes(CHUNK_BYTES))
            assert answer.status_code == 201
        refusal(
            await server.client.put(address(9), content=bytes(CHUNK_BYTES)), 507, "storage-full"
        )
        await server.services.growth.settled()
        assert "chunk-slots-not-grown" in logged()
        monkeypatch.setattr(blobs, "_reserve", 0)
        await server.tick()
        await server.services.growth.settled()
        answer = await server.client.put(address(9), content=bytes(CHUNK_BYTES))
        assert answer.status_code == 201


async def test_chunks_outlive_messages_by_14_days_and_then_go(server, line):
    await server.client.put(address(), content=bytes(CHUNK_BYTES))
    # from noon to just before the day that is 14 days after the last on which a message can go
    await server.tick((0.5 + 90 + 7 + 14) * DAY - 60)
    assert (await server.client.head(address())).status_code == 200
    await server.tick(8 * DAY)
    assert (await server.client.head(address())).status_code == 404


def test_a_store_opened_again_knows_its_chunks_and_counts_them(store):
    chunks = fill(store(quota=2 * CHUNK_BYTES), 1)
    again = store(quota=2 * CHUNK_BYTES)
    assert {name: again.get(name) for name in chunks} == chunks
    assert again.put("1" * 32, bytes(CHUNK_BYTES), 20_001)
    with pytest.raises(BlobsFull):
        again.put("2" * 32, bytes(CHUNK_BYTES), 20_001)
