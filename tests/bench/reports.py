"""What a report costs, durable and with work, on each database; and how many a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench import load, serving
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size, interleave
from tests.server.conftest import Line
from tests.server.postgres import Cluster, programs

TITLE = "What a report costs"
_POSTS = {3: 600, 10: 200}
_MOST = 2.3
KEPT = 30_000
"""A day of expiry, far away, that marks messages which are not to be freed between rounds."""


@dataclass
class Side:
    """One server's turns: the processor time of a report in seconds, and reports in a second."""

    server: serving.Serving
    busy: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def drive(self, requests: list[bytes]) -> float:
        """Send reports, one each; return the processor time of one."""
        before = self.server.busy()
        self.rates.append(load.drive(self.server.socket, requests, status=201).per_second)
        self.busy.append((self.server.busy() - before) / len(requests))
        return self.busy[-1]


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare with a bare handler that inserts into the same database by group commit."""
    page = Page(TITLE, "quietline", "bare handler")
    with _urls() as urls:
        for database, url in urls:
            for investigators, posts in (_POSTS if size.is_full else {3: 100}).items():
                place = folder / f"{database}{investigators}"
                place.mkdir()
                ours, base = _pair(place, investigators, size.of(posts), url, size, bar)
                name = f"{database}, {investigators} investigators"
                times = [median(side.busy) * 1_000 for side in (ours, base)]
                if database == "SQLite" and investigators == 3:
                    page.at_most(_MOST, name, "ms of processor time", *times)
                else:
                    page.add(name, "ms of processor time", *times)
                page.add(name, "reports/s", median(ours.rates), median(base.rates))
    page.notes += [
        "Judged by the processor time that a server's own process takes for a report, all its "
        "threads together: how many it takes in a second depends on who else has the cores. "
        "PostgreSQL's own processes are not in it.",
        f"{load.AT_ONCE} connections, each with one report under way. A report is one envelope of "
        "19,936 bytes for each investigator. Both sides answer 201 only when it is on disk.",
        "Ours also checks the work (as easy to find as can be, checked in full: what the check "
        "costs does not depend on it), two points of each envelope, the budget, and overwrites "
        "random slots; the bare handler inserts in the order of arrival.",
    ]
    return page


@contextmanager
def _urls() -> Iterator[list[tuple[str, tuple[str, str] | None]]]:
    """Give the databases: their name, and for PostgreSQL the addresses of two empty ones."""
    found = programs()
    if found is None:
        yield [("SQLite", None)]
        return
    cluster = Cluster(found)
    try:
        first, second = (cluster.url(cluster.create()) for _ in range(2))
        yield [("SQLite", None), ("PostgreSQL", (first, second))]
    finally:
        cluster.remove()


def _pair(
    folder: Path,
    investigators: int,
    posts: int,
    urls: tuple[str, str] | None,
    size: Size,
    bar: Bar,
) -> tuple[Side, Side]:
    ours_url, bare_at = urls or (None, str(folder / "bare.db"))
    line = serving.line_of(investigators, folder / "line", ours_url)
    slots = 16_384 if size.is_full else 256
    bodies = [serving.batch(investigators) for _ in range(8)]
    with ExitStack() as stack:
        ours = Side(stack.enter_context(serving.ours(line, slots_initial=slots, slots_cap=slots)))
        bare = Side(stack.enter_context(serving.bare("reports", folder, bare_at)))

        def turn_of_ours() -> float:
            empty(line)
            return ours.drive(serving.posts(ours.server.socket, posts, investigators))

        def turn_of_bare() -> float:
            return bare.drive(
                [load.request("POST", "/", bodies[n % len(bodies)]) for n in range(posts)]
            )

        interleave(size.rounds, {"ours": turn_of_ours, "bare": turn_of_bare}, bar)
    return ours, bare


def empty(line: Line) -> None:
    """Free the slots of all that reporters sent, behind the server's back.

    What is in them stays; for the next round they are as good as any free ones.
    """
    line.sql(
        "UPDATE slots SET expires_day = -32768 WHERE expires_day > -32768 AND expires_day < :kept",
        kept=KEPT,
    )
