"""Several processes on one machine: what one has taken none takes again, and all say the same."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from app.protocol import work
from app.protocol.answers import solve
from app.protocol.wire import CHUNK_BYTES, BundleUpload, EpochBundles
from app.server.settings import SettingsError
from tests.server.admission.test_shared import store  # noqa: F401
from tests.server.conftest import fake_batch
from tests.server.process import Process

PATIENCE = 120


def children(process: Process) -> list[int]:
    """Return the numbers of the process's children that run."""
    path = Path(f"/proc/{process.child.pid}/task/{process.child.pid}/children")
    return [int(number) for number in path.read_text().split()]


class Each:
    """A client of each process, on connections that stay with the process that took them."""

    def __init__(self, process: Process, every: set[int] | None = None) -> None:
        self.clients: list[httpx.Client] = []
        every = every or set(children(process))
        self._found: set[int] = set()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            client = httpx.Client(base_url=f"http://127.0.0.1:{process.port}", timeout=PATIENCE)
            client.get("/api/v1/work")
            (owner,) = [pid for pid in every if has_connection(pid, port_of(client))]
            if owner in self._found:
                client.close()
                continue
            self._found.add(owner)
            self.clients.append(client)
            if self._found == every:
                return
        self.__exit__()
        raise AssertionError("one process takes all connections")

    def __enter__(self) -> list[httpx.Client]:
        return self.clients

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.close()


def port_of(client: httpx.Client) -> int:
    (connection,) = client._transport._pool.connections
    stream = connection._connection._network_stream
    return stream.get_extra_info("client_addr")[1]


def has_connection(pid: int, port: int) -> bool:
    """Say whether a process holds the server's end of a connection from a port."""
    rows = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    inodes = {row.split()[9] for row in rows if row.split()[2] == f"0100007F:{port:04X}"}
    held = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            held.add(str(handle.readlink()))
        except FileNotFoundError:
            continue
    return any(f"socket:[{inode}]" in held for inode in inodes)


def answer(client: httpx.Client, what: str = work.BATCH) -> dict[str, str]:
    return {work.HEADER: work.solve(client.get(work.CHALLENGE_PATHS[what]).content)}


def epoch(client: httpx.Client) -> int:
    return EpochBundles.parse(client.get("/api/v1/bundles").content).epoch


def post(client: httpx.Client, header: dict[str, str], body: bytes | None = None) -> httpx.Response:
    path = f"/api/v1/messages?epoch={epoch(client)}"
    return client.post(path, content=body or fake_batch(), headers=header)


@pytest.fixture
def two(start) -> Process:
    return start(workers=2, epoch_seconds=3_600)


def test_work_of_one_process_is_taken_by_another_and_only_once(two):
    with Each(two) as (one, other):
        for first, second in ((one, other), (other, one)):
            header = answer(first)
            assert post(second, header).status_code == 201
            for again in (first, second):
                refused = post(again, header)
                assert refused.json()["type"] == "urn:quietline:problem:work-replayed"
        bought = answer(one, work.FILES)
        path, chunk = f"/api/v1/chunks/{os.urandom(16).hex()}", bytes(CHUNK_BYTES)
        for _ in range(work.CHUNKS // 2):  # one answer buys 32 chunks, wherever
            for client in (one, other):
                assert client.put(path, content=chunk, headers=bought).is_success
        refused = other.put(path, content=chunk, headers=bought)
        assert refused.json()["type"] == "urn:quietline:problem:work-replayed"


def test_each_process_knows_how_full_the_line_is_once_it_has_stored_something(start):
    two = start(  # no epoch comes to tell it
        workers=2, epoch_seconds=3_600, work_steps=4, slots_initial=64, slots_cap=64
    )
    with Each(two) as clients:
        for _ in range(5):
            assert post(clients[0], answer(clients[0])).status_code == 201
        for client in clients:
            assert post(client, answer(client)).status_code == 201
        for client in clients:
            challenge = client.get("/api/v1/work").json()
            assert challenge["parameters"]["data"]["most"] > 4


def test_every_process_gives_and_takes_the_same(line, start):
    two = start(workers=2, epoch_seconds=3)
    investigator = line.people[0]
    with Each(two) as clients:
        for index, client in enumerate(clients):
            assert post(client, answer(client), fake_batch(3, investigator.fetch)).is_success
            upload = line.upload(index, range(2))
            assert client.post("/api/v1/bundles", content=upload).status_code == 204
        chunks = []
        for client in clients:
            chunks.append((f"/api/v1/chunks/{os.urandom(16).hex()}", os.urandom(CHUNK_BYTES)))
            path, content = chunks[-1]
            assert (
                client.put(path, content=content, headers=answer(client, work.FILES)).status_code
                == 201
            )
        for client in clients:
            for path, content in chunks:
                assert client.head(path).status_code == 200
                assert client.get(path).content == content
            assert client.head(f"/api/v1/chunks/{'0' * 32}").status_code == 404
        begun = epoch(clients[0])
        seen: dict[int, set[bytes]] = {}
        while len([number for number in seen if number > begun + 1]) < 2:
            for client in clients:
                number = epoch(client)
                rows = client.get("/api/v1/challenges").content
                if epoch(client) == number:
                    seen.setdefault(number, set()).add(rows)
        assert all(len(sets) == 1 for sets in seen.values())
        assert len(set.union(*seen.values())) == len(seen)
        for client in clients:
            bundles = EpochBundles.parse(client.get("/api/v1/bundles").content)
            stored = BundleUpload.parse(line.upload(0, range(2))).bundles
            (window,) = {one.not_before for one in bundles.bundles.values()}
            assert window in {one.not_before for one in stored}
            assert set(bundles.bundles) == {0, 1}
        rows = clients[1].get("/api/v1/challenges").content
        ids = [one.hex() for one in solve(rows, investigator.fetch_sk, line.line_id)]
        assert len(ids) == 6
        read = [
            {client.get(f"/api/v1/messages/{one}").content for client in clients} for one in ids
        ]
        assert all(len(contents) == 1 for contents in read)
        assert clients[1].delete(f"/api/v1/messages/{ids[0]}").status_code == 204
        gone = [client.get(f"/api/v1/messages/{ids[0]}").content for client in clients]
        assert not set(gone) & read[0]
    assert [text for text in two.said if "error" in text] == []


def test_processes_share_one_budget_and_one_line_that_is_full(start):
    two = start(
        workers=2, epoch_seconds=3_600, reports_per_second=1, slots_initial=64, slots_cap=64
    )
    with Each(two) as clients:
        headers = [answer(client) for client in clients * 6]
        body, statuses, began = fake_batch(), Counter(), time.monotonic()
        for client, header in zip(clients * 6, headers, strict=True):
            statuses[post(client, header, body).status_code] += 1
        most = 3 + time.monotonic() - began  # 1 a second and 2 saved up, not twice that
        assert 2 <= statuses[201] <= most
        assert statuses[503] == 12 - statuses[201]


def test_what_fails_in_the_keeper_is_told_as_it_is(start):
    two = start(workers=2, epoch_seconds=3_600, slots_initial=64, slots_cap=64)
    with Each(two) as clients:
        for client in clients * 10:
            assert post(client, answer(client)).status_code == 201
        bought = [answer(client) for client in clients]
        assert post(clients[0], answer(clients[0])).status_code == 201  # the last that fits
        for client, header in zip(clients, bought, strict=True):
            for _ in range(2):  # the work is still good
                assert post(client, header).json()["type"] == "urn:quietline:problem:full"


def test_a_helper_that_is_killed_is_replaced_and_the_others_go_on_meanwhile(start):
    three = start(workers=3, epoch_seconds=3_600)
    before = children(three)
    with Each(three) as clients:  # one for each process
        os.kill(before[1], signal.SIGKILL)
        alive = []
        for client in clients:
            with suppress(httpx.TransportError):
                alive.append(post(client, answer(client)).status_code)
        assert set(alive) == {201}
        assert len(alive) >= 2
    with Each(three, replaced(three, before)) as clients:
        for client in clients:  # the new one, too, and with the same key and count of work
            for other in clients:
                header = answer(client)
                assert post(other, header).status_code == 201
                assert post(client, header).json()["type"] == "urn:quietline:problem:work-replayed"
    assert sum("helper-replaced" in text for text in three.said) == 1


def test_a_keeper_that_is_killed_is_replaced_with_its_helpers_and_nothing_is_lost(line, start):
    two = start(workers=2, epoch_seconds=3_600)
    person, before = line.people[0], children(two)
    with two.client() as client:
        spent = answer(client)
        assert post(client, spent, fake_batch(3, person.fetch)).status_code == 201
        unused = answer(client)
    os.kill(before[0], signal.SIGKILL)
    for pid in before:
        gone(pid)
    with two.client() as client:  # the socket stayed open: who calls meanwhile waits
        for old in (spent, unused):
            refused = post(client, old)  # nobody knows any more what was spent
            assert refused.json()["type"] == "urn:quietline:problem:work-needed"
        assert post(client, answer(client)).status_code == 201
        rows = client.get("/api/v1/challenges").content
        assert len(solve(rows, person.fetch_sk, line.line_id)) == 3
    after = replaced(two, before)
    assert not after & set(before)
    with Each(two, after):
        pass  # each of them takes calls
    assert sum("keeper-replaced" in text for text in two.said) == 1


def test_who_is_killed_first_of_all_takes_all_with_it(start):
    three = start(workers=3, epoch_seconds=3_600)
    pids = children(three)
    assert len(pids) == 3
    three.stop(signal.SIGKILL)
    for pid in pids:
        gone(pid)


def test_a_keeper_that_cannot_start_is_not_tried_again(line, start):
    two = start(workers=2, epoch_seconds=3_600)
    line.directory_file.write_bytes(b"not a directory")
    os.kill(children(two)[0], signal.SIGKILL)
    two.child.wait(PATIENCE)
    assert two.stop(signal.SIGTERM) == 3  # as uvicorn ends where it cannot start
    assert sum("keeper-replaced" in text for text in two.said) == 1


def replaced(process: Process, before: list[int]) -> set[int]:
    """Wait until there are as many processes as before, not all of them the same."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        now = set(children(process))
        if len(now) == len(before) and now != set(before):
            return now
        time.sleep(0.02)
    raise AssertionError("nobody is replaced")


def gone(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (FileNotFoundError, ProcessLookupError):
            return
    raise AssertionError("it is still there")


def test_what_is_under_way_in_every_process_is_finished_at_the_end(start):
    two = start(workers=2, epoch_seconds=3_600)
    pids = children(two)
    body = fake_batch()
    under_way: dict[int, socket.socket] = {}
    while len(under_way) < 2:
        connection = socket.create_connection(("127.0.0.1", two.port))
        holders: list[int] = []
        while not holders:
            port = connection.getsockname()[1]
            holders = [pid for pid in pids if has_connection(pid, port)]
        if holders[0] in under_way:
            connection.close()
        else:
            under_way[holders[0]] = connection
    with two.client() as client:
        number_now = epoch(client)
        for connection in under_way.values():
            head = (
                f"POST /api/v1/messages?epoch={number_now} HTTP/1.1\r\nHost: x\r\n"
                f"{work.HEADER}: {answer(client)[work.HEADER]}\r\nExpect: 100-continue\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode())
            assert connection.recv(25).startswith(b"HTTP/1.1 100 ")  # it is under way
            connection.sendall(body[:30_000])
    two.child.send_signal(signal.SIGTERM)
    for connection in under_way.values():
        connection.sendall(body[30_000:])
        assert connection.recv(64).startswith(b"HTTP/1.1 201")
        connection.close()
    assert two.stop(signal.SIGTERM) == 0
    for pid in pids:
        gone(pid)
    assert '"stopped"' in two.said[-1]


def test_a_new_server_takes_the_socket_of_one_that_was_killed_with_its_helpers(line, start):
    path = line.folder / "line.sock"
    transport = httpx.HTTPTransport(uds=str(path))
    with httpx.Client(transport=transport, base_url="http://line") as client:
        for number in (signal.SIGKILL, signal.SIGTERM):
            process = start("--uds", str(path), workers=3)
            for _ in range(10):
                assert client.get("/healthz", headers={"connection": "close"}).is_success
            process.stop(number)


def test_with_a_shared_store_processes_count_there(start, store):  # noqa: F811
    two = start(workers=2, epoch_seconds=3_600, **store.settings | {"servers": 1})
    with Each(two) as (one, other):
        header = answer(one)
        assert post(other, header).status_code == 201
        for again in (one, other):
            refused = post(again, header)
            assert refused.json()["type"] == "urn:quietline:problem:work-replayed"
        store.kill()
        header = answer(one)  # of this process's own
        assert post(one, header).json()["type"] == "urn:quietline:problem:work-needed"
        assert post(one, answer(one)).status_code == 201


def test_a_part_that_is_too_small_does_not_start(line):
    with pytest.raises(SettingsError, match="intake_bytes is below 2097152 for each of 4 workers"):
        line.settings(workers=4, intake_bytes=4 * 2**20)
