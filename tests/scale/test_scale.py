"""Two servers, PostgreSQL, Valkey and S3 behind nginx: each part is killed in turn, under load.

Nothing acknowledged is lost, service comes back without a hand, and meanwhile honest clients hear
in words what they can do. ``until`` waits for what is to happen; no time is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.onion.process import until
from tests.scale import line as lines
from tests.scale.line import ScaledLine
from tests.scale.load import AWAY, WORDS, Clients, nothing_is_lost
from tests.server.conftest import postgres

__all__ = ["postgres"]

REPORTERS = 3
EPOCHS = 6
"""Of so many the servers' challenge sets are compared."""


@pytest.fixture
def scaled(request: pytest.FixtureRequest, tmp_path: Path, postgres) -> Iterator[ScaledLine]:
    with lines.running(tmp_path, postgres, request.param) as running:
        yield running


@pytest.mark.parametrize("scaled", ["nginx"], indirect=True)
def test_each_part_dies_under_load_and_nothing_acknowledged_is_lost(scaled: ScaledLine) -> None:
    person = scaled.line.people[0]
    with Clients(scaled.client, person.fetch, REPORTERS) as clients:
        clients.more(6)
        first = leading(scaled)
        for number in (first, 1 - first):
            scaled.kill_server(number)
            clients.more(6)  # the other serves alone
            scaled.start_server(number)
            clients.more(3)
        leading(scaled)

        scaled.store.kill()
        clients.more(6)  # each counts alone
        scaled.store.start()
        until(120, "the store is not used again", lambda: "shared-up" in said(scaled))

        scaled.s3.stop()
        clients.more(6, chunks=0)  # text gets through
        scaled.s3.start()
        clients.more(3)

        scaled.postgres.kill()
        clients.more(6)
        leading(scaled)

        before = clients.told.broken.total()
        scaled.reload_proxy()
        clients.more(6)
        # A connection kept open may end just as it is used again; then the next one is well.
        assert clients.told.broken.total() - before <= 2 * (REPORTERS + 1)
        while len(clients.told.sets) < EPOCHS:
            clients.more(1)
    told = clients.told
    assert told.failed == []
    refused = {answer for answer in told.answers if not 200 <= answer[0] < 300}
    assert refused <= WORDS, refused - WORDS
    assert all(len(contents) == 1 for contents in told.sets.values())  # the same for everyone
    with scaled.client() as client:
        nothing_is_lost(client, scaled.line, told)


@pytest.mark.parametrize("scaled", ["caddy"], indirect=True)
def test_caddy_passes_over_a_server_that_died(scaled: ScaledLine) -> None:
    with Clients(scaled.client, scaled.line.people[0].fetch, REPORTERS) as clients:
        clients.more(3)
        for number in range(2):
            scaled.kill_server(number)
            clients.more(6)
            scaled.start_server(number)
            clients.more(3)
    refused = {answer for answer in clients.told.answers if not 200 <= answer[0] < 300}
    assert refused <= WORDS | {(503, AWAY)}, refused - WORDS
    with scaled.client() as client:
        nothing_is_lost(client, scaled.line, clients.told)


def leading(scaled: ScaledLine) -> int:
    """Wait until a server leads that lives; return its number.

    The database may hold the lead of one that was killed for a moment longer.
    """

    def living() -> list[int]:
        ports = [int(address.rpartition(":")[2]) for address in scaled.leaders()]
        return [
            number
            for number, server in enumerate(scaled.servers)
            if server.port in ports and server.child.poll() is None
        ]

    (number,) = until(120, "nobody leads", living)
    return number


def said(scaled: ScaledLine) -> str:
    return "".join(text for server in scaled.servers for text in server.said)
