"""A whole line behind two onions in a private Tor network.

The onions are those of deploy/tor/torrc: the reporters' onto the server's Unix socket for Tor; the
investigators', closed to whoever has no key, onto one of its own. Reporters have one Tor, and each
investigator one of their own, as in life.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.cli.demo import world as worlds
from app.cli.demo.children import Children
from app.cli.demo.reports import POLICE, SUPPORT
from app.protocol.bundles import open_bundles
from app.protocol.directory import open_directory
from tests import small_sets
from tests.onion.network import Incomplete, Network
from tests.onion.process import Tor, until
from tests.onion.socks import NotReached, get
from tests.ports import free_port

DEPLOYED = Path(__file__).parents[2] / "deploy" / "tor" / "torrc"
INVESTIGATORS: tuple[worlds.Enrolled, ...] = (
    ("ana", "Ana (caseworker)", (SUPPORT,)),
    ("chris", "Chris (detective)", (POLICE,)),
    ("dana", "Dana (not let in yet)", (POLICE,)),
)
LET_IN = ("ana", "chris")
EPOCH_SECONDS = 3
WORK_STEPS = 500  # a tenth of a real line's: a page without WebCrypto is slow enough as it is
REACHED_WITHIN = 120
_PUBLISHED_WITHIN = 45
"""Seconds without news of descriptors before the network is begun anew; more at each attempt."""
_ATTEMPTS = 3


class ClientKey:
    """A key that Tor asks of whoever wants to reach a closed onion."""

    def __init__(self) -> None:
        self._key = X25519PrivateKey.generate()

    @property
    def for_the_onion(self) -> str:
        """What the operator is given: a line for NAME.auth."""
        return f"descriptor:x25519:{_base32(self._key.public_key().public_bytes_raw())}"

    def for_the_client(self, onion: str) -> str:
        """Return what stays with the investigator: a line for NAME.auth_private."""
        name = onion.removesuffix(".onion")
        return f"{name}:descriptor:x25519:{_base32(self._key.private_bytes_raw())}"


class OnionLine:
    """The processes of a line that is reached through Tor alone."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.folder = network.folder / "line"
        self.folder.mkdir(mode=0o700)
        self.socket = self.folder / "tor.sock"
        self.desk_socket = self.folder / "desk.sock"
        self.children = Children(small_sets.PROGRAM)
        self._keys = {name: ClientKey() for name in LET_IN}
        self.host = network.node("host", [*self._services()])
        self.tors: dict[str, Tor] = {}
        self._socks: dict[str, int] = {}

    def start(self) -> None:
        """Start onions, server and everybody's Tor; wait until the line takes reports."""
        silent_for = _PUBLISHED_WITHIN * self.network.patience
        with self.host.events("HS_DESC", silent_for) as events:
            self._make_world()
            self.start_server()
            self._wait_until_published(events)
        self.client("reporter")
        for name, key in self._keys.items():
            self.client(name, key)
        self.open_desks()

    def start_onions(self) -> None:
        """Start the onions' Tor again, and wait until both can be found."""
        self.host.start()
        self.host.wait()
        with self.host.events("HS_DESC") as events:
            self._wait_until_published(events)

    def _wait_until_published(self, events: Iterator[list[str]]) -> None:
        """Wait for both: who asks for an onion too soon does not ask again for a while."""
        missing = {one.removesuffix(".onion") for one in (self.reporters, self.investigators)}
        while missing:
            _, action, onion, *_ = next(events)
            if action == "UPLOADED":
                missing.discard(onion)

    def _make_world(self) -> None:
        self.reporters, self.investigators = (self._hostname(one) for one in ("open", "closed"))
        self.url = f"http://{self.reporters}"
        self.world = worlds.make(
            self.folder / "world",
            self.url,
            EPOCH_SECONDS,
            dt.datetime.now(dt.UTC).date(),
            os.urandom,
            INVESTIGATORS,
            WORK_STEPS,
            (self.url, f"http://{self.investigators}"),
            languages=small_sets.LANGUAGES,
        )

    def start_server(self) -> None:
        """Start the server on its Unix socket."""
        data = self.world.data / "server"
        config = str(data / "server.toml")
        arguments = ["server", "run", "--config", config, "--tor-uds", str(self.socket)]
        arguments += ["--desk-uds", str(self.desk_socket)]
        self.children.start("server", arguments, data / "server.log")
        until(120, "the server does not start", self.socket.exists)

    def stop(self) -> None:
        """End the line's own processes; Tor's are the network's."""
        self.children.stop()

    def client(self, name: str, key: ClientKey | None = None) -> None:
        """Start somebody's Tor, with a key for the investigators' onion or without."""
        port = free_port()
        torrc = [f"SocksPort 127.0.0.1:{port} OnionTrafficOnly ExtendedErrors"]
        if key is not None:
            keys = self.network.folder / f"keys-of-{name}"
            keys.mkdir(mode=0o700)
            private = key.for_the_client(self.investigators)
            (keys / "investigators.auth_private").write_text(private + "\n")
            torrc.append(f"ClientOnionAuthDir {keys}")
        self._socks[name] = port
        self.tors[name] = self.network.node(f"tor-of-{name}", torrc)

    def socks(self, name: str) -> str:
        """Return the host and port of somebody's Tor."""
        return f"127.0.0.1:{self._socks[name]}"

    def socks_port(self, name: str) -> int:
        """Return the port of somebody's Tor."""
        return self._socks[name]

    def wait_until_reached(self, name: str) -> None:
        """Wait until somebody reaches the reporters' onion."""

        def healthy() -> bool:
            try:
                answer = get(self.socks_port(name), self.reporters, "/healthz")
            except (NotReached, OSError):
                return False
            return answer.startswith(b"HTTP/1.1 200")

        until(REACHED_WITHIN, f"{name} does not reach the onion", healthy)

    def open_desks(self) -> None:
        """Give the server bundles of every investigator, and wait until an epoch has them."""
        for name in self._keys:
            self.wait_until_reached(name)
            code, said = self.sync(name)
            if code:
                raise RuntimeError(said)
        until(120, "the bundles are not in service", lambda: self.open_for() == len(self._keys))

    def open_for(self) -> int:
        """Return for how many investigators the server has bundles in service."""
        directory = open_directory(
            (self.world.data / "directory.json").read_bytes(), self.world.line_id
        )
        answer = get(self.socks_port("reporter"), self.reporters, "/api/v1/bundles")
        return len(open_bundles(answer.partition(b"\r\n\r\n")[2], directory).bundles)

    def sync(
        self, name: str, *, through: str | None = None, bundle_days: int = 1
    ) -> tuple[int, dict[str, Any]]:
        """Run ``quietline console sync`` through Tor; return its exit code and what it says."""
        settings = {
            "QUIETLINE_CONSOLE_DELETE_AT_ONCE": "1",
            "QUIETLINE_CONSOLE_JITTER": "0",
            "QUIETLINE_CONSOLE_BUNDLE_DAYS": str(bundle_days),
        }
        done = subprocess.run(
            [*_QUIETLINE, "console", "sync", str(self.world.vault(name)), "--json",
             "--socks", self.socks(through or name), "--wait", "0",
             "--passphrase-file", str(self.world.passphrase_file)],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=300,
        )  # fmt: skip
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            raise AssertionError(done.stdout + done.stderr) from None

    def _services(self) -> Sequence[str]:
        closed = self.network.folder / "closed"
        allowed = closed / "authorized_clients"
        allowed.mkdir(mode=0o700, parents=True)
        closed.chmod(0o700)
        for name, key in self._keys.items():
            (allowed / f"{name}.auth").write_text(key.for_the_onion + "\n")
        places = {
            "/var/lib/tor/quietline-desk": str(closed),
            "/var/lib/tor/quietline": str(self.network.folder / "open"),
            "/run/quietline-tor/tor.sock": str(self.socket),
            "/run/quietline-tor/desk.sock": str(self.desk_socket),
            "Log notice syslog": "",
        }
        torrc = DEPLOYED.read_text()
        for deployed, here in places.items():
            torrc = torrc.replace(deployed, here)
        return torrc.splitlines()

    def _hostname(self, folder: str) -> str:
        path = self.network.folder / folder / "hostname"
        until(120, f"tor makes no onion: {self.host.log()}", path.exists)
        return path.read_text().strip()


_QUIETLINE = (sys.executable, "-m", "app.cli.entry")


@contextlib.contextmanager
def running_line(kind: type[OnionLine] = OnionLine) -> Iterator[OnionLine]:
    """Start a network and a line in it; from the beginning again where Tor was too slow."""
    for attempt in range(1, _ATTEMPTS + 1):
        with contextlib.ExitStack() as stack:
            network = Network(attempt)
            stack.callback(network.stop)
            try:
                network.start()
                line = kind(network)
                stack.callback(line.stop)
                line.start()
            except (TimeoutError, Incomplete):
                if attempt == _ATTEMPTS:
                    raise
                continue
            yield line
            return


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")
