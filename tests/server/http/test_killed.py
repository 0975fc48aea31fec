"""Killed at random instants under load: what was acknowledged is there, what was not is not torn.

20 times on each database; KILLS says otherwise (``make soak``: 200). Every fourth time the database
server is killed with it. Of several servers one is killed in ``tests/scale/test_one_machine.py``.
"""

from __future__ import annotations

import gc
import hashlib
import os
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from app.protocol.answers import solve
from app.protocol.identities import InvestigatorIdentity
from app.protocol.wire import CHUNK_BYTES, ENVELOPE_BYTES, EpochBundles
from tests.server.postgres import BOTH_ENGINES
from tests.server.process import environment
from tests.server.quick import QuickServer

KILLS = int(os.environ.get("KILLS", "20"))
WORKERS = 3


@dataclass
class Told:
    """What the clients were told, kept by digest; ``sent`` is all that they tried."""

    sent: set[bytes] = field(default_factory=set)
    acknowledged: set[bytes] = field(default_factory=set)
    deleted: set[bytes] = field(default_factory=set)
    asked_to_delete: set[bytes] = field(default_factory=set)
    chunks: dict[str, bytes] = field(default_factory=dict)
    """Chunks acknowledged, by id."""
    heard: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released at each acknowledgement: kills come after so many of them, not so many seconds."""


def digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def load(server: QuickServer, told: Told, one: InvestigatorIdentity, batch, chunk: bytes) -> None:
    """Send messages and chunks until the server is gone."""
    with server.client() as client:
        try:
            while True:
                body = batch(3, one.fetch)
                parts = {
                    digest(body[at : at + ENVELOPE_BYTES])
                    for at in range(0, len(body), ENVELOPE_BYTES)
                }
                epoch = EpochBundles.parse(client.get("/api/v1/bundles").content).epoch
                told.sent |= parts
                answer = client.post(f"/api/v1/messages?epoch={epoch}", content=body)
                if answer.status_code == 201:
                    told.acknowledged |= parts
                    told.heard.release()
                name = os.urandom(16).hex()
                content = name.encode() + chunk[32:]
                if client.put(f"/api/v1/chunks/{name}", content=content).status_code == 201:
                    told.chunks[name] = digest(content)
                    told.heard.release()
        except httpx.TransportError:
            return


def check(server: QuickServer, told: Told, one: InvestigatorIdentity, line_id: bytes) -> None:
    """Find every message as its recipient does, compare with what was told, delete some."""
    with server.client() as client:
        rows = client.get("/api/v1/challenges").content
        stored: dict[bytes, str] = {}
        for message_id in solve(rows, one.fetch_sk, line_id):
            envelope = client.get(f"/api/v1/messages/{message_id.hex()}").content
            assert len(envelope) == ENVELOPE_BYTES
            stored[digest(envelope)] = message_id.hex()
        assert told.acknowledged - told.asked_to_delete <= set(stored)  # nothing is lost
        assert set(stored) <= told.sent - told.deleted  # nothing is torn, nothing comes back
        for name, expected in told.chunks.items():
            assert digest(client.get(f"/api/v1/chunks/{name}").content) == expected
        for one_digest in random.sample(sorted(stored), len(stored) * 2 // 3):
            told.asked_to_delete.add(one_digest)
            answer = client.delete(f"/api/v1/messages/{stored[one_digest]}")
            assert answer.status_code == 204
            told.deleted.add(one_digest)


@pytest.fixture
def start(line) -> Iterator[Callable[..., QuickServer]]:
    running: list[QuickServer] = []

    def begin(**settings: object) -> QuickServer:
        socket = line.folder / "line.sock"
        running.append(QuickServer(environment(line, **settings), socket))
        return running[-1]

    yield begin
    for server in running:
        server.kill()


# The client's library forgets to close a socket whose server has just gone.
@pytest.mark.filterwarnings("ignore:.*unclosed <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:.*<socket.socket:pytest.PytestUnraisableExceptionWarning")
@BOTH_ENGINES
def test_killed_at_random_instants_under_load(engine, line, start, batch, request):
    one, told, chunk = line.people[0], Told(), os.urandom(CHUNK_BYTES)
    line.prepare()
    taken = 0
    for turn in range(KILLS):
        server = start()  # by itself, without a hand
        check(server, told, one, line.line_id)
        before, told.heard = len(told.acknowledged), threading.Semaphore(0)
        workers = [
            threading.Thread(target=load, args=(server, told, one, batch, chunk))
            for _ in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        for _ in range(random.randrange(25)):  # the instant: on any machine somewhere in the load
            while not told.heard.acquire(timeout=1) and any(one.is_alive() for one in workers):
                pass
        threading.Event().wait(random.uniform(0, 0.02))
        server.kill()
        if engine == "postgresql" and turn % 4 == 3:
            request.getfixturevalue("postgres").kill()
        for worker in workers:
            worker.join()
        taken += len(told.acknowledged) > before
        told.chunks = dict(random.sample(sorted(told.chunks.items()), min(20, len(told.chunks))))
    server = start()
    check(server, told, one, line.line_id)
    assert server.stop() == 0
    assert taken > KILLS // 2  # most kills came while messages were being taken
    sound(engine, line)
    gc.collect()  # sockets that the client's library forgot are found here, not in another test


def test_an_upload_goes_on_after_a_kill_between_any_two_chunks(line, start):
    line.prepare()
    chunks = {os.urandom(16).hex(): os.urandom(CHUNK_BYTES) for _ in range(4)}
    for done, name in enumerate(chunks):
        server = start()
        with server.client() as client:
            there = [client.head(f"/api/v1/chunks/{one}").status_code for one in chunks]
            assert there == [200] * done + [404] * (len(chunks) - done)
            assert client.put(f"/api/v1/chunks/{name}", content=chunks[name]).status_code == 201
        server.kill()
    with start().client() as client:
        for name, chunk in chunks.items():
            assert client.get(f"/api/v1/chunks/{name}").content == chunk


def sound(engine: str, line) -> None:
    """Have the database check itself."""
    if engine == "sqlite":
        database = sqlite3.connect(line.database)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.close()
        return
    line.sql("CREATE EXTENSION IF NOT EXISTS amcheck")
    for table in ("slots", "envelopes", "bundles"):
        assert line.sql(f"SELECT count(*) FROM verify_heapam('{table}')") == [(0,)]
    for (index,) in line.sql(
        "SELECT indexrelid::regclass::text FROM pg_index "
        "WHERE indrelid IN ('slots'::regclass, 'envelopes'::regclass)"
    ):
        line.sql(f"SELECT bt_index_parent_check('{index}', true)")
