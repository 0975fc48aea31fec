"""Kinds of tests: the markers ``browser``, ``services``, ``slow`` are given here and nowhere else.

A test is marked by the place where it lies, or by the fixtures and databases that it uses. In a run
that leaves kinds out, a test that starts such a program without its marker fails, and says so. So
``make test-fast`` needs no such program. Slow is what ``tests/seconds.json`` says so of.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.seconds import MEASURED

ROOT = Path(__file__).parents[1]
BROWSER = "browser"
SERVICES = "services"
SLOW = "slow"
_SLOW_FROM = 10
"""Seconds that a whole file takes."""

PLACES = {
    "tests/bench": {BROWSER, SERVICES},
    "tests/console/pages/test_screens.py": {BROWSER},
    "tests/console/features/practice/test_practice_keys.py": {BROWSER},
    "tests/console/tor": {SERVICES},
    "tests/console/vault/test_disk_full.py": {SERVICES},
    "tests/console/vault/test_free_blocks.py": {SERVICES},
    "tests/console/web/test_locking.py::test_an_open_page_goes_to_the_door_and_comes_back": {
        BROWSER
    },
    "tests/console/web/test_other_ports.py": {BROWSER},
    "tests/deploy": {SERVICES},
    "tests/deploy/test_printed_pages.py": {BROWSER},
    "tests/journeys": {BROWSER},
    "tests/onion": {BROWSER, SERVICES},
    "tests/reporter/test_cleaning_pdf.py::test_a_page_that_a_browser_printed": {BROWSER},
    "tests/scale": {SERVICES},
    "tests/server/admission/test_shared.py": {SERVICES},
    "tests/server/chunks/test_disk_full.py": {SERVICES},
    "tests/server/epochs/test_servers.py": {SERVICES},
    "tests/server/admission/test_limits.py::test_each_of_several_servers_allows_its_part": {
        SERVICES
    },
    "tests/server/messages/test_heap.py": {SERVICES},
    "tests/server/operations/doctor/test_engines.py": {SERVICES},
    "tests/server/seizure/test_memory.py": {SERVICES},
    "tests/server/storage/test_free_blocks.py": {SERVICES},
}
"""By folder, file or test: what is used there."""
_FIXTURES = {
    "bus": SERVICES,
    "cluster": SERVICES,
    "playwright": BROWSER,
    "postgres": SERVICES,
    "s3": SERVICES,
}
"""By fixture: what it starts."""
_SECONDS = {"tests/onion": 1_800, "tests/scale": 1_800}
"""By folder: the limit of each of its tests, with what it needs set up; else pyproject's."""
_PROGRAMS = {
    "chromium": BROWSER,
    "chromium-headless-shell": BROWSER,
    "firefox-esr": BROWSER,
    "caddy": SERVICES,
    "dbus-daemon": SERVICES,
    "docker-compose": SERVICES,
    "initdb": SERVICES,
    "mount": SERVICES,
    "nginx": SERVICES,
    "postgres": SERVICES,
    "redis-server": SERVICES,
    "systemd-analyze": SERVICES,
    "tor": SERVICES,
    "valkey-server": SERVICES,
}
"""By program: which marker a test has that starts it."""


class Kinds:
    """Gives each test its markers, and holds it to them in a run that leaves kinds out."""

    def __init__(self, *, left_out: bool) -> None:
        self._left_out = left_out
        self._marked: frozenset[str] | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark every test: its kinds, and its limit where it has one of its own."""
        measured = json.loads(MEASURED.read_text())
        for item in items:
            for name in sorted(kinds_of(item)):
                item.add_marker(name)
            if measured.get(item.nodeid.partition("::")[0], 0) >= _SLOW_FROM:
                item.add_marker(SLOW)
            for place in places_of(item) & _SECONDS.keys():
                item.add_marker(pytest.mark.timeout(_SECONDS[place]))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Say which test runs, for as long as it runs."""
        self._marked = frozenset(marker.name for marker in item.iter_markers())
        try:
            return (yield)
        finally:
            self._marked = None

    def watch(self, event: str, values: tuple[object, ...]) -> None:
        """Refuse a program that the running test is not marked for. Raises RuntimeError.

        Args:
            event: name of an event of ``sys.audit``.
            values: of ``subprocess.Popen``: program, arguments, folder, environment.
        """
        if event != "subprocess.Popen" or self._marked is None or not self._left_out:
            return
        kind = kind_of_program(str(values[0]))
        if kind is not None and kind not in self._marked:
            raise RuntimeError(
                f"{values[0]} is started by a test not marked {kind}: tests/kinds.py"
            )


def places_of(item: pytest.Item) -> set[str]:
    """Return a test's folders, its file and itself, as ``PLACES`` names them."""
    path = item.path.relative_to(ROOT) if item.path.is_relative_to(ROOT) else item.path
    folders = {str(folder) for folder in path.parents}
    return {*folders, str(path), f"{path}::{getattr(item, 'originalname', item.name)}"}


def kinds_of(item: pytest.Item) -> set[str]:
    """Return the kinds of a test: by where it lies, its fixtures, its database."""
    found = {kind for place in places_of(item) for kind in PLACES.get(place, ())}
    fixtures = getattr(item, "fixturenames", ())
    found |= {_FIXTURES[name] for name in fixtures if name in _FIXTURES}
    values = getattr(getattr(item, "callspec", None), "params", {})
    if values.get("engine") == "postgresql":
        found.add(SERVICES)
    return found


def kind_of_program(program: str) -> str | None:
    """Return the marker for a program, by its name; None for one that every test may start."""
    path = Path(program)
    if path.name == "node" and "playwright" in path.parts:
        return BROWSER
    return _PROGRAMS.get(path.name)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, and begin to watch."""
    config.addinivalue_line("markers", f"{BROWSER}: drives Chromium or Firefox")
    config.addinivalue_line(
        "markers",
        f"{SERVICES}: needs PostgreSQL, Redis, S3, Tor, a proxy, a bus, a file system "
        "of its own, or programs of an operator's machine",
    )
    config.addinivalue_line(
        "markers", f"{SLOW}: in a file that takes {_SLOW_FROM} seconds or more (tests/seconds.json)"
    )
    kinds = Kinds(left_out=bool(config.option.markexpr))
    config.pluginmanager.register(kinds, "quietline-kinds")
    sys.addaudithook(kinds.watch)
