"""The line behind Caddy and behind nginx while attackers hold what they can: honest calls go on."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.proxies import NAME, SETUPS, running
from tests.onion.process import until
from tests.server import honest
from tests.server.conftest import Line, fake_batch
from tests.server.holding import Endpoint, attackers
from tests.server.process import Process

PLACES = 300
PER_SECOND = 1_200.0
SECONDS = 6.0


@pytest.fixture(scope="module", params=list(SETUPS))
def endpoint(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    """Yield a server with as many places as there will be attackers, behind a proxy."""
    folder = Path(tempfile.mkdtemp(prefix="ql-", dir="/tmp"))
    line = Line(folder / "line", now=time.time())
    line.folder.mkdir()
    line.publish()
    proxy = SETUPS[request.param](folder)
    process = Process(line, "--uds", str(proxy.socket), connections=PLACES)
    front = Endpoint(port=proxy.port, tls=str(proxy.certificate), name=NAME, addresses=50)
    try:
        with running(proxy):
            until(120, "the proxy does not answer", lambda: _healthy(front))
            yield front
    finally:
        process.stop(9)
        shutil.rmtree(folder)


def _healthy(front: Endpoint) -> bool:
    return honest.call(front, "GET /healthz")[0] == 200


@pytest.mark.parametrize("kind", ["refused", "stale", "uploads", "heads"])
def test_attackers_who_hold_what_they_can_keep_nobody_out(endpoint: Endpoint, kind: str) -> None:
    with attackers(endpoint, kind, PLACES, PER_SECOND, honest.epoch(endpoint)):
        fate, end = honest.Fate(), time.monotonic() + SECONDS
        while time.monotonic() < end:
            honest.visit(endpoint, fake_batch(3), fate)
            time.sleep(0.2)
    assert fate.share >= 0.95, fate.statuses


def test_a_person_on_slow_3g_gets_through_meanwhile(endpoint: Endpoint) -> None:
    with attackers(endpoint, "stale", PLACES, PER_SECOND, honest.epoch(endpoint)):
        assert honest.report(endpoint, fake_batch(3), honest.Fate(), honest.SLOW_3G) == 201
