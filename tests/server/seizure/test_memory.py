"""The server's memory behind a real proxy: no caller's address, no user agent.

As in production: the server on a Unix socket, nginx before it as deploy/ sets it up, a client with
an address and a user agent of its own.
"""

from __future__ import annotations

import signal
import socket
import ssl
import time
from collections.abc import Iterator

import httpx
import pytest

from app.protocol.wire import EpochBundles
from tests.deploy import proxies
from tests.server.process import Process
from tests.server.seizure import memory, traces
from tests.server.seizure.week import ADDRESS, CODE, FILE_NAME, TELLING, TEXT, USER_AGENT
from tests.working import Working


@pytest.fixture
def behind(line, tmp_path) -> Iterator[tuple[Process, proxies.Proxy]]:
    """Start a server and a proxy before it."""
    line.now = time.time()
    line.publish()
    (tmp_path / "proxy").mkdir()
    proxy = proxies.nginx(tmp_path / "proxy")
    server = Process(line, "--uds", str(proxy.socket))
    with proxies.running(proxy):
        began = time.monotonic()
        while not answers(proxy.port):
            assert time.monotonic() - began < 120
        yield server, proxy
    server.stop(signal.SIGTERM)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def visits(proxy: proxies.Proxy, line, batch) -> None:
    """Make some hundred calls of every kind, right ones and wrong ones, then go."""
    trust = ssl.create_default_context(cafile=str(proxy.certificate))
    trust.check_hostname = False  # the certificate's name leads nowhere here
    with httpx.Client(
        transport=httpx.HTTPTransport(local_address=ADDRESS, verify=trust),
        base_url=f"https://127.0.0.1:{proxy.port}",
        headers=TELLING | {"host": proxies.NAME},
        timeout=120,
        auth=Working(),
    ) as client:
        for number in range(40):
            for call in ("directory", "bundles", "challenges", "work", "openapi.json", "nothing"):
                client.get(f"/api/v1/{call}")
            epoch = EpochBundles.parse(client.get("/api/v1/bundles").content).epoch
            answer = client.post(f"/api/v1/messages?epoch={epoch}", content=batch())
            assert answer.status_code in (201, 409, 503)
            client.get(f"/api/v1/messages/{number:032x}")
            client.delete(f"/api/v1/messages/{number:032x}")
            client.put(f"/api/v1/chunks/{number % 8:032x}", content=bytes(262_144))
            client.head(f"/api/v1/chunks/{number:032x}")
            client.put(f"/api/v1/chunks/{FILE_NAME}", content=TEXT.encode())
            client.post("/api/v1/messages", content=TEXT.encode())
            client.get("/", params={"code": CODE})
            client.get("/healthz")
        client.post("/api/v1/bundles", content=line.upload(0, range(2)))


def test_no_address_and_no_user_agent_is_in_memory_or_on_disk_after_hundreds_of_calls(
    behind, line, batch
):
    server, proxy = behind
    visits(proxy, line, batch)
    sought = [*memory.shapes_of(ADDRESS), USER_AGENT.encode()]
    known = b"/api/v1/messages"
    assert list(memory.found(server.child.pid, [*sought, known])) == [known]
    assert traces.words(line.data, [ADDRESS, USER_AGENT, TEXT, FILE_NAME, CODE]) == []
    assert not any(ADDRESS in said or USER_AGENT in said for said in server.said)

    # It would be seen: what reaches the server past the proxy is there while the call lasts.
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as call:
        call.connect(str(proxy.socket))
        call.sendall(f"GET / HTTP/1.1\r\nX-Real-IP: {ADDRESS}\r\nHost: a".encode())
        began = time.monotonic()
        while not memory.found(server.child.pid, sought):
            assert time.monotonic() - began < 120
