"""Backups of a live server, and what their restoration proves."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.protocol.batch import seal_batch
from app.protocol.directory import open_directory
from app.protocol.envelope import open_envelope
from app.protocol.identities import BundleKeys, ReporterIdentity
from app.protocol.wire import CHUNK_BYTES
from app.server.chunks.disk import DiskStore
from app.server.operations import backup
from app.server.operations.backup import BackupError
from tests.server.postgres import BOTH_ENGINES

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]


@pytest.fixture
def elsewhere(engine, tmp_path, request):
    """Where a backup is restored to: an empty database's address, and an empty store."""
    blobs = DiskStore(tmp_path / "other" / "blobs", 2**30, 0)
    (tmp_path / "other").mkdir()
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'other' / 'quietline.db'}", blobs
        return
    cluster = request.getfixturevalue("postgres")
    name = cluster.create()
    yield cluster.url(name), blobs
    cluster.drop(name)


def made(line, folder: Path) -> backup.BackupSummary:
    settings = line.settings()
    return backup.make(settings.database, DiskStore(settings.blobs, 2**30, 0), folder)


@BOTH_ENGINES
async def test_after_a_restore_every_recipient_finds_every_message(
    line, elsewhere, tmp_path, batch
):
    folder, keys = tmp_path / "backup", [BundleKeys.generate(os.urandom) for _ in line.people]
    text, chunk, name = b'{"kind":"report"}', os.urandom(CHUNK_BYTES), "1" * 32
    reporter = ReporterIdentity.throwaway(os.urandom)
    async with line.serve() as server:
        for index in (0, 1, 3):
            body = line.upload(index, range(2), keys[index])
            assert (await server.client.post("/api/v1/bundles", content=body)).is_success
        await server.tick()
        published = (await server.client.get("/api/v1/directory")).content
        directory = open_directory(published, line.line_id)
        bundles = await server.epoch()
        sealed = seal_batch(directory, bundles, reporter.sender(), {1}, text, os.urandom)
        assert (await server.post(sealed)).status_code == 201
        assert (await server.client.put(f"/api/v1/chunks/{name}", content=chunk)).is_success
        # The server goes on taking messages while it is copied.
        copying = asyncio.create_task(asyncio.to_thread(made, line, folder))
        while not copying.done():
            assert (await server.post(batch())).status_code in (201, 503)
        kept = await copying

    url, blobs = elsewhere
    restored = await asyncio.to_thread(backup.restore, folder, url, blobs, kept.checksum)
    assert (restored, restored.chunks) == (kept, 1)
    shutil.rmtree(line.data)
    changes = {"database_url": url, "data_folder": tmp_path / "other"}
    async with line.serve(**changes) as server:
        for index in (0, 1, 3):
            (found,) = await server.found_by(line.people[index].fetch_sk)
            opener = keys[index].opener(line.people[index].fetch)
            opened = open_envelope(found, opener, line.line_id)
            assert (opened.body == text) == (index == 1)
        assert (await server.client.get(f"/api/v1/chunks/{name}")).content == chunk
        assert set((await server.epoch()).bundles) == {0, 1, 3}
        assert (await server.post(batch())).status_code in (201, 503)


@BOTH_ENGINES
async def test_a_backup_has_no_times_and_only_its_owner_reads_it(line, tmp_path, batch):
    mask = os.umask(0o077)  # as the command does
    try:
        async with line.serve() as server:
            await server.post(batch())
            await server.client.put(f"/api/v1/chunks/{'2' * 32}", content=bytes(CHUNK_BYTES))
            await asyncio.to_thread(made, line, tmp_path / "backup")
    finally:
        os.umask(mask)
    everything = [tmp_path / "backup", *(tmp_path / "backup").rglob("*")]
    assert len(everything) == 6
    for path in everything:
        assert path.stat().st_mtime == 0
        assert path.stat().st_mode & 0o077 == 0
    if line.database_url:
        dump = (tmp_path / "backup" / "database").read_text()
        assert "ompleted on" not in dump
        assert "tarted on" not in dump


@BOTH_ENGINES
async def test_what_was_changed_or_is_not_whole_is_refused(line, elsewhere, tmp_path, batch):
    folder = tmp_path / "backup"
    url, blobs = elsewhere
    async with line.serve() as server:
        await server.post(batch())
        await server.client.put(f"/api/v1/chunks/{'3' * 32}", content=bytes(CHUNK_BYTES))
        await asyncio.to_thread(made, line, folder)
    with pytest.raises(BackupError, match="not empty"):
        made(line, folder)
    with pytest.raises(BackupError, match="checksum is not this backup's"):
        backup.restore(folder, url, blobs, "0" * 64)
    (chunk,) = (folder / "chunks").rglob("3" * 32)
    chunk.write_bytes(b"1" + bytes(CHUNK_BYTES - 1))
    with pytest.raises(BackupError, match=r"The file chunks/.* is damaged"):
        backup.restore(folder, url, blobs, None)
    chunk.unlink()
    with pytest.raises(BackupError, match="no whole backup"):
        backup.restore(folder, url, blobs, None)
    chunk.write_bytes(bytes(CHUNK_BYTES))
    backup.restore(folder, url, blobs, None)
    with pytest.raises(BackupError, match="already"):
        backup.restore(folder, url, blobs, None)


async def test_a_backup_goes_back_only_to_its_own_kind_of_database(line, tmp_path, postgres):
    async with line.serve():
        await asyncio.to_thread(made, line, tmp_path / "backup")
    name = postgres.create()
    blobs = DiskStore(tmp_path / "blobs", 2**30, 0)
    with pytest.raises(BackupError, match="of a sqlite database"):
        backup.restore(tmp_path / "backup", postgres.url(name), blobs, None)
    postgres.drop(name)


@BOTH_ENGINES
async def test_a_backup_leaves_room_for_what_comes_in(line, tmp_path, monkeypatch, batch):
    """A full disk refuses reports: a copy that would fill it is not begun."""
    async with line.serve() as server:
        await server.post(batch())
        await server.client.put(f"/api/v1/chunks/{'4' * 32}", content=bytes(CHUNK_BYTES))
        await asyncio.to_thread(made, line, tmp_path / "first")
        database = (tmp_path / "first" / "database").stat().st_size
        disk, looks = SimpleNamespace(size=0), []

        def usage(folder: Path) -> SimpleNamespace:
            lying = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            looks.append(lying)
            return SimpleNamespace(free=disk.size - lying)

        monkeypatch.setattr(shutil, "disk_usage", usage)
        for fits, begun in ((0.9 * database, 0), (database + 0.9 * CHUNK_BYTES, database)):
            disk.size = backup.LEFT_BYTES + fits
            with pytest.raises(BackupError, match="The disk has no room for a backup"):
                await asyncio.to_thread(made, line, tmp_path / "backup")
            assert list((tmp_path / "backup").iterdir()) == []
            assert looks.pop() == begun
        disk.size = backup.LEFT_BYTES + 1.1 * database + CHUNK_BYTES
        assert (await asyncio.to_thread(made, line, tmp_path / "backup")).chunks == 1
