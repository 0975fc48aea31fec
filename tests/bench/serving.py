"""The two sides as real processes on Unix sockets: ``quietline server run`` and a bare handler."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.protocol import group, work
from app.protocol.identities import InvestigatorIdentity
from app.protocol.wire import ENVELOPE_BYTES, HINT_BYTES, EpochBundles
from tests.bench import load
from tests.server.conftest import Line
from tests.server.process import environment

UNBOUNDED = {
    # A bench offers more than a line takes by default, and its work is as easy as can be: what it
    # costs to check an answer does not depend on how long it took to find.
    "work_steps": 1,
    "work_doublings": 0,
    "work_seconds": 7_200,
    "reports_per_second": 1_000_000,
    "chunks_per_second": 1_000_000,
    "disk_reserve_bytes": 0,
    "slots_cap": 16_384,
}
_PATIENCE = 240.0
_OURS = "from app.cli.entry import main; main()"


@dataclass(frozen=True)
class Serving:
    """A running server: where it listens, and its process."""

    socket: Path
    child: subprocess.Popen[bytes]

    def busy(self) -> float:
        """Return the processor time that its threads have taken so far, in seconds."""
        tasks = Path(f"/proc/{self.child.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) / 1e9


@contextmanager
def started(command: list[str], socket: Path, env: dict[str, str]) -> Iterator[Serving]:
    """Run a server until the end of the block. Raises Unexpected if it does not answer."""
    child = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _PATIENCE
        while not socket.exists() or not _answers(socket):
            if child.poll() is not None or time.monotonic() > until:
                raise load.Unexpected(f"{command} does not answer")
            time.sleep(0.02)
        yield Serving(socket, child)
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(120)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _answers(socket: Path) -> bool:
    try:
        load.drive(socket, [load.request("GET", "/healthz")], status=None)
    except (OSError, load.Unexpected):
        return False
    return True


@contextmanager
def bare(name: str, folder: Path, at: str = "", count: int = 0) -> Iterator[Serving]:
    """Run one of the bare handlers of ``tests.bench.bare``; its socket is in ``folder``."""
    socket = folder / f"{name}.sock"
    command = [sys.executable, "-m", "tests.bench.bare", name, "--uds", str(socket)]
    with started([*command, "--at", at, "--count", str(count)], socket, dict(os.environ)) as one:
        yield one


def line_of(investigators: int, folder: Path, database_url: str | None = None) -> Line:
    """Make a line with so many active investigators, its database at the newest version."""
    people = [InvestigatorIdentity.generate(os.urandom) for _ in range(investigators)]
    folder.mkdir(exist_ok=True)
    line = Line(folder, database_url, people=people, statuses=["active"] * investigators)
    line.prepare()
    return line


@contextmanager
def ours(line: Line, *options: str, **settings: object) -> Iterator[Serving]:
    """Run ``quietline server run`` on a line's data."""
    socket = line.folder / "line.sock"
    command = [sys.executable, "-c", _OURS, "server", "run", "--uds", str(socket), *options]
    env = environment(line, **(UNBOUNDED | settings))
    with started(command, socket, env) as one:
        yield one


def epoch(socket: Path) -> int:
    """Return the number of the epoch in service."""
    return EpochBundles.parse(load.get(socket, "/api/v1/bundles")).epoch


def answers(socket: Path, count: int, what: str = work.BATCH) -> list[str]:
    """Fetch and solve ``count`` challenges for work; return their headers."""
    asking = [load.request("GET", work.CHALLENGE_PATHS[what])] * count
    return [work.solve(one) for one in load.drive(socket, asking, keep=True).bodies]


def batch(count: int) -> bytes:
    """Make what a blind server takes for a batch of ``count`` envelopes."""
    envelopes = []
    for _ in range(count):
        x = group.random_scalar(os.urandom)
        target = group.base(group.random_scalar(os.urandom))
        rest = os.urandom(ENVELOPE_BYTES - HINT_BYTES)
        envelopes.append(group.base(x) + group.multiply(x, target) + rest)
    return b"".join(envelopes)


def posts(socket: Path, count: int, envelopes: int, bodies: int = 16) -> list[bytes]:
    """Make ``count`` requests that each post a batch with work of its own."""
    contents = [batch(envelopes) for _ in range(min(bodies, count))]
    headers = answers(socket, count)
    path = f"/api/v1/messages?epoch={epoch(socket)}"
    return [
        load.request("POST", path, contents[n % len(contents)], Quietline_Work=header)
        for n, header in enumerate(headers)
    ]
