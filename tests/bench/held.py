"""Attackers who hold what they can for next to nothing, against a server at its defaults.

What each costs them stands beside what honest people meet: every call on a connection of its own,
as a circuit has it, the work done in full.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from app.protocol import work
from app.protocol.wire import BUNDLE_BYTES, CHUNK_BYTES, ENVELOPE_BYTES
from tests.bench.result import Page
from tests.bench.serving import batch, line_of
from tests.deploy import proxies
from tests.onion.process import until
from tests.server import honest
from tests.server.conftest import Line
from tests.server.holding import Endpoint, attackers, half
from tests.server.process import Process

COUNT = 2_000
PER_SECOND = 8_000.0
WANTED = 0.95
_STALLED = 6.0
_SHORT_WORK = {"work_steps": 20}
"""So that the attackers' proofs take no longer than their bytes; what they cost is told."""

FOR_CHUNKS = "/api/v1/work?for=chunks"

Attack = Callable[[Endpoint, int], AbstractContextManager[None]]
"""Goes on within a block, at an endpoint, against so many investigators."""
Honest = Callable[[Endpoint, int, Line, honest.Fate], None]
"""What an honest person does once."""


def of(kind: str, count: int = COUNT, per_second: float = PER_SECOND) -> Attack:
    """Return attackers who hold places."""

    def begin(endpoint: Endpoint, people: int) -> AbstractContextManager[None]:
        return attackers(endpoint, kind, count, per_second, honest.epoch(endpoint))

    return begin


def _answer(endpoint: Endpoint, path: str = "/api/v1/work") -> str:
    return work.solve(honest.call(endpoint, f"GET {path}")[1])


@contextmanager
def half_reports(endpoint: Endpoint, people: int) -> Iterator[None]:
    """Send 84 batches but for their last byte, which never comes."""
    size = people * ENVELOPE_BYTES
    with ExitStack() as stack:
        for _ in range(84):
            path = f"POST /api/v1/messages?epoch={honest.epoch(endpoint)}"
            one = half(endpoint, path, size, size - 1, Quietline_Work=_answer(endpoint))
            stack.enter_context(one)
            time.sleep(0.06)
        time.sleep(_STALLED)
        yield


@contextmanager
def half_chunks(endpoint: Endpoint, people: int) -> Iterator[None]:
    """Send 33 times 8 chunks but for their last byte."""
    with ExitStack() as stack:
        for _ in range(33):
            answer = _answer(endpoint, FOR_CHUNKS)
            for _ in range(8):
                head = f"PUT /api/v1/chunks/{time.monotonic_ns():032x}"
                one = half(endpoint, head, CHUNK_BYTES, CHUNK_BYTES - 1, Quietline_Work=answer)
                stack.enter_context(one)
                time.sleep(0.03)
        time.sleep(_STALLED)
        yield


@contextmanager
def half_uploads(endpoint: Endpoint, people: int) -> Iterator[None]:
    """Send 27 uploads of bundles but for their last byte."""
    size = 4 + 1_024 * BUNDLE_BYTES
    with ExitStack() as stack:
        for _ in range(27):
            stack.enter_context(half(endpoint, "POST /api/v1/bundles", size, size - 1))
        time.sleep(_STALLED)
        yield


def visit(endpoint: Endpoint, people: int, line: Line, fate: honest.Fate) -> None:
    """Read what a page reads, check for answers as it does, and send a report."""
    for _ in range(8):
        honest.call(endpoint, f"GET /api/v1/messages/{os.urandom(16).hex()}", fate=fate)
    honest.visit(endpoint, batch(people), fate)


def slow_report(endpoint: Endpoint, people: int, line: Line, fate: honest.Fate) -> None:
    """Send a report over slow 3G."""
    honest.report(endpoint, batch(people), fate, honest.SLOW_3G)


def file(endpoint: Endpoint, people: int, line: Line, fate: honest.Fate) -> None:
    """Send a file of four chunks."""
    answer = _answer(endpoint, FOR_CHUNKS)
    for _ in range(4):
        honest.chunk(endpoint, answer, fate)


def keys(endpoint: Endpoint, people: int, line: Line, fate: honest.Fate) -> None:
    """Give a day's keys, as a console does."""
    line.now = time.time()
    honest.call(endpoint, "POST /api/v1/bundles", line.upload(0, range(24)), fate=fate)


@dataclass(frozen=True)
class Case:
    """An attack, what it costs, and who is honest meanwhile."""

    name: str
    cost: str
    attack: Attack
    people: int = 3
    does: Honest = visit
    at: str = "a port"
    settings: dict[str, object] = field(default_factory=dict)


_PLACES = "8 kB/s, no work"
_AGAIN = "some 200 kB/s, no work"
CASES = [
    Case("2,000 refused posts", _PLACES, of("refused")),
    Case("2,000 refused posts, 67 circuits", _PLACES, of("refused"), at="Tor's socket"),
    Case("2,000 posts for an old epoch, 100 addresses", _PLACES, of("stale"), at="nginx"),
    Case("2,000 heads begun", _PLACES, of("heads")),
    Case("2,100 delete nothing, again and again", _AGAIN, of("deletions", 2_100)),
    Case("2,000 ask for nothing, 67 circuits", _AGAIN, of("pages"), at="Tor's socket"),
    *(
        Case(f"2,000 refused posts; slow 3G, {people} investigators", _PLACES, of("refused"),
             people, slow_report)
        for people in (3, 10, 40)
    ),
    Case("84 half reports, 40 investigators", "84 core seconds, 67 MB", half_reports, 40,
         settings=_SHORT_WORK),
    Case("84 half reports; slow 3G, 40 investigators", "84 core seconds, 67 MB", half_reports, 40,
         slow_report, settings=_SHORT_WORK),
    Case("264 half chunks; a file", "33 core seconds, 69 MB", half_chunks, does=file,
         settings={**_SHORT_WORK, "chunk_slots_initial": 256}),
    Case("27 half uploads of bundles; keys", "69 MB, no work", half_uploads, does=keys),
]  # fmt: skip


SMOKE = [Case("20 refused posts", _PLACES, of("refused", 20, 80.0))]


def run(folder: Path, case: Case, seconds: float, settings: dict[str, object]) -> honest.Fate:
    """Return the fate of honest people in one case."""
    line = line_of(case.people, folder)
    socket = folder / "server.sock"
    options = {"a port": (), "Tor's socket": ("--tor-uds",), "nginx": ("--uds",)}[case.at]
    with ExitStack() as stack:
        if case.at == "nginx":
            front = folder / "nginx"
            front.mkdir()
            proxy = proxies.nginx(front)
            socket = proxy.socket
            endpoint = Endpoint(
                port=proxy.port, tls=str(proxy.certificate), name=proxies.NAME, addresses=100
            )
        process = Process(line, *options, *([str(socket)] if options else []), **settings)
        stack.callback(process.stop, 9)
        if case.at == "nginx":
            stack.enter_context(proxies.running(proxy))
            until(120, "nginx does not answer", lambda: honest.epoch(endpoint) > 0)
        elif options:
            endpoint = Endpoint(socket=str(socket), circuits=67)
        else:
            endpoint = Endpoint(port=process.port)
        fate = honest.Fate()
        with case.attack(endpoint, case.people):
            began = time.monotonic()
            while not fate.waits or time.monotonic() - began < seconds:
                case.does(endpoint, case.people, line, fate)
                time.sleep(0.2)
    return fate


def add_rows(page: Page, fates: list[tuple[Case, honest.Fate]]) -> None:
    """Add what was seen to a page: a row for each case, and a table with the cost."""
    for case, fate in fates:
        page.at_least(WANTED, f"answered: {case.name}", "of calls", fate.share, 1)
    head = "| attack | at | costs the attacker | honest calls | answered | median s | worst s |"
    rows = [
        f"| {case.name} | {case.at} | {case.cost} | {fate.statuses.total()} | {fate.share:.1%} "
        f"| {median(fate.waits):.2f} | {max(fate.waits):.2f} |"
        for case, fate in fates
    ]
    page.notes += ["\n".join([head, "|---|---|---|" + "---:|" * 4, *rows]), NOTES]


NOTES = """The second table: attackers who hold what they can, against as many places (2,000) or as
much room (64 MiB) as a server has at its defaults, all at once and then for the given bytes a
second. Honest calls are each on a connection of its own: directory, challenges, nine messages, and
a report with its work, bundles and batch; or what the row says. "Slow 3G" is 400 kbit/s up and 400
ms before each call. "Half" means all but the last byte. Where proofs are the cost, the work in this
bench is a 250th, and what is written is what it would be at rest."""
