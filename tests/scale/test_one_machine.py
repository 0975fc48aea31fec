"""Several servers on one machine, by Unix sockets alone: what is promised of one holds for all.

An answer to a challenge is taken once, there is one budget and one epoch, what one keeps all give.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from app.protocol import work
from app.protocol.answers import solve
from app.protocol.wire import CHUNK_BYTES, BundleUpload, EpochBundles
from tests.onion.process import needed, until
from tests.scale.line import BUCKET, LEADERS, ObjectStore
from tests.scale.load import WORDS, Clients, nothing_is_lost
from tests.server.admission.test_shared import Store
from tests.server.conftest import Line, fake_batch, postgres
from tests.server.http.test_killed import KILLS
from tests.server.process import environment
from tests.server.quick import QuickServer

__all__ = ["postgres"]

REPORTERS = 2
REPLAYED = "urn:quietline:problem:work-replayed"


class Machine:
    """Servers as systemd starts them from their template, and what they share."""

    def __init__(self, line: Line, store: Store, sockets: Path) -> None:
        self.line = line
        self.sockets = sockets
        self.store = store
        self.servers: list[QuickServer] = []
        self._settings: dict[str, object] = {}

    def begin(self, count: int = 2, **settings: object) -> list[QuickServer]:
        """Start so many servers."""
        self._settings = settings
        self.line.prepare()
        self.servers = [self.start(number) for number in range(1, count + 1)]
        return self.servers

    def start(self, number: int) -> QuickServer:
        """Start a server by its number, at its own socket."""
        place = self.socket(number)
        settings = {"epoch_seconds": 3_600, "blob_url": f"s3://{BUCKET}/attachments"}
        settings |= self.store.settings | self._settings | {"peer_address": f"unix://{place}"}
        return QuickServer(environment(self.line, **settings), place)

    def socket(self, number: int) -> Path:
        """Return where a server listens."""
        return self.sockets / f"{number}.sock"

    def close(self) -> None:
        """End the servers."""
        for server in self.servers:
            server.kill()


@pytest.fixture
def machine(tmp_path: Path, postgres) -> Iterator[Machine]:
    with ExitStack() as stack:
        store = Store(tmp_path, needed("valkey-server", "redis-server"))
        stack.callback(store.kill)
        s3 = ObjectStore()
        stack.callback(s3.close)
        short = stack.enter_context(tempfile.TemporaryDirectory(prefix="ql-", dir="/tmp"))
        running = Machine(Line(tmp_path, postgres.url(postgres.create())), store, Path(short))
        stack.callback(running.close)
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[..., list[httpx.Client]]]:
    """Return a function that connects to servers, without work of its own accord."""
    clients: list[httpx.Client] = []

    def connected(servers: list[QuickServer]) -> list[httpx.Client]:
        made = [a_client(server.socket) for server in servers]
        clients.extend(made)
        return made

    yield connected
    for client in clients:
        client.close()


def answer(client: httpx.Client, what: str = work.BATCH) -> dict[str, str]:
    return {work.HEADER: work.solve(client.get(work.CHALLENGE_PATHS[what]).content)}


def epoch(client: httpx.Client) -> int:
    return EpochBundles.parse(client.get("/api/v1/bundles").content).epoch


def post(client: httpx.Client, header: dict[str, str], body: bytes | None = None) -> httpx.Response:
    path = f"/api/v1/messages?epoch={epoch(client)}"
    return client.post(path, content=body or fake_batch(), headers=header)


def a_client(place: Path) -> httpx.Client:
    transport = httpx.HTTPTransport(uds=str(place))
    return httpx.Client(transport=transport, base_url="http://line", timeout=120)


def led_by(machine: Machine, *servers: QuickServer) -> None:
    """Wait until one of these servers leads, as the others do who are not told that one died."""
    sockets = {str(server.socket) for server in servers}

    def leads() -> bool:
        names = {str(name).rpartition("unix://")[2] for (name,) in machine.line.sql(LEADERS)}
        return bool(names & sockets)

    until(120, "nobody leads", leads)


def test_work_of_one_server_is_taken_by_another_and_only_once(machine: Machine, connect) -> None:
    one, other = connect(machine.begin())
    for first, second in ((one, other), (other, one)):
        header = answer(first)
        assert post(second, header).status_code == 201
        for again in (first, second):
            assert post(again, header).json()["type"] == REPLAYED
    bought = answer(one, work.FILES)
    path, chunk = f"/api/v1/chunks/{os.urandom(16).hex()}", bytes(CHUNK_BYTES)
    for _ in range(work.CHUNKS // 2):  # one answer buys 32 chunks, wherever
        for client in (one, other):
            assert client.put(path, content=chunk, headers=bought).is_success
    assert other.put(path, content=chunk, headers=bought).json()["type"] == REPLAYED


def test_every_server_gives_and_takes_the_same(machine: Machine, connect) -> None:
    clients = connect(machine.begin(epoch_seconds=3))
    line, investigator = machine.line, machine.line.people[0]
    for index, client in enumerate(clients):
        assert post(client, answer(client), fake_batch(3, investigator.fetch)).is_success
        upload = line.upload(index, range(2))
        assert client.post("/api/v1/bundles", content=upload).status_code == 204
    chunks = []
    for client in clients:
        chunks.append((f"/api/v1/chunks/{os.urandom(16).hex()}", os.urandom(CHUNK_BYTES)))
        path, content = chunks[-1]
        bought = answer(client, work.FILES)
        assert client.put(path, content=content, headers=bought).status_code == 201
    for client in clients:
        for path, content in chunks:
            assert client.head(path).status_code == 200
            assert client.get(path).content == content
        assert client.head(f"/api/v1/chunks/{'0' * 32}").status_code == 404

    begun, seen = epoch(clients[0]), dict[int, set[bytes]]()
    both: set[int] = set()

    def enough() -> bool:
        numbers = []
        for client in clients:
            number, rows = epoch(client), client.get("/api/v1/challenges").content
            if epoch(client) == number:
                seen.setdefault(number, set()).add(rows)
                numbers.append(number)
        both.update(numbers[:1] if len(numbers) == 2 and len(set(numbers)) == 1 else [])
        return len([number for number in both if number > begun + 1]) >= 2

    until(240, "they do not give the same epochs", enough)
    assert all(len(sets) == 1 for sets in seen.values())
    for client in clients:
        bundles = EpochBundles.parse(client.get("/api/v1/bundles").content)
        stored = BundleUpload.parse(line.upload(0, range(2))).bundles
        (window,) = {one.not_before for one in bundles.bundles.values()}
        assert window in {one.not_before for one in stored}
        assert set(bundles.bundles) == {0, 1}
    rows = clients[1].get("/api/v1/challenges").content
    ids = [one.hex() for one in solve(rows, investigator.fetch_sk, line.line_id)]
    assert len(ids) == 6
    read = [{client.get(f"/api/v1/messages/{one}").content for client in clients} for one in ids]
    assert all(len(contents) == 1 for contents in read)
    assert clients[1].delete(f"/api/v1/messages/{ids[0]}").status_code == 204
    gone = {client.get(f"/api/v1/messages/{ids[0]}").content for client in clients}
    assert not gone & read[0]
    assert [text for server in machine.servers for text in server.said if "error" in text] == []


def test_servers_share_one_budget(machine: Machine, connect) -> None:
    clients = connect(machine.begin(reports_per_second=1))
    headers, body = [answer(client) for client in clients * 6], fake_batch()
    statuses: Counter[int] = Counter()
    began = time.monotonic()
    for client, header in zip(clients * 6, headers, strict=True):
        statuses[post(client, header, body).status_code] += 1
    most = 3 + time.monotonic() - began  # 1 a second and 2 saved up, not twice that
    assert 1 <= statuses[201] <= most
    assert statuses[503] == 12 - statuses[201]


def test_a_line_that_is_full_is_full_at_every_server_and_costs_no_work(
    machine: Machine, connect
) -> None:
    clients = connect(machine.begin(slots_initial=64, slots_cap=64))
    bought = [answer(client) for client in clients]
    for client in [clients[0]] * 21:  # 63 of 64 places, three at a time
        assert post(client, answer(client)).status_code == 201
    for client, header in zip(clients, bought, strict=True):
        for _ in range(2):  # the second server knows from the database, and the work is still good
            assert post(client, header).json()["type"] == "urn:quietline:problem:full"


def test_one_that_is_killed_costs_the_others_nothing_and_comes_back_as_it_was(
    machine: Machine, connect
) -> None:
    servers = machine.begin(3)
    person = machine.line.people[0]
    one, other, third = connect(servers)
    spent, unused = answer(one), answer(one)
    assert post(one, spent, fake_batch(3, person.fetch)).status_code == 201
    servers[0].kill()
    for client in (other, third):  # what it gave out is still good, what was spent there is spent
        assert post(client, spent).json()["type"] == REPLAYED
        assert post(client, answer(other)).status_code == 201
    led_by(machine, *servers[1:])
    servers[0] = machine.start(1)  # it takes everyone's epoch from who leads meanwhile
    (again,) = connect(servers[:1])
    assert post(again, spent).json()["type"] == REPLAYED
    assert post(again, unused).status_code == 201
    rows = again.get("/api/v1/challenges").content
    assert rows == other.get("/api/v1/challenges").content


# The client's library forgets to close a socket whose server has just gone.
@pytest.mark.filterwarnings("ignore:.*unclosed <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:.*<socket.socket:pytest.PytestUnraisableExceptionWarning")
def test_killed_in_turn_at_random_instants_nothing_is_lost_and_the_other_goes_on(
    machine: Machine, connect
) -> None:
    servers = machine.begin(epoch_seconds=2, slots_initial=2_048, slots_cap=2_048)
    fetch = machine.line.people[0].fetch
    with ExitStack() as stack:
        clients = [
            stack.enter_context(Clients(partial(a_client, server.socket), fetch, REPORTERS))
            for server in servers
        ]
        for turn in range(KILLS // 2):
            victim = turn % 2
            clients[victim].more(random.randrange(3), chunks=0)
            threading.Event().wait(random.uniform(0, 0.1))  # somewhere in the load
            servers[victim].kill()
            clients[1 - victim].more(2, chunks=0)
            led_by(machine, servers[1 - victim])
            servers[victim] = machine.start(victim + 1)
            clients[victim].more(1, chunks=0)
    sets: dict[int, set[bytes]] = {}
    for told in (one.told for one in clients):
        assert told.failed == []
        refused = {one for one in told.answers if not 200 <= one[0] < 300}
        assert refused <= WORDS, refused - WORDS
        for number, seen in told.sets.items():
            sets.setdefault(number, set()).update(seen)
        for client in connect(servers):
            nothing_is_lost(client, machine.line, told)
    assert all(len(contents) == 1 for contents in sets.values())  # the same for everyone
    assert sum(len(one.told.chunks) for one in clients) > 0
    gc.collect()  # sockets that the client's library forgot are found here, not in another test


def test_each_finishes_what_is_under_way_when_it_is_stopped(machine: Machine, connect) -> None:
    servers, body = machine.begin(), fake_batch()
    for server, client in zip(servers, connect(servers), strict=True):
        number, header = epoch(client), answer(client)[work.HEADER]
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(server.socket))
            head = (
                f"POST /api/v1/messages?epoch={number} HTTP/1.1\r\nHost: x\r\n"
                f"{work.HEADER}: {header}\r\nExpect: 100-continue\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode())
            assert connection.recv(25).startswith(b"HTTP/1.1 100 ")  # it is under way
            connection.sendall(body[:30_000])
            server.send(signal.SIGTERM)
            connection.sendall(body[30_000:])
            assert connection.recv(64).startswith(b"HTTP/1.1 201")
        assert server.stop(signal.SIGTERM) == 0
        assert not server.socket.exists()
