"""Making a challenge set, beside the group operations that nobody can save."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

from app.protocol import group
from app.protocol.challenges import MAX_ROWS, decoy_hint
from app.server.epochs.challenge_set import SetBuilder
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size, interleave

TITLE = "Making a challenge set"
_ROWS = (1_024, 4_096, 16_384, 65_536)
_LEAST, _EPOCH = 0.8, 60


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare with two multiplications a row, on all cores, and state the memory."""
    del folder
    page = Page(TITLE, "quietline", "two multiplications a row")
    for rows in _ROWS if size.is_full else _ROWS[:1]:
        rounds = size.rounds if rows <= MAX_ROWS else min(size.rounds, 3)
        ours, base, memory = _in_a_process(rows, rounds, bar)
        page.at_least(_LEAST, f"{rows:,} rows", "rows/s", rows / ours, rows / base)
        if rows == _ROWS[-1]:
            page.within(_EPOCH, f"{rows:,} rows, in one epoch", "s", ours, base)
        page.notes.append(f"{rows:,} rows: {memory / 2**20:.0f} MB more than before, at the most.")
    page.notes.append(
        "65,536 rows are four sets of 16,384, the largest that there is. All rows hold messages; "
        "rows of empty slots take the same path. Memory is the process's largest while it makes "
        "the set, less what it had before, with the messages' ids and hints counted in."
    )
    return page


def _in_a_process(rows: int, rounds: int, bar: Bar) -> tuple[float, float, int]:
    """Return the medians in seconds, and the memory in bytes, of a process of its own."""
    context = multiprocessing.get_context("spawn")
    reading, writing = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(rows, rounds, writing))
    bar.begin(rounds)
    child.start()
    writing.close()
    for _ in range(rounds):
        reading.recv()
        bar.step()
    ours, base, memory = reading.recv()
    child.join()
    return ours, base, memory


def _child(rows: int, rounds: int, pipe: Connection) -> None:
    class Bar:
        def begin(self, steps: int) -> None:
            return

        def step(self) -> None:
            pipe.send(None)

    Path("/proc/self/clear_refs").write_text("5")  # the largest so far is forgotten
    before = _memory("VmRSS")
    hint = decoy_hint(os.urandom)
    messages = [(os.urandom(16), hint) for _ in range(rows)]
    builder = SetBuilder(os.urandom(32), os.urandom)
    threads = ThreadPoolExecutor(os.cpu_count())

    def ours() -> float:
        began = time.perf_counter()
        sets = [builder.build(messages[at : at + MAX_ROWS]) for at in range(0, rows, MAX_ROWS)]
        del sets
        return time.perf_counter() - began

    def multiplications() -> float:
        scalar, workers = group.random_scalar(os.urandom), os.cpu_count() or 1
        began = time.perf_counter()
        list(
            threads.map(
                _multiply, [scalar] * workers, [hint.x] * workers, [2 * rows // workers] * workers
            )
        )
        return time.perf_counter() - began

    medians = interleave(rounds, {"ours": ours, "base": multiplications}, Bar())
    pipe.send((medians["ours"], medians["base"], _memory("VmHWM") - before))
    builder.close()
    threads.shutdown()


def _multiply(scalar: bytes, point: bytes, count: int) -> None:
    for _ in range(count):
        group.multiply(scalar, point)


def _memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1_024
    raise OSError(f"no {name}")
