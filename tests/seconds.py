"""Which tests begin first: those of the files that take longest, by seconds once measured.

``tests/seconds.json`` says how long the tests of each file took when that was last measured.
A file that it does not know begins before all others: it may be long. The files of a room that sets
up something large for all of them go to one process, so that it is set up once.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).parents[1]
MEASURED = Path(__file__).with_suffix(".json")
RENEW = "SECONDS_TO"
"""Environment: the file into which a run writes what it measures."""


_TOGETHER = ("tests/onion/", "tests/journeys/place/")
"""Folders: a private Tor network, and a line behind its onions, for all that is in it; a console
with a long list."""


def unit_of(test: str) -> str:
    """Return what goes to one process with a test, by its id: a file, or all files of a folder."""
    together = (folder for folder in _TOGETHER if test.startswith(folder))
    return next(together, test.partition("::")[0])


class Units(LoadFileScheduling):
    """Hands out units, one after the other, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Units:
    """Schedule a run of several processes."""
    return Units(config, log)


def in_order(files: list[str], seconds: dict[str, float]) -> list[str]:
    """Return files, those first that take longest; those that take equally long, by name."""
    return sorted(files, key=lambda file: (-seconds.get(file, float("inf")), file))


class Measuring:
    """Adds up what each file's tests take, and writes it at the end of the run."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one step of a test: its setup, itself, what is taken down after it."""
        self._seconds[report.nodeid.partition("::")[0]] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Write whole seconds by file, longest first, beside those of files that were not run."""
        kept = json.loads(self._target.read_text()) if self._target.exists() else {}
        taken = {file: round(seconds) for file, seconds in self._seconds.items()}
        known = {file: one for file, one in (kept | taken).items() if (ROOT / file).exists()}
        ordered = {file: known[file] for file in in_order(list(known), known)}
        self._target.write_text(json.dumps(ordered, indent=0) + "\n")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the files of a run of several processes; one process keeps the order of names."""
    if not hasattr(config, "workerinput"):
        return
    seconds = json.loads(MEASURED.read_text())
    units: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        units[unit_of(item.nodeid)].add(item.nodeid.partition("::")[0])
    taken = {
        unit: sum(seconds.get(file, float("inf")) for file in files)
        for unit, files in units.items()
    }
    place = {unit: number for number, unit in enumerate(in_order(list(units), taken))}
    items.sort(key=lambda item: place[unit_of(item.nodeid)])


def pytest_configure(config: pytest.Config) -> None:
    """Measure where somebody asked for it; the workers of a run report to the one that counts."""
    target = os.environ.get(RENEW)
    if target and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Measuring(Path(target)), "quietline-measuring")
