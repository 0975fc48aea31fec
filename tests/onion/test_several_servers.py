"""Several servers of one machine behind one onion: Tor's own way, a line of torrc for each."""

from __future__ import annotations

import http.server
import socketserver
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.onion.line import OnionLine, running_line
from tests.onion.process import until
from tests.onion.socks import NotReached, get

SECOND = "/run/quietline-tor/tor-2.sock"


class TwoServers(OnionLine):
    """The deployed onions, with the second server's line used; what serves says which it is."""

    def start(self) -> None:
        """Wait until the onions can be found, and begin to answer."""
        self.servers = {place.stem: Answering(place) for place in (self.socket, self.second)}
        with self.host.events("HS_DESC", 45 * self.network.patience) as events:
            self.reporters, self.investigators = (self._hostname(one) for one in ("open", "closed"))
            self._wait_until_published(events)
        self.client("reporter")

    def stop(self) -> None:
        """End what serves."""
        super().stop()
        for server in self.servers.values():
            server.end()

    @property
    def second(self) -> Path:
        return self.folder / "tor-2.sock"

    def _services(self) -> Sequence[str]:
        kept = f"#HiddenServicePort 80 unix:{SECOND}"
        services = list(super()._services())
        services[services.index(kept)] = f"HiddenServicePort 80 unix:{self.second}"
        return services

    def asked(self) -> str:
        """Return who answered one call; nothing if nobody did."""
        try:
            answer = get(self.socks_port("reporter"), self.reporters, "/")
        except (NotReached, OSError):
            return ""
        return answer.rpartition(b"\r\n")[2].decode()


class Answering:
    """Stands in for a server: takes Tor's line and answers with the name of its socket."""

    def __init__(self, place: Path) -> None:
        class Answer(http.server.BaseHTTPRequestHandler):
            def handle(self) -> None:
                assert self.rfile.readline().startswith(b"PROXY TCP6 fc00:dead:beef:4dad:")
                super().handle()

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(place.stem.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = socketserver.ThreadingUnixStreamServer(str(place), Answer)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def end(self) -> None:
        """Answer nobody; the socket's file stays, as a server's that was killed."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="module")
def two() -> Iterator[TwoServers]:
    with running_line(TwoServers) as started:
        assert isinstance(started, TwoServers)
        yield started


def test_tor_draws_a_server_for_each_connection_and_one_that_is_away_costs_a_second_call(
    two: TwoServers,
) -> None:
    until(120, "the onion is not reached", lambda: two.asked() != "")
    heard = [two.asked() for _ in range(40)]
    assert set(heard) == {"tor", "tor-2"}
    two.servers["tor-2"].end()
    heard = [two.asked() for _ in range(40)]
    assert set(heard) == {"tor", ""}  # at once: no call waits for a server that is away
    two.servers["tor-2"] = Answering(renewed(two.second))
    assert {two.asked() for _ in range(40)} == {"tor", "tor-2"}


def renewed(place: Path) -> Path:
    """Take away a socket that nobody listens at, as a server does when it starts."""
    place.unlink()
    return place
