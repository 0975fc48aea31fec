"""Who holds places or room by what they announce keeps nobody out: real attackers, real work.

A tenth or so of the attackers that a server at its defaults can have, on as many places; the whole
number is in ``tests/bench/flood.py``.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from app.protocol import work
from app.protocol.wire import BUNDLE_BYTES, CHUNK_BYTES, ENVELOPE_BYTES
from tests.server import honest
from tests.server.holding import BEGINNINGS, Endpoint, attackers, half
from tests.server.process import Process

PLACES = 300
PER_SECOND = 1_200.0
"""Bytes that all attackers send together: 8 kB are of 2,000."""
SECONDS = 6.0
REAL_WORK = {"work_steps": 5_000}
"""What a line asks for at rest."""


def visits(
    endpoint: Endpoint, batch: Callable[..., bytes], seconds: float = SECONDS
) -> honest.Fate:
    """Let honest people call for a while."""
    fate, until = honest.Fate(), time.monotonic() + seconds
    while time.monotonic() < until:
        honest.visit(endpoint, batch(), fate)
        time.sleep(0.2)
    return fate


def at_tor(folder: object, circuits: int = 0) -> Endpoint:
    """Return Tor's endpoint: a Unix socket at which each connection names its circuit."""
    return Endpoint(socket=f"{folder}/tor.sock", circuits=circuits or PLACES // 30)


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_as_many_attackers_as_places_keep_nobody_out(start, batch, kind):
    endpoint = Endpoint(port=start(connections=PLACES).port)
    with attackers(endpoint, kind, PLACES, PER_SECOND, honest.epoch(endpoint)):
        assert visits(endpoint, batch).share >= 0.95


@pytest.mark.parametrize("circuits", [PLACES // 30, PLACES])
def test_nor_do_they_at_tors_socket_on_few_circuits_or_on_many(start, batch, tmp_path, circuits):
    start("--tor-uds", str(tmp_path / "tor.sock"), connections=PLACES)
    endpoint = at_tor(tmp_path, circuits)
    with attackers(endpoint, "refused", PLACES, PER_SECOND, honest.epoch(endpoint)):
        assert visits(endpoint, batch).share >= 0.95


def test_a_person_on_slow_3g_sends_text_and_a_file_during_the_attack(start, batch):
    endpoint = Endpoint(port=start(connections=PLACES, **REAL_WORK).port)
    fate = honest.Fate()
    with attackers(endpoint, "refused", PLACES, PER_SECOND, honest.epoch(endpoint)):
        assert honest.report(endpoint, batch(), fate, honest.SLOW_3G) == 201
        answer = work.solve(honest.call(endpoint, "GET /api/v1/work?for=chunks")[1])
        assert honest.chunk(endpoint, answer, fate, honest.SLOW_3G) == 201


def test_investigators_give_their_keys_while_reporters_sockets_are_attacked(start, line, tmp_path):
    sockets = {name: str(tmp_path / f"{name}.sock") for name in ("uds", "tor-uds", "desk-uds")}
    start(*(word for name, path in sockets.items() for word in (f"--{name}", path)))
    tor, web = Endpoint(socket=sockets["tor-uds"], circuits=100), Endpoint(socket=sockets["uds"])
    desk, epoch = Endpoint(socket=sockets["desk-uds"], circuits=1), honest.epoch(web)
    with (
        attackers(tor, "refused", 1_000, 4_000, epoch),
        attackers(web, "stale", 1_000, 4_000, epoch),
    ):
        for hour in range(20):
            body = line.upload(0, range(hour, hour + 1))
            assert honest.call(desk, "POST /api/v1/bundles", body)[0] == 204


def test_a_caller_has_so_many_places_and_not_more(start, tmp_path):
    start("--tor-uds", str(tmp_path / "tor.sock"))
    endpoint = at_tor(tmp_path, circuits=1)
    with ExitStack() as stack:
        held = [stack.enter_context(endpoint.connected(0)) for _ in range(40)]
        for connection in held:
            connection.sendall(endpoint.first(0) + b"GET / HTTP/1.1\r\n")
        until = time.monotonic() + 15  # before a head has had its time
        while len(gone := hung_up(held)) < 10 and time.monotonic() < until:
            pass
        time.sleep(1)
        assert len(gone) == len(hung_up(held)) == 10


def hung_up(connections: list[socket.socket]) -> list[socket.socket]:
    """Return those that the other end has closed."""
    return select.select(connections, [], [], 0.2)[0]


# Room


def answer_of(connection: socket.socket) -> int:
    """Return the status of the answer that comes."""
    connection.settimeout(60)
    return int(connection.recv(65_536)[9:12])


SMALL_ROOM = {"intake_bytes": 2 * 2**20}
STALLED = 6.0
"""Seconds after which a body that came at once, but for its end, is one that does not come."""


@contextmanager
def uploads(process: Process, sent: int) -> Iterator[None]:
    """Begin uploads of bundles that would fill the room four times, if they came."""
    size = 4 + 256 * BUNDLE_BYTES
    endpoint = Endpoint(port=process.port)
    with ExitStack() as stack:
        for _ in range(4 * 2**21 // size if not sent else 2**21 // sent):
            stack.enter_context(half(endpoint, "POST /api/v1/bundles", size, sent))
        time.sleep(STALLED if sent else 0.5)
        yield


@pytest.mark.parametrize("sent", [0, 4 + 255 * BUNDLE_BYTES])
def test_half_an_upload_of_bundles_keeps_no_investigator_out(start, line, sent):
    process = start(bundles_per_upload=256, **SMALL_ROOM)
    endpoint = Endpoint(port=process.port)
    with uploads(process, sent):
        for hour in range(0, 200, 100):
            body = line.upload(0, range(hour, hour + 100))
            assert honest.call(endpoint, "POST /api/v1/bundles", body)[0] == 204
    process.stop(signal.SIGTERM)


@pytest.mark.parametrize("sent", [0, 3 * ENVELOPE_BYTES - 1])
def test_half_a_report_keeps_no_other_out_and_its_work_stays_good(start, batch, sent):
    process = start(**SMALL_ROOM)
    endpoint = Endpoint(port=process.port)
    with ExitStack() as stack:
        path = f"POST /api/v1/messages?epoch={honest.epoch(endpoint)}"
        works = [work.solve(honest.call(endpoint, "GET /api/v1/work")[1]) for _ in range(36)]
        halves = [
            stack.enter_context(half(endpoint, path, 3 * ENVELOPE_BYTES, sent, Quietline_Work=one))
            for one in works[: 36 if not sent else 35]
        ]
        time.sleep(STALLED if sent else 0.5)
        fate = honest.Fate()
        assert [honest.report(endpoint, batch(), fate) for _ in range(3)] == [201] * 3
        if sent:  # the slowest made room
            told = [number for number, one in enumerate(halves) if is_answered(one)]
            assert {answer_of(halves[number]) for number in told} == {503}
            path = f"POST /api/v1/messages?epoch={honest.epoch(endpoint)}"
            again = honest.call(endpoint, path, batch(), Quietline_Work=works[told[0]])
            assert again[0] == 201
    process.stop(signal.SIGTERM)


def is_answered(connection: socket.socket) -> bool:
    """Say whether something was said on a connection, or will be in a moment."""
    connection.settimeout(0.2)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False


@pytest.mark.parametrize("sent", [0, CHUNK_BYTES - 1])
def test_half_a_chunk_keeps_no_other_out(start, sent):
    process = start(chunk_slots_initial=64, **SMALL_ROOM)
    endpoint = Endpoint(port=process.port)
    with ExitStack() as stack:
        for count in (4, 4):
            answer = work.solve(honest.call(endpoint, "GET /api/v1/work?for=chunks")[1])
            for _ in range(count):
                head = f"PUT /api/v1/chunks/{os.urandom(16).hex()}"
                stack.enter_context(half(endpoint, head, CHUNK_BYTES, sent, Quietline_Work=answer))
        time.sleep(STALLED if sent else 0.5)
        answer = work.solve(honest.call(endpoint, "GET /api/v1/work?for=chunks")[1])
        fate = honest.Fate()
        assert [honest.chunk(endpoint, answer, fate) for _ in range(3)] == [201] * 3
        assert honest.chunk(endpoint, answer, fate, honest.SLOW_3G) == 201
    process.stop(signal.SIGTERM)
