"""The line with which Tor begins a connection: demanded, bounded, of no use to a hostile one."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.server.admission.proxy_protocol import MAX_BYTES, BadLine, FirstLine
from app.server.settings import SettingsError
from tests.server.conftest import HOUR, Line
from tests.server.http.test_hostile import IMPATIENT
from tests.server.process import COMMAND, Process, environment

TOR = b"PROXY TCP6 fc00:dead:beef:4dad::0:f6 ::1 246 80\r\n"
OTHER = b"PROXY TCP6 fc00:dead:beef:4dad::0:f7 ::1 247 80\r\n"
NGINX = b"PROXY TCP4 198.51.100.7 127.0.0.1 51234 80\r\n"
WORK = b"GET /api/v1/work HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def within_an_hour() -> None:
    """Wait where the hour ends: each hour a caller has another name and may begin again."""
    left = HOUR - time.time() % HOUR
    if left < 60:
        time.sleep(left)


class Listening:
    """A server on a Unix socket, and the answers to what is sent to it byte by byte as it is."""

    def __init__(
        self, folder: Path, whose: str | None, more: tuple[str, ...] = (), **options: object
    ) -> None:
        line = Line(folder, now=time.time())
        line.publish()
        self.path = folder / "line.sock"
        settings = {"caller_per_minute": 3} | ({"proxy_protocol": whose} if whose else {})
        self.process = Process(line, "--uds", str(self.path), *more, **settings, **options)
        self.line = line

    def answer(self, *pieces: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(120)
            connection.connect(str(self.path))
            said = b""
            try:
                for piece in pieces:
                    connection.sendall(piece)
                while part := connection.recv(65_536):
                    said += part
            except (ConnectionResetError, BrokenPipeError):
                pass
            return said

    def statuses(self, calls: int, line: bytes) -> list[int]:
        within_an_hour()
        return [int(self.answer(line, WORK)[9:12]) for _ in range(calls)]


@pytest.fixture(scope="module")
def behind_tor(tmp_path_factory) -> Iterator[Listening]:
    listening = Listening(tmp_path_factory.mktemp("tor"), "tor")
    yield listening
    listening.process.stop(signal.SIGKILL)


def test_a_circuit_is_a_caller_and_its_flood_shuts_nobody_else_out(behind_tor):
    assert behind_tor.statuses(5, TOR) == [200, 200, 200, 429, 429]
    assert behind_tor.statuses(4, OTHER) == [200, 200, 200, 429]
    assert behind_tor.process.said[-1].startswith('{"level": "info", "event": "started"')


def test_the_line_may_come_in_pieces_and_with_the_request_behind_it(behind_tor):
    line = b"PROXY TCP6 fc00:dead:beef:4dad::9:1 ::1 1 80\r\n"
    everything = line + WORK
    assert behind_tor.answer(everything).startswith(b"HTTP/1.1 200 ")
    pieces = [everything[at : at + 1] for at in range(len(everything))]
    assert behind_tor.answer(*pieces).startswith(b"HTTP/1.1 200 ")


def test_every_request_of_a_connection_is_its_circuits(behind_tor):
    line = b"PROXY TCP6 fc00:dead:beef:4dad::9:2 ::1 1 80\r\n"
    within_an_hour()
    kept = WORK.replace(b"Connection: close\r\n", b"")
    said = behind_tor.answer(line + kept + kept + kept + WORK)
    assert [part[:3] for part in said.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"200", b"429"]


@pytest.mark.parametrize(
    "sent",
    [
        WORK,
        b"\r\n" + TOR + WORK,
        b"proxy TCP6 fc00:dead:beef:4dad::0:f6 ::1 246 80\r\n" + WORK,
        TOR.replace(b"\r\n", b"\n") + WORK,
        TOR + TOR + WORK,
        TOR.replace(b"4dad", b"4dae") + WORK,
        TOR.replace(b" 80", b"") + WORK,
        TOR.replace(b"246", b"65536") + WORK,
        TOR.replace(b"246", b"+24") + WORK,
        TOR.replace(b"TCP6", b"TCP4") + WORK,
        TOR.replace(b"TCP6", b"UDP6") + WORK,
        TOR.replace(b"\r\n", b" CANARY\r\n") + WORK,
        TOR.replace(b"::1", b"CANARY") + WORK,
        TOR.replace(b"::1", "²".encode()) + WORK,
        NGINX + WORK,
        b"PROXY UNKNOWN\r\n" + WORK,
        b"PROXY \r\n" + WORK,
        b"PROXY CANARY" + b"C" * 200,
        b"PROXY " + b"C" * 30_000,
        b"\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24" + bytes(36) + WORK,  # version 2
    ],
)
def test_what_does_not_begin_with_tors_line_is_refused_and_nothing_of_it_comes_back(
    behind_tor, sent
):
    said = behind_tor.answer(sent)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1  # and nothing after it was taken for a request
    assert b"urn:quietline:problem:bad-request" in said
    assert b"content-security-policy: default-src 'none'" in said
    for part in (b"CANARY", b"PROXY", b"CCC", b"beef"):
        assert part not in said


def test_an_endless_line_is_cut_off_where_it_cannot_be_one_any_more():
    line = FirstLine("any")
    for byte in b"PROXY UNKNOWN ".ljust(MAX_BYTES - 1, b"x"):
        assert line.feed(bytes([byte])) is None
    with pytest.raises(BadLine):
        line.feed(b"x")


@given(st.lists(st.integers(0, len(TOR) + 9), max_size=6))
def test_wherever_the_line_is_cut_it_is_read_the_same(cuts):
    everything = TOR + b"GET / HTTP"
    places = [0, *sorted(cuts), len(everything)]
    line, taken = FirstLine("tor"), None
    for start, end in pairwise(places):
        piece = everything[start:end]
        taken = line.feed(piece) if taken is None else (taken[0], taken[1] + piece)
    assert taken == ("fc00:dead:beef:4dad::0:f6", b"GET / HTTP")


@given(st.binary(max_size=300))
def test_no_bytes_are_taken_for_a_line_that_is_none(data):
    try:
        taken = FirstLine("any").feed(data)
    except BadLine:
        return
    assert taken is None or data.startswith((b"PROXY TCP", b"PROXY UNKNOWN"))


def test_half_a_line_is_waited_for_no_longer_than_half_a_head(tmp_path):
    listening = Listening(tmp_path, "tor", command=IMPATIENT)
    try:
        halves = (b"", TOR[:20], TOR)
        with ThreadPoolExecutor(len(halves)) as senders:
            assert set(senders.map(listening.answer, halves)) == {b""}
    finally:
        listening.process.stop(signal.SIGKILL)


def test_a_proxy_that_gives_addresses_leaves_none_on_disk_or_in_the_log(tmp_path):
    listening = Listening(tmp_path, "any")
    assert listening.statuses(4, NGINX) == [200, 200, 200, 429]
    assert listening.statuses(4, b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n") == [200] * 4
    assert listening.answer(b"PROXY TCP4 198.51.100.7\r\n").startswith(b"HTTP/1.1 400 ")
    listening.process.stop(signal.SIGKILL)
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) >= 2
    for content in (*kept, "".join(listening.process.said).encode()):
        assert b"198.51.100" not in content


def test_the_line_is_not_taken_where_nobody_asked_for_it(tmp_path, line):
    listening = Listening(tmp_path, None)
    assert listening.answer(TOR + WORK).startswith(b"HTTP/1.1 400 ")
    assert listening.answer(WORK).startswith(b"HTTP/1.1 200 ")
    listening.process.stop(signal.SIGKILL)
    with pytest.raises(SettingsError, match="The setting proxy_protocol input should be 'tor'"):
        line.settings(proxy_protocol="yes")


def test_tors_own_socket_demands_its_line_and_the_proxys_takes_none(tmp_path: Path) -> None:
    tor = tmp_path / "tor.sock"
    both = Listening(tmp_path, None, ("--tor-uds", str(tor)))
    try:
        assert both.statuses(5, b"") == [200] * 5  # behind a proxy everyone is the same: no limit
        assert both.answer(TOR + WORK).startswith(b"HTTP/1.1 400 ")
        both.path = tor
        assert both.statuses(4, TOR) == [200, 200, 200, 429]
        assert both.answer(WORK).startswith(b"HTTP/1.1 400 ")
    finally:
        assert both.process.stop(signal.SIGTERM) == 0
    assert not tor.exists()


def test_tors_own_socket_and_the_setting_for_all_are_not_taken_together(tmp_path: Path) -> None:
    line = Line(tmp_path, now=time.time())
    line.publish()
    done = subprocess.run(
        [*COMMAND, "run", "--tor-uds", tmp_path / "tor.sock"],
        env=environment(line, proxy_protocol="tor"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "take the setting proxy_protocol out" in done.stderr


def test_keys_are_taken_at_the_investigators_socket_alone_and_nothing_else_is_there(
    tmp_path: Path,
) -> None:
    tor, desk = tmp_path / "tor.sock", tmp_path / "desk.sock"
    more = ("--tor-uds", str(tor), "--desk-uds", str(desk))
    listening = Listening(tmp_path, None, more)
    keys = listening.line.upload(0, range(2))
    head = f"Host: x\r\nConnection: close\r\nContent-Length: {len(keys)}\r\n\r\n".encode()
    giving = b"POST /api/v1/bundles HTTP/1.1\r\n" + head + keys
    asking = [
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        for path in ("/api/v1/work", "/api/v1/bundles", "/api/v1/directory", "/", "/nowhere")
    ]
    probe = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    def statuses(at: Path, line: bytes, *requests: bytes) -> list[int]:
        listening.path = at
        return [int(listening.answer(line, request)[9:12]) for request in requests]

    try:
        web = tmp_path / "line.sock"
        assert statuses(web, b"", giving, probe, *asking) == [404, 200, 200, 200, 200, 404, 404]
        assert statuses(tor, TOR, giving, probe, *asking[:3]) == [404, 200, 200, 200, 200]
        assert statuses(desk, OTHER, *asking, probe, giving) == [404] * 5 + [200, 204]
        assert statuses(desk, b"", giving) == [400]  # Tor alone, there as well
    finally:
        assert listening.process.stop(signal.SIGTERM) == 0
