"""Who reaches a line through Tor: reporters by one, each investigator by one of their own."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.cli.demo.world import World
from app.protocol.bundles import open_bundles
from app.protocol.directory import open_directory
from tests.onion.network import Network
from tests.onion.process import Tor, until
from tests.onion.socks import NotReached, get
from tests.ports import free_port

_QUIETLINE = (sys.executable, "-m", "app.cli.entry")
_REACHED_WITHIN = 120


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


class Callers:
    """Those who reach a line in a private network; its world and its onions are told later."""

    world: World
    reporters: str
    investigators: str

    def __init__(self, network: Network, let_in: Sequence[str]) -> None:
        self.network = network
        self.keys = {name: ClientKey() for name in let_in}
        self.tors: dict[str, Tor] = {}
        self._socks: dict[str, int] = {}

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

        until(_REACHED_WITHIN, f"{name} does not reach the onion", healthy)

    def open_desks(self) -> None:
        """Start everybody's Tor; give the server the investigators' bundles; wait for them."""
        self.client("reporter")
        for name, key in self.keys.items():
            self.client(name, key)
        for name in self.keys:
            self.wait_until_reached(name)
            code, said = self.sync(name)
            if code:
                raise RuntimeError(said)
        until(120, "the bundles are not in service", lambda: self.open_for() == len(self.keys))

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


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")
