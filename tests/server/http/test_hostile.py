"""Hostile HTTP against the real process: bounded, and nobody else waits for it."""

from __future__ import annotations

import gzip
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from app.protocol import work
from app.protocol.wire import CHUNK_BYTES
from tests.server.process import Process

GET = b"GET /api/v1/directory HTTP/1.1\r\nHost: x\r\n"
AHEAD = 0.5
"""Seconds of work that nobody may put before another's call: of the server's own time on a
processor, since on the clock a busy machine has any number of seconds. ``make bench`` has those."""

IMPATIENT = (
    "from app.server.admission import watch as c; from functools import partial; "
    "c.Bounds = partial(c.Bounds, head_seconds=3, grace=3, sweep=0.1); "
    "from app.cli.server.server_commands import app; app()"
)


def connect(process: Process) -> socket.socket:
    return socket.create_connection(("127.0.0.1", process.port), timeout=120)


def memory_of(process: Process) -> int:
    """Return the process's resident bytes."""
    pages = Path(f"/proc/{process.child.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def busy(process: Process) -> float:
    """Return for how many seconds all of the process has run on a processor."""
    times = Path(f"/proc/{process.child.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def ahead(process: Process, calls: int = 50) -> float:
    """Return how long the server works before it has answered an honest client, on average.

    Each call is on a connection of its own.
    """
    worked = 0.0
    for _ in range(calls):
        before = busy(process)
        said = answer_to(process, GET + b"Connection: close\r\n\r\n")
        worked += busy(process) - before
        assert said.startswith(b"HTTP/1.1 200 ")
        time.sleep(0.005)
    return worked / calls


@contextmanager
def running(what: Callable[[], None], times: int = 1) -> Iterator[None]:
    """Repeat something in threads until the block is over."""
    over = threading.Event()

    def loop() -> None:
        while not over.is_set():
            try:
                what()
            except OSError:
                over.wait(0.01)

    threads = [threading.Thread(target=loop) for _ in range(times)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def answer_to(process: Process, data: bytes) -> bytes:
    """Send bytes on a connection of their own; return all of the answer."""
    with connect(process) as connection:
        connection.sendall(data)
        parts = []
        try:
            while part := connection.recv(65_536):
                parts.append(part)
        except ConnectionResetError:
            pass
        return b"".join(parts)


def started_batch(process: Process, *, worked: bool) -> bytes:
    """Return the head of a POST of three envelopes."""
    with process.client() as client:
        header = work.solve(client.get("/api/v1/work").content) if worked else ""
        epoch = int.from_bytes(client.get("/api/v1/bundles").content[:8])
    return (
        f"POST /api/v1/messages?epoch={epoch} HTTP/1.1\r\nHost: x\r\n"
        f"Content-Length: 59808\r\n{work.HEADER}: {header}\r\n\r\n"
    ).encode()


def test_more_half_open_connections_than_places_and_slow_heads_delay_nobody(start):
    process = start(connections=400)
    with ExitStack() as stack:
        held = [stack.enter_context(connect(process)) for _ in range(500)]
        for n, connection in enumerate(held):
            if n % 2:
                connection.sendall(b"GET /api/v1/directory HTTP/1.1\r\nHost: ")

        def drip() -> None:
            for connection in held:
                connection.send(b"x", socket.MSG_DONTWAIT)
            time.sleep(0.2)

        with running(drip):
            assert ahead(process) < AHEAD
        assert ahead(process) < AHEAD
    process.stop(signal.SIGTERM)


def test_slow_bodies_and_readers_delay_nobody_and_hold_little_memory(start):
    process = start()
    batches = [started_batch(process, worked=n < 50) for n in range(100)]
    before = memory_of(process)
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(process)) for _ in range(100)]
        for connection, batch in zip(slow, batches, strict=True):
            connection.sendall(batch + bytes(1_000))
        deaf = [stack.enter_context(connect(process)) for _ in range(100)]
        for connection in deaf:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.sendall(b"GET /api/v1/challenges HTTP/1.1\r\nHost: x\r\n\r\n" * 8)

        def drip() -> None:
            for connection in slow:
                connection.send(b"x", socket.MSG_DONTWAIT)
            time.sleep(0.2)

        with running(drip):
            assert ahead(process) < AHEAD
        assert memory_of(process) - before < 40 * 2**20
    process.stop(signal.SIGTERM)


def test_a_connection_that_does_not_keep_its_pace_is_dropped(start):
    """In a process of the same code with shorter times."""
    process = start(command=IMPATIENT)
    batches = [started_batch(process, worked=True) for _ in range(2)]
    halves = (b"", b"GET / HTTP/1.1\r\nHo", batches[0], batches[1] + bytes(500))
    with ThreadPoolExecutor(len(halves)) as senders:
        assert set(senders.map(partial(answer_to, process), halves)) == {b""}
    with connect(process) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.sendall(b"GET /api/v1/challenges HTTP/1.1\r\nHost: x\r\n\r\n" * 8)
        deadline = time.monotonic() + 120
        while process_connections(process) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert process_connections(process) == 0
    process.stop(signal.SIGTERM)


def process_connections(process: Process) -> int:
    """Return how many connections the process has open."""
    port = f":{process.port:04X}"
    table = Path(f"/proc/{process.child.pid}/net/tcp").read_text().splitlines()[1:]
    rows = [row.split() for row in table]
    return sum(row[1].endswith(port) and row[3] == "01" for row in rows)


@pytest.mark.parametrize(
    ("sent", "status", "name"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 431, "head-too-large"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 2**20, 431, "head-too-large"),
        (b"GET /" + b"a" * 2**20, 431, "head-too-large"),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 10_000 + b"\r\n", 431, "head-too-large"),
        (
            b"PUT /api/v1/chunks/" + b"0" * 32 + b" HTTP/1.1\r\nHost: x\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 500 + b"\r\na\r\n",
            411,
            "length-required",
        ),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2_000, 400, "bad-request"),
        (b"\x16\x03\x01SSL", 400, "bad-request"),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400, "bad-request"),
    ],
)
def test_what_is_no_request_is_refused_like_everything_else(served, sent, status, name):
    before = memory_of(served)
    said = answer_to(served, sent)
    head, _, body = said[said.rindex(b"HTTP/1.1 ") :].partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"content-security-policy: default-src 'none'" in head
    assert f"urn:quietline:problem:{name}".encode() in body
    assert memory_of(served) - before < 20 * 2**20


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Process]:
    """One process for what leaves it as it was."""
    from tests.server.conftest import Line

    line = Line(tmp_path_factory.mktemp("served"), now=time.time())
    line.publish()
    process = Process(line)
    yield process
    process.stop(signal.SIGKILL)


def test_what_is_compressed_is_not_unpacked_and_deep_json_is_not_followed(served):
    bomb = gzip.compress(bytes(200 * 2**20))[:CHUNK_BYTES].ljust(CHUNK_BYTES, b"\0")
    before = memory_of(served)
    with served.client() as client:
        path, headers = f"/api/v1/chunks/{os.urandom(16).hex()}", {"content-encoding": "gzip"}
        assert client.put(path, content=bomb, headers=headers).status_code == 201
        assert client.get(path).content == bomb
        deep = "W1tb" * 500
        refused = client.put(path, content=bomb, headers={work.HEADER: deep})
        assert refused.json()["type"] == "urn:quietline:problem:work-needed"
    assert memory_of(served) - before < 20 * 2**20


POST = b"POST /api/v1/messages?epoch=1 HTTP/1.1\r\nHost: x\r\n"
FLOODS = {
    "huge heads": b"GET / HTTP/1.1\r\nX: " + b"a" * 2**20,
    "many headers": b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 10_000 + b"\r\n",
    "deep JSON": POST + b"Quietline-Work: " + b"W1tb" * 900 + b"\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n",
    "bombs": b"POST /api/v1/bundles HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n"
    b"Connection: close\r\nContent-Length: 200000\r\n\r\n" + gzip.compress(bytes(2**20)) * 195,
    "pipelined": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2_000,
    "rubbish": b"\x16\x03\x01SSL" * 1_000,
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_what_is_hostile_delays_nobody(served, name):
    answers: list[bytes] = []

    def attack() -> None:
        answers.append(answer_to(served, FLOODS[name])[:12])

    with running(attack, 3):
        while len(answers) <= 5:
            assert ahead(served, 30) < AHEAD
    assert not {answer for answer in answers if answer.startswith(b"HTTP/1.1 5")}


def test_requests_that_are_not_http_write_no_log(served):
    before = len(served.said)
    for _ in range(20):
        answer_to(served, b"\x16\x03\x01SSL")
    with served.client() as client:
        assert client.get("/healthz").status_code == 200
    assert len(served.said) == before


def test_a_crash_leaves_no_memory_on_a_disk(served):
    limits = Path(f"/proc/{served.child.pid}/limits").read_text().splitlines()
    (cores,) = [line.split() for line in limits if line.startswith("Max core file size")]
    assert cores[4:6] == ["0", "0"]
