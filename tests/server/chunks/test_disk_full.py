"""A disk that is full or cannot be written: refused in words, nothing torn, readers go on.

On real mounts, where the tests may mount; afterwards all is well again.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from app.protocol.wire import CHUNK_BYTES
from app.server.storage import dialect
from app.server.storage.failures import DiskFull, StorageError
from tests.server.postgres import Cluster, needed_programs

CHUNK = f"/api/v1/chunks/{'1' * 32}"
OTHER_CHUNK = f"/api/v1/chunks/{'2' * 32}"
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]


@pytest.fixture
def small_disk(line) -> Iterator[Path]:
    """Mount a disk of 6 MB where the data goes."""
    line.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(line.data)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield line.data
    subprocess.run(["umount", str(line.data)], check=True)


async def test_a_full_disk_takes_nothing_tears_nothing_and_reading_goes_on(
    line, small_disk, batch, refusal, logged
):
    one = line.people[0]
    async with line.serve() as server:
        assert (await server.post(batch(3, one.fetch))).status_code == 201
        await server.client.put(f"/api/v1/chunks/{'1' * 32}", content=bytes(CHUNK_BYTES))
        await server.tick()
        filler = small_disk / "filler"
        fill(filler)

        for _ in range(2):
            refusal(await server.post(batch(3, one.fetch)), 507, "storage-full")
        for number in range(2, 9):  # room for these was made ahead
            chunk = await put_chunk(server, number)
            assert chunk.status_code == 201
        refusal(await put_chunk(server, 9), 507, "storage-full")
        delete = await server.client.delete(f"/api/v1/messages/{'0' * 32}")
        refusal(delete, 507, "storage-full")
        before = (await server.client.get("/api/v1/challenges")).content
        await server.tick()
        assert (await server.client.get("/api/v1/challenges")).content != before
        assert len(await server.found_by(one.fetch_sk)) == 3
        assert (await server.client.get(f"/api/v1/chunks/{'1' * 32}")).status_code == 200
        assert (await server.client.get("/healthz")).status_code == 200
        assert logged().count('"storage-failing"') == 1

        filler.unlink()
        assert (await server.post(batch(3, one.fetch))).status_code == 201
        assert "storage-failing-over" in logged()
        for number in range(1, 9):
            assert (await server.client.get(f"/api/v1/chunks/{str(number) * 32}")).is_success
        await server.tick()
        assert len(await server.found_by(one.fetch_sk)) == 6
    with sqlite3.connect(line.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


async def put_chunk(server, number: int):
    return await server.client.put(
        f"/api/v1/chunks/{str(number) * 32}", content=os.urandom(CHUNK_BYTES)
    )


@pytest.fixture
def failing_disk(line, tmp_path) -> Iterator[Callable[[str], None]]:
    """Mount a disk where the data goes; call with "fail" (it turns read-only) and "mend"."""
    line.data.mkdir()
    image = tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(48 * 2**20)
    run("mkfs.ext4", "-q", str(image))
    if not run("mount", "-o", "loop", str(image), str(line.data)):
        pytest.skip("needs the right to mount a disk")

    def change(what: str) -> None:
        if what == "fail":  # as a file system does by itself when its disk gives errors
            assert run("mount", "-o", "remount,abort", str(line.data))
            return
        assert run("umount", str(line.data))
        run("e2fsck", "-p", str(image))
        assert run("mount", "-o", "loop", str(image), str(line.data))

    yield change
    run("umount", str(line.data))


def run(*words: str) -> bool:
    return subprocess.run(words, capture_output=True).returncode == 0


async def test_a_disk_that_turns_read_only_refuses_in_words_and_reading_goes_on(
    line, failing_disk, batch, refusal
):
    one, chunk = line.people[0], os.urandom(CHUNK_BYTES)
    async with line.serve() as server:
        assert (await server.post(batch(3, one.fetch))).status_code == 201
        assert (await server.client.put(CHUNK, content=chunk)).status_code == 201
        await server.tick()
        failing_disk("fail")
        await refused_while_reading_goes_on(server, one, batch, refusal)
        assert (await server.client.get(CHUNK)).content == chunk
    failing_disk("mend")
    async with line.serve() as server:
        assert len(await server.found_by(one.fetch_sk)) == 3
        assert (await server.client.get(CHUNK)).content == chunk
        assert (await server.post(batch(3, one.fetch))).status_code == 201
    with sqlite3.connect(line.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


async def refused_while_reading_goes_on(server, one, batch, refusal) -> None:
    for _ in range(2):
        refusal(await server.post(batch(3, one.fetch)), 507, "storage-full")
    other = await server.client.put(OTHER_CHUNK, content=bytes(CHUNK_BYTES))
    if server.line.database_url is None:
        refusal(other, 507, "storage-full")
    delete = await server.client.delete(f"/api/v1/messages/{'0' * 32}")
    refusal(delete, 507, "storage-full")
    before = (await server.client.get("/api/v1/challenges")).content
    await server.tick()
    assert (await server.client.get("/api/v1/challenges")).content != before
    assert len(await server.found_by(one.fetch_sk)) == 3
    assert (await server.client.get("/healthz")).status_code == 200


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_postgresql_that_only_reads_refuses_in_words_and_reading_goes_on(
    line, batch, refusal, postgres, migrated
):
    """As a standby does, or a database that its operator has put into that state."""
    one = line.people[0]
    async with line.serve() as server:
        assert (await server.post(batch(3, one.fetch))).status_code == 201
        await server.tick()
        postgres.sql(f"ALTER DATABASE {migrated} SET default_transaction_read_only = on")
        try:
            postgres.disconnect(migrated)  # new connections have it
            await refused_while_reading_goes_on(server, one, batch, refusal)
        finally:
            with_writing = "SET default_transaction_read_only = off; "
            postgres.sql(
                with_writing + f"ALTER DATABASE {migrated} RESET default_transaction_read_only"
            )
        postgres.disconnect(migrated)
        assert (await server.post(batch(3, one.fetch))).status_code == 201
        await server.tick()
        assert len(await server.found_by(one.fetch_sk)) == 6


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_postgresql_that_goes_away_comes_back_without_a_hand(
    line, batch, refusal, postgres
):
    one = line.people[0]
    async with line.serve() as server:
        assert (await server.post(batch(3, one.fetch))).status_code == 201
        epoch = (await server.epoch()).epoch
        postgres.stop()
        try:
            refusal(await server.post(batch(3, one.fetch), epoch), 503, "not-ready")
            for call in ("directory", "bundles", "challenges"):  # made ahead
                assert (await server.client.get(f"/api/v1/{call}")).status_code == 200
        finally:
            postgres.start()
        assert (await server.post(batch(3, one.fetch), epoch)).status_code == 201
        await server.tick()
        assert len(await server.found_by(one.fetch_sk)) == 6


@pytest.fixture
def small_postgres(tmp_path) -> Iterator[Cluster]:
    """Yield a PostgreSQL of its own on a disk of 160 MB."""
    folder = needed_programs()
    disk = Path(tempfile.mkdtemp(prefix="quietline-small-"))
    if not run("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(disk)):
        pytest.skip("needs the right to mount a small disk")
    cluster = Cluster(folder, disk)
    yield cluster
    cluster.stop()
    run("umount", "--lazy", str(disk))  # the last of its processes may still be ending
    disk.rmdir()


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_full_disk_under_postgresql_loses_nothing_that_was_acknowledged(
    line, small_postgres, batch
):
    """It refuses with 507; where not even its log finds room it stops, and is started again."""
    one = line.people[0]
    line.database_url = small_postgres.url(small_postgres.create())
    async with line.serve(slots_initial=512, slots_cap=512) as server:
        filler = small_postgres.folder / "filler"
        fill(filler)
        taken, answers = 0, set()
        while len(answers - {201}) == 0:
            answer = await server.post(batch(3, one.fetch), server.services.epoch().number)
            answers.add(answer.status_code)
            taken += 3 * (answer.status_code == 201)
            for _ in range(8):  # each writes as much as a message, in the place of one
                await server.client.delete(f"/api/v1/messages/{os.urandom(16).hex()}")
        assert taken < 500
        assert answers <= {201, 503, 507}
        for call in ("directory", "bundles", "challenges"):
            assert (await server.client.get(f"/api/v1/{call}")).status_code == 200
        filler.unlink()
        small_postgres.stop()
        small_postgres.start()
        assert (await server.post(batch(3, one.fetch))).status_code == 201
        await server.tick()
        found = await server.found_by(one.fetch_sk)
        assert taken + 3 <= len(found) <= taken + 6  # an answer may have been lost, no message


def fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            while True:
                try:
                    if not file.write(bytes(size)):
                        break
                except OSError:
                    break
    assert shutil.disk_usage(filler.parent).free < 4_096


async def test_a_refusal_of_the_database_is_told_apart_and_keeps_nothing(
    server, batch, refusal, monkeypatch
):
    for failure, status, name in (
        (DiskFull("full"), 507, "storage-full"),
        (StorageError("gone"), 503, "not-ready"),
    ):

        def fails(*_: object, failure: Exception = failure) -> None:
            raise failure

        with monkeypatch.context() as patched:
            patched.setattr(server.services.messages.storage.__class__, "_transaction", fails)
            refusal(await server.post(batch()), status, name)
        assert server.services.messages.storage.refresh() == []
    assert (await server.post(batch())).status_code == 201


def test_a_database_that_cannot_be_written_counts_as_full_and_a_broken_one_does_not(tmp_path):
    path = tmp_path / "line.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE x (y)")
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError) as read_only:
        connection.execute("INSERT INTO x VALUES (1)")
    connection.close()
    path.write_bytes(os.urandom(8_192))
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError) as broken:
        connection.execute("SELECT * FROM x")
    connection.close()
    assert type(failure(read_only.value)) is DiskFull
    assert type(failure(broken.value)) is StorageError


def failure(error: Exception) -> StorageError:
    return dialect.failure(OperationalError("", None, error))
