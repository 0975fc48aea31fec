"""Run the benches and write docs/bench.

python -m tests.bench                   all of the server's, minutes
python -m tests.bench --only reports    one of them
python -m tests.bench --only page       the reporter's page in a browser
python -m tests.bench --smoke           tiny sizes, written nowhere: does it still run?
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tests.bench import (
    challenges,
    chunks,
    console_inbox,
    console_search,
    console_sync,
    flood,
    growth,
    linking,
    links,
    look_back,
    memory,
    page,
    price,
    reports,
    sets,
    voice,
)
from tests.bench.result import Page, shown
from tests.bench.rounds import FULL, SMOKE, Bar, Size

FOLDER = Path(__file__).parents[2] / "docs" / "bench"
BENCHES = {
    one.__name__.rpartition(".")[2]: one
    for one in (reports, challenges, sets, chunks, memory, growth, flood)
}
APART = {
    one.__name__.rpartition(".")[2]: one
    for one in (
        page,
        price,
        console_sync,
        console_inbox,
        console_search,
        links,
        linking,
        look_back,
        voice,
    )
}
"""Run only when asked for."""
_LOOK = 2.0
_SHARED = 0.05


class Shown:
    """A line of the progress bar."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._task: TaskID = progress.add_task(name, total=None)
        self._steps = 0

    def begin(self, steps: int) -> None:
        """Say that there are so many steps more."""
        self._steps += steps
        self._progress.update(self._task, total=self._steps, refresh=True)

    def step(self) -> None:
        """One more is done."""
        self._progress.update(self._task, advance=1, refresh=True)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=[*BENCHES, *APART], help="run one bench")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, nothing is written")
    parser.add_argument("--into", type=Path, default=FOLDER, help="folder to write to")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    missed = []
    with Progress(*columns, console=console, auto_refresh=False) as progress:
        for name in [chosen.only] if chosen.only else BENCHES:
            busy = busy_share()
            measured = run(name, SMOKE if chosen.smoke else FULL, Shown(progress, name))
            for row in measured.rows:
                mark = {True: "", False: "  missed", None: ""}[row.reached]
                ratio = f"{shown(row.ours)} : {shown(row.base)} {row.unit}"
                console.print(f"  {row.name}: {ratio} = {shown(row.ratio)} {row.wanted}{mark}")
                missed += [row.name] if row.reached is False else []
            if not chosen.smoke:
                measured.write(chosen.into, name, machine(busy))
    if missed and not chosen.smoke:
        console.print(f"Missed: {'; '.join(missed)}.")


def run(name: str, size: Size, bar: Bar) -> Page:
    """Run one bench in a temporary folder."""
    measure: Callable[[Path, Size, Bar], Page] = (BENCHES | APART)[name].measure
    gc.collect()
    with tempfile.TemporaryDirectory(prefix="quietline-bench-") as made:
        return measure(Path(made), size, bar)


def busy_share() -> float:
    """Return which share of all cores others use while we do nothing."""
    before = _ticks()
    time.sleep(_LOOK)
    idle, total = (after - earlier for after, earlier in zip(_ticks(), before, strict=True))
    return 1 - idle / total


def _ticks() -> tuple[int, int]:
    values = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return values[3] + values[4], sum(values)


def machine(busy: float) -> str:
    """Say what it was measured on, and whether the machine had other work."""
    names = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    model = names[0].partition(":")[2].strip() if names else platform.machine()
    said = (
        f"Measured on {os.cpu_count()} cores ({model}), Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, client and servers on the same cores. "
    )
    if busy > _SHARED:
        return said + (
            f"**The machine was shared**: before this bench {busy:.0%} of its processor time went "
            "to other work. Ratios hold better than absolute numbers."
        )
    return said + f"Before this bench {busy:.0%} of the processor time went to other work."


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
