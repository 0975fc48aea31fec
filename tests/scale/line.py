"""A whole line of several servers on real engines, each part of which can be killed and come back.

Two processes of ``quietline server run``, each on a Unix socket for the proxy and on a port for the
other server; PostgreSQL, Valkey, moto's server for S3; nginx or Caddy in front, as in deploy/.
"""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from tests.deploy import proxies
from tests.onion.process import needed, until
from tests.server.admission.test_shared import Store
from tests.server.conftest import Line
from tests.server.postgres import Cluster
from tests.server.process import Process

EPOCH_SECONDS = 2
BUCKET = "line"
_STARTS_WITHIN = 120
LEADERS = (
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 20844 AND l.objid = 2"
)


class ThroughTheProxy(httpx.HTTPTransport):
    """Calls the proxy on loopback by the name in its certificate."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["host"] = proxies.NAME
        request.extensions["sni_hostname"] = proxies.NAME
        return super().handle_request(request)


class ScaledLine:
    """The parts, running. ``line`` is the agency's side."""

    def __init__(
        self, line: Line, postgres: Cluster, store: Store, s3: ObjectStore, proxy: str
    ) -> None:
        self.line = line
        self.postgres = postgres
        self.store = store
        self.s3 = s3
        self.proxy = several(line.folder, proxy)
        self.sockets = [line.folder / "server.sock", line.folder / "server-2.sock"]
        self.servers: list[Process] = []
        self._front: subprocess.Popen[bytes] | None = None

    def start_server(self, number: int) -> None:
        """Start a server as its supervisor would: the same command on the same socket."""
        process = Process(
            self.line,
            "--uds",
            str(self.sockets[number]),
            peer=True,
            blob_url=f"s3://{BUCKET}/attachments",
            epoch_seconds=EPOCH_SECONDS,
            slots_initial=2_048,
            slots_cap=2_048,
            **self.store.settings,
        )
        self.servers[number : number + 1] = [process]

    def kill_server(self, number: int) -> None:
        """Kill a server at once."""
        self.servers[number].stop(signal.SIGKILL)

    def start_proxy(self) -> None:
        """Start the proxy, and wait until the line answers through it."""
        with (self.proxy.folder / "said").open("wb") as heard:
            self._front = subprocess.Popen(
                self.proxy.command,
                stdin=subprocess.DEVNULL,
                stdout=heard,
                stderr=heard,
                env=os.environ
                | {"HOME": str(self.proxy.folder), "XDG_DATA_HOME": str(self.proxy.folder)},
            )
        with self.client() as client:
            until(_STARTS_WITHIN, "the proxy does not start", lambda: _answers(client))

    def reload_proxy(self) -> None:
        """Have nginx read its configuration again: new workers take over from the old ones."""
        if self._front is not None:
            self._front.send_signal(signal.SIGHUP)

    def client(self) -> httpx.Client:
        """Return a client that comes through the proxy."""
        transport = ThroughTheProxy(
            verify=ssl.create_default_context(cafile=self.proxy.certificate)
        )
        return httpx.Client(
            transport=transport, base_url=f"https://127.0.0.1:{self.proxy.port}", timeout=60
        )

    def leaders(self) -> list[str]:
        """Return the addresses of the servers that hold the lead in the database."""
        names = self.postgres.sql(LEADERS)
        return [str(name).removeprefix("quietline-leader ") for (name,) in names]

    def stop(self) -> None:
        """End servers and proxy."""
        for server in self.servers:
            if server.child.poll() is None:
                server.stop(signal.SIGKILL)
        if self._front is not None:
            self._front.terminate()
            self._front.wait(120)


KEPT = {
    "nginx": ("# server unix:/run/quietline-2/server.sock", "server unix:{}"),
    "caddy": ("# to unix//run/quietline-2/server.sock", "to unix/{}"),
}
"""The line that each file of deploy/ keeps for a second server, and as it is with one."""


def several(folder: Path, name: str) -> proxies.Proxy:
    """Set up a proxy of deploy/ and give it its second server."""
    proxy = proxies.SETUPS[name](folder)
    file = folder / {"nginx": "nginx.conf", "caddy": "Caddyfile"}[name]
    kept, used = KEPT[name]
    text = file.read_text()
    if kept not in text:
        raise ValueError(f"{kept!r} is not in the file any more")
    file.write_text(text.replace(kept, used.format(folder / "server-2.sock")))
    return proxy


@contextmanager
def running(folder: Path, cluster: Cluster, proxy: str) -> Iterator[ScaledLine]:
    """Start everything on an empty database; end it afterwards."""
    line = Line(folder, cluster.url(cluster.create()))
    with ExitStack() as stack:
        store = Store(folder, needed("valkey-server", "redis-server"))
        stack.callback(store.kill)
        s3 = ObjectStore()
        stack.callback(s3.close)
        scaled = ScaledLine(line, cluster, store, s3, proxy)
        stack.callback(scaled.stop)
        line.prepare()
        for number in range(2):
            scaled.start_server(number)
        scaled.start_proxy()
        yield scaled


class ObjectStore:
    """moto's server with one empty bucket, named by the environment; it can stop and come back."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        _, self._port = self._server.get_host_and_port()
        self._environment = pytest.MonkeyPatch()
        address = f"http://127.0.0.1:{self._port}"
        values = {
            "ACCESS_KEY_ID": "key",
            "SECRET_ACCESS_KEY": "secret",
            "REGION": "us-east-1",
            "DEFAULT_REGION": "us-east-1",
            "ENDPOINT_URL": address,
            "ALLOW_HTTP": "true",
        }
        for name, value in values.items():
            self._environment.setenv(f"AWS_{name}", value)
        httpx.post(f"{address}/moto-api/reset")
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        client.close()

    def stop(self) -> None:
        """Answer nobody any more; what is kept stays."""
        self._server.stop()

    def start(self) -> None:
        """Answer again, at the same address."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()

    def close(self) -> None:
        """End it for good."""
        self.stop()
        self._environment.undo()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
