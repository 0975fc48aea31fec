"""Chunks in an S3-compatible store: moto's server stands in for one."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from app.protocol.wire import CHUNK_BYTES
from app.server.chunks import BlobsAway, BlobsFull
from app.server.chunks.disk import DiskStore
from app.server.chunks.s3 import S3Store
from app.server.messages.expiry import day_of
from app.server.operations import backup

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

URL = "s3://line/attachments"
DAY = 86_400
ADDRESS = f"/api/v1/chunks/{'7' * 32}"


@pytest.fixture
def s3(monkeypatch) -> Iterator[ThreadedMotoServer]:
    """Yield a store with an empty bucket, named by the environment."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    values = {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "SEKRIT",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    httpx.post(f"http://{host}:{port}/moto-api/reset")
    client = boto3.client("s3")
    client.create_bucket(Bucket="line")
    yield server
    client.close()
    server.stop()


def test_chunks_of_some_days_expire_sooner_and_none_lives_longer(s3):
    store = S3Store(URL, 2**30)
    for name, day in (("a", 99), ("b", 100), ("c", 101), ("d", 102), ("e", 30)):
        assert store.put(name * 32, bytes(CHUNK_BYTES), day)
    assert store.hasten(100, 101, 50) == 2
    assert store.days() == {30: 1, 50: 2, 99: 1, 102: 1}
    assert store.hasten(30, 101, 50) == 1  # the one of day 99; that of day 30 stays as it is
    assert store.days() == {30: 1, 50: 3, 102: 1}
    store.expire(50)
    assert [store.has(name * 32) for name in "abcde"] == [False, False, False, True, False]
    assert store.used() == 1


async def test_a_chunk_is_stored_once_found_again_and_expires(line, s3):
    chunk, other = os.urandom(CHUNK_BYTES), os.urandom(CHUNK_BYTES)
    async with line.serve(blob_url=URL) as server:
        assert (await server.client.head(ADDRESS)).status_code == 404
        assert (await server.client.put(ADDRESS, content=chunk)).status_code == 201
        assert (await server.client.put(ADDRESS, content=other)).status_code == 204
        assert (await server.client.head(ADDRESS)).status_code == 200
        assert (await server.client.get(ADDRESS)).content == chunk
        assert not (line.data / "blobs").exists()
    async with line.serve(blob_url=URL) as server:
        assert (await server.client.get(ADDRESS)).content == chunk
        await server.tick((0.5 + 90 + 7 + 14) * DAY - 60)
        assert (await server.client.head(ADDRESS)).status_code == 200
        await server.tick(8 * DAY)
        assert (await server.client.head(ADDRESS)).status_code == 404
        assert server.services.blobs.days() == {}


def test_of_many_writers_of_one_chunk_one_wins(s3):
    store = S3Store(URL, 2**30)
    store.open()
    chunks = [os.urandom(CHUNK_BYTES) for _ in range(6)]
    with ThreadPoolExecutor(6) as writers:
        created = list(writers.map(lambda i: store.put("0" * 32, chunks[i], 20_000 + i), range(6)))
    assert created.count(True) == 1
    assert store.get("0" * 32) == chunks[created.index(True)]


def test_the_quota_counts_what_was_there_before(s3):
    store = S3Store(URL, 2 * CHUNK_BYTES)
    store.open()
    store.put("0" * 32, bytes(CHUNK_BYTES), 20_000)
    again = S3Store(URL, 2 * CHUNK_BYTES)
    again.open()
    assert again.put("1" * 32, bytes(CHUNK_BYTES), 20_001)
    with pytest.raises(BlobsFull):
        again.put("2" * 32, bytes(CHUNK_BYTES), 20_002)
    again.expire(20_000)
    assert again.put("2" * 32, bytes(CHUNK_BYTES), 20_002)


@pytest.fixture
def answering(s3, monkeypatch) -> Iterator[Callable[[int, str], None]]:
    """Give every call to a store one answer: call it with a status and an S3 error code."""

    class Answer(BaseHTTPRequestHandler):
        status, body = 404, b""

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(self.status)
            self.send_header("content-length", str(len(self.body)))
            self.end_headers()
            self.wfile.write(self.body)

        def do_HEAD(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    def answer(status: int, code: str) -> None:
        Answer.status = status
        Answer.body = f"<Error><Code>{code}</Code></Error>".encode()

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as store:
        thread = threading.Thread(target=store.serve_forever)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{store.server_port}")
        yield answer
        store.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (507, "Anything", BlobsFull),
        (403, "QuotaExceeded", BlobsFull),
        (400, "XMinioStorageFull", BlobsFull),
        (403, "AccessDenied", BlobsAway),
        (400, "507", BlobsAway),  # a number in a text is not a status
    ],
)
def test_only_a_store_that_says_so_is_full(answering, status, code, said):
    store = S3Store(URL, 2**30)
    answering(status, code)
    with pytest.raises(said):
        store.put("507" + "0" * 29, bytes(CHUNK_BYTES), 20_507)


async def test_a_store_that_is_away_is_said_so_and_messages_get_through(
    line, s3, batch, refusal, logged
):
    async with line.serve(blob_url=URL) as server:
        s3.stop()
        try:
            for answer in (
                await server.client.get(ADDRESS),
                await server.client.put(ADDRESS, content=bytes(CHUNK_BYTES)),
            ):
                refusal(answer, 503, "not-ready", b"SEKRIT", ("7" * 32).encode())
            assert (await server.post(batch())).status_code == 201
            await server.tick(DAY)  # a day ends: what expires there waits, tidying does not
            assert line.database.with_name("quietline.db-wal").stat().st_size == 0
            assert (await server.client.get("/healthz")).status_code == 200
        finally:
            s3.start()
    assert "7" * 32 not in logged()
    assert "SEKRIT" not in logged()


async def test_a_backup_takes_chunks_out_of_the_store_and_puts_them_back(line, s3, tmp_path):
    chunk, day = os.urandom(CHUNK_BYTES), day_of(line.now) + 112
    async with line.serve(blob_url=URL) as server:
        server.services.blobs.put("9" * 32, chunk, day)
        store = server.services.blobs
        database = server.services.settings.database
        made = await asyncio.to_thread(backup.make, database, store, tmp_path / "backup")
    blobs = DiskStore(tmp_path / "blobs", 2**30, 0)
    target = f"sqlite:///{tmp_path / 'restored.db'}"
    assert backup.restore(tmp_path / "backup", target, blobs, made.checksum).chunks == 1
    assert list(blobs.chunks()) == [("9" * 32, day)]
    assert blobs.get("9" * 32) == chunk


async def test_stats_and_doctor_count_and_reach_the_store(line, s3, command):
    async with line.serve(blob_url=URL) as server:
        for number in range(3):
            path = f"/api/v1/chunks/{number:032x}"
            assert (await server.client.put(path, content=bytes(CHUNK_BYTES))).status_code == 201
    code, said = command("stats", "--json", blob_url=URL)
    told = json.loads(said)
    assert (code, told["chunks"], sum(told["chunks_by_day"].values())) == (0, 3, 3)
    for away in (False, True):
        if away:
            s3.stop()
        _, said = command("doctor", "--json", blob_url=URL)
        found = [one["sentence"] for one in json.loads(said)["findings"]]
        assert any("store of attachments does not answer" in one for one in found) == away
        assert "SEKRIT" not in said
    s3.start()
