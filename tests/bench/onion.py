"""A server behind an onion of a private Tor network in which every hop takes its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.onion.line import DEPLOYED
from tests.onion.network import Incomplete, Network
from tests.onion.process import Tor
from tests.ports import free_port

_PUBLISHED_WITHIN = 120
_ATTEMPTS = 3


@contextmanager
def served(port: int, hop_seconds: float) -> Iterator[tuple[str, str]]:
    """Yield the onion's URL of a port of loopback, and "host:port" of a Tor to reach it by."""
    for attempt in range(1, _ATTEMPTS + 1):
        with ExitStack() as stack:
            network = Network(attempt + 1, hop_seconds)
            stack.callback(network.stop)
            try:
                network.start()
                host = network.node("host", _onion(network.folder / "open", port))
                _wait_until_published(host)
            except (TimeoutError, Incomplete):
                if attempt == _ATTEMPTS:
                    raise
                continue
            socks = free_port()
            network.node("console", [f"SocksPort 127.0.0.1:{socks} OnionTrafficOnly"])
            name = (network.folder / "open" / "hostname").read_text().strip()
            yield f"http://{name}", f"127.0.0.1:{socks}"
            return


def _onion(folder: Path, port: int) -> Sequence[str]:
    """Return the deployed torrc's first onion, onto a port that is told of no circuits."""
    deployed = DEPLOYED.read_text().partition("# The investigators' onion")[0]
    here = deployed.replace("unix:/run/quietline-tor/tor.sock", f"127.0.0.1:{port}")
    lines = here.replace("/var/lib/tor/quietline", str(folder)).splitlines()
    return [one for one in lines if not one.startswith(("HiddenServiceExport", "Log "))]


def _wait_until_published(host: Tor) -> None:
    with host.events("HS_DESC", _PUBLISHED_WITHIN) as events:
        for _, action, *_ in events:
            if action == "UPLOADED":
                return
