"""Two servers on one PostgreSQL: the same bytes for an epoch, and a leader that may die."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from app.protocol.answers import solve
from app.protocol.wire import EpochBundles
from tests.onion.process import until
from tests.server.process import COMMAND, Process

EPOCH = 3
PATIENCE = 240


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
def servers(line) -> Iterator[list[Process]]:
    """Two servers, the first of which leads."""
    line.prepare()
    running = [Process(line, peer=True, epoch_seconds=EPOCH) for _ in range(2)]
    yield running
    for one in running:
        if one.child.poll() is None:
            one.stop(signal.SIGKILL)


def bytes_of(client: httpx.Client) -> tuple[int, bytes, bytes]:
    """Return an epoch's number, bundles and challenges, all of one epoch."""
    while True:
        bundles = client.get("/api/v1/bundles").content
        challenges = client.get("/api/v1/challenges").content
        if client.get("/api/v1/bundles").content == bundles:
            return EpochBundles.parse(bundles).epoch, bundles, challenges


def compare(first: httpx.Client, second: httpx.Client, epochs: int) -> None:
    """Check that both give the same bytes for so many epochs."""
    seen: dict[int, set[tuple[bytes, bytes]]] = {}
    both: set[int] = set()

    def enough() -> bool:
        numbers = []
        for client in (first, second):
            number, *content = bytes_of(client)
            seen.setdefault(number, set()).add(tuple(content))
            numbers.append(number)
        if numbers[0] == numbers[1]:
            both.add(numbers[0])
        return len(both) >= epochs

    until(PATIENCE, "they do not give the same epochs", enough)
    assert all(len(contents) == 1 for contents in seen.values())


def says(process: Process, word: str) -> bool:
    return any(word in text for text in process.said)


def found(client: httpx.Client, line, one) -> int:
    return len(solve(bytes_of(client)[2], one.fetch_sk, line.line_id))


def test_all_give_the_same_bytes_and_another_leads_when_the_leader_dies(line, servers, batch):
    one = line.people[0]
    leader, other = servers
    with leader.client() as first, other.client() as second:
        compare(first, second, 3)
        body = batch(3, one.fetch)

        def posted() -> bool:
            number = bytes_of(second)[0]
            answer = second.post(f"/api/v1/messages?epoch={number}", content=body)
            assert answer.status_code in (201, 409)  # an epoch of two seconds may be over already
            return answer.status_code == 201

        def everywhere() -> bool:
            return found(first, line, one) == found(second, line, one) == 3

        until(PATIENCE, "the message is not taken", posted)
        until(PATIENCE, "the message is not in both servers' challenges", everywhere)
        number = bytes_of(second)[0]
        leader.stop(signal.SIGKILL)
        until(PATIENCE, "nobody follows the leader", lambda: bytes_of(second)[0] > number + 1)
        assert found(second, line, one) == 3
    servers.append(Process(line, peer=True, epoch_seconds=EPOCH))
    with other.client() as second, servers[-1].client() as third:
        compare(second, third, 2)  # who comes back follows


def test_a_leader_that_hangs_is_deposed_and_follows_when_it_comes_back(line, servers):
    leader, other = servers
    with leader.client() as first, other.client() as second:
        compare(first, second, 1)
        number = bytes_of(second)[0]
        leader.child.send_signal(signal.SIGSTOP)
        try:
            until(PATIENCE, "nobody deposes it", lambda: bytes_of(second)[0] > number + 1)
        finally:
            leader.child.send_signal(signal.SIGCONT)
        until(PATIENCE, "the other does not say so", lambda: says(other, "leader-deposed"))
        compare(first, second, 2)


def test_a_second_server_without_an_address_is_refused(line, servers):
    environment = servers[0].environment.copy()
    del environment["QUIETLINE_PEER_ADDRESS"]
    done = subprocess.run(
        [*COMMAND, "run", "--port", "1"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "set peer_address on both" in done.stderr
