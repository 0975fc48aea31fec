"""PostgreSQL goes away under a running server, and comes back: in the middle of reports.

What was answered 201 is there afterwards, what was not is refused in words and within seconds, what
everybody reads goes on, and the server needs nobody's hand when the database is back.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from app.protocol.answers import solve
from app.protocol.wire import ENVELOPE_BYTES, EpochBundles
from app.server.storage.dialect import make_engine
from tests.onion.process import until
from tests.ports import free_port
from tests.server.http.test_killed import Told, digest
from tests.server.postgres import Cluster, needed_programs
from tests.server.process import environment
from tests.server.quick import QuickServer

ONLY_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"])
NOT_READY = "urn:quietline:problem:not-ready"
SOON = 20
"""Seconds within which somebody is told that it does not work now, on a busy machine."""


@pytest.fixture
def server(line) -> Iterator[QuickServer]:
    line.prepare()
    running = QuickServer(environment(line, epoch_seconds=60), line.folder / "line.sock")
    yield running
    running.kill()


def send(server: QuickServer, body: bytes, told: Told) -> tuple[int, str]:
    """Send a batch and keep what was said of it; give the answer's status and kind."""
    parts = {digest(body[at : at + ENVELOPE_BYTES]) for at in range(0, len(body), ENVELOPE_BYTES)}
    told.sent |= parts
    with server.client() as client:
        epoch = EpochBundles.parse(client.get("/api/v1/bundles").content).epoch
        answer = client.post(f"/api/v1/messages?epoch={epoch}", content=body)
    if answer.status_code == 201:
        told.acknowledged |= parts
        return 201, ""
    return answer.status_code, answer.json()["type"]


def stored(server: QuickServer, line, one) -> set[bytes]:
    """By their digests, the messages that a recipient finds."""
    with server.client() as client:
        rows = client.get("/api/v1/challenges").content
        ids = solve(rows, one.fetch_sk, line.line_id)
        return {digest(client.get(f"/api/v1/messages/{id_.hex()}").content) for id_ in ids}


@ONLY_POSTGRESQL
def test_reports_are_refused_in_words_and_taken_again_by_itself(
    engine, line, server, batch, request
):
    database = request.getfixturevalue("postgres")
    one, told = line.people[0], Told()
    assert send(server, batch(3, one.fetch), told)[0] == 201
    for _ in range(2):
        database.stop()
        try:
            began = time.monotonic()
            status, kind = send(server, batch(3, one.fetch), told)
            assert time.monotonic() - began < SOON
            assert (status, kind) == (503, NOT_READY)
            with server.client() as client:
                for path in ("/api/v1/bundles", "/api/v1/challenges", "/api/v1/directory"):
                    assert client.get(path).status_code == 200, "the same for everyone, in memory"
                nobodys = f"/api/v1/messages/{os.urandom(16).hex()}"
                for ask in (client.get, client.delete):
                    answer = ask(nobodys)
                    assert (answer.status_code, answer.json()["type"]) == (503, NOT_READY)
        finally:
            database.start()
        until(SOON, "no report is taken", lambda: send(server, batch(3, one.fetch), told)[0] == 201)
    # What it says comes through a pipe, which may be read after the answer that it was said before.
    until(
        SOON,
        "it was not said each time that the database is back",
        lambda: sum("storage-failing-over" in said for said in server.said) == 2,
    )
    assert server.child.is_alive()
    until(
        130,
        "an acknowledged message is lost",
        lambda: told.acknowledged <= stored(server, line, one),
    )
    assert stored(server, line, one) <= told.sent


@ONLY_POSTGRESQL
def test_what_was_acknowledged_while_it_went_is_there(engine, line, server, batch, request):
    database = request.getfixturevalue("postgres")
    one, told = line.people[0], Told()
    ended, answers = threading.Event(), []

    def go_on() -> None:
        while not ended.is_set():
            answers.append(send(server, batch(3, one.fetch), told)[0])

    senders = [threading.Thread(target=go_on) for _ in range(3)]
    for sender in senders:
        sender.start()
    for _ in range(3):
        threading.Event().wait(1.5)
        database.kill()
    threading.Event().wait(2)
    ended.set()
    for sender in senders:
        sender.join()
    # Who was told 503 when they asked for work comes without any (`Working`), and is told so.
    assert set(answers) <= {201, 403, 503}
    assert answers.count(201) > 3
    until(
        130,
        "an acknowledged message is lost",
        lambda: told.acknowledged <= stored(server, line, one),
    )


def test_a_machine_that_vanishes_without_a_word_is_given_up_within_half_a_minute(monkeypatch):
    """Neither side waits for two hours for the other, nor holds the others' turn to write."""
    port = free_port()
    monkeypatch.setenv("PGPORT", str(port))
    cluster = Cluster(needed_programs(), conf="listen_addresses = '127.0.0.1'\n")
    engine = make_engine(f"postgresql://quietline@127.0.0.1:{port}/postgres")
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            with socket.socket(fileno=os.dup(driver.fileno())) as ours:
                idle, pause, asked, unheard = (
                    ours.getsockopt(socket.IPPROTO_TCP, name)
                    for name in (
                        socket.TCP_KEEPIDLE,
                        socket.TCP_KEEPINTVL,
                        socket.TCP_KEEPCNT,
                        socket.TCP_USER_TIMEOUT,
                    )
                )
            assert idle + pause * asked <= 30
            assert 0 < unheard <= 30_000
            theirs = connection.exec_driver_sql(
                "SELECT setting::integer FROM pg_settings WHERE name = 'tcp_user_timeout'"
            ).scalar_one()
            assert 0 < theirs <= 30_000
    finally:
        engine.dispose()
        cluster.remove()
