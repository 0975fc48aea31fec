"""A whole line behind two onions in a private Tor network.

The onions are those of deploy/tor/torrc: the reporters' onto the server's Unix socket for Tor; the
investigators', closed to whoever has no key, onto one of its own. Reporters have one Tor, and each
investigator one of their own, as in life.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.cli.demo import world as worlds
from app.cli.demo.children import Children
from app.cli.demo.reports import POLICE, SUPPORT
from app.console.vault import Kdf
from tests import small_sets
from tests.onion.callers import Callers
from tests.onion.network import Incomplete, Network
from tests.onion.process import until

DEPLOYED = Path(__file__).parents[2] / "deploy" / "tor" / "torrc"
INVESTIGATORS: tuple[worlds.Enrolled, ...] = (
    ("ana", "Ana (caseworker)", (SUPPORT,)),
    ("chris", "Chris (detective)", (POLICE,)),
    ("dana", "Dana (not let in yet)", (POLICE,)),
)
LET_IN = ("ana", "chris")
EPOCH_SECONDS = 3
WORK_STEPS = 500  # a tenth of a real line's: a page without WebCrypto is slow enough as it is
_PUBLISHED_WITHIN = 45
"""Seconds without news of descriptors before the network is begun anew; more at each attempt."""
_ATTEMPTS = 3


class OnionLine(Callers):
    """The processes of a line that is reached through Tor alone."""

    def __init__(self, network: Network) -> None:
        super().__init__(network, LET_IN)
        self.folder = network.folder / "line"
        self.folder.mkdir(mode=0o700)
        self.socket = self.folder / "tor.sock"
        self.desk_socket = self.folder / "desk.sock"
        self.children = Children(small_sets.PROGRAM)
        self.host = network.node("host", [*self._services()])

    def start(self) -> None:
        """Start onions, server and everybody's Tor; wait until the line takes reports."""
        silent_for = _PUBLISHED_WITHIN * self.network.patience
        with self.host.events("HS_DESC", silent_for) as events:
            self._make_world()
            self.start_server()
            self._wait_until_published(events)
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
            kdf=Kdf.SYNTHETIC,
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

    def _services(self) -> Sequence[str]:
        closed = self.network.folder / "closed"
        allowed = closed / "authorized_clients"
        allowed.mkdir(mode=0o700, parents=True)
        closed.chmod(0o700)
        for name, key in self.keys.items():
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
