"""One machine for all stages, in their order; what a stage left behind is looked at after each.

Each stage that went well is kept, and ``FROM=stage`` begins a later run after the one before it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm import image, journal
from tests.vm.field import Field, go_on, open_field

KEPT = image.ROOT / "build" / "vm"
_RUN = KEPT / "run"
_BEFORE = pytest.StashKey[str]()
"""The stage before the one that FROM names."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the stages before the first whose name has FROM in it."""
    begins = os.environ.get("FROM", "")
    named = [number for number, item in enumerate(items) if begins in item.name]
    if not named:
        raise pytest.UsageError(f"FROM={begins}: no stage is called so")
    if named[0] > 0:
        config.stash[_BEFORE] = items[named[0] - 1].name
        config.hook.pytest_deselected(items=items[: named[0]])
        del items[: named[0]]


@pytest.fixture(scope="session")
def field(pytestconfig: pytest.Config) -> Iterator[Field]:
    before = pytestconfig.stash.get(_BEFORE, None)
    opened = _begin() if before is None else go_on(image.made(KEPT), _RUN, before)
    try:
        yield opened
    finally:
        opened.close(KEPT / "counted.json")


def _begin() -> Field:
    package = os.environ.get("PACKAGE") or _newest()
    assert package, "there is no package: make deb, or name one with PACKAGE=…/quietline_….deb"
    last = os.environ.get("LAST_PACKAGE")
    return open_field(image.made(KEPT), _RUN, Path(package), Path(last) if last else None)


def _newest() -> Path | None:
    built = (image.ROOT / "build" / "deb").glob("quietline_*_amd64.deb")
    return max(built, key=lambda one: one.stat().st_mtime, default=None)


@pytest.fixture(autouse=True)
def nothing_is_refused(field: Field, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a stage after which a unit has failed, or in which the kernel refused something."""
    failed = request.session.testsfailed
    yield
    machine = field.machine
    assert machine.look("systemctl list-units --failed --plain --no-legend") == ""
    assert journal.refusals(machine) == []
    if request.session.testsfailed == failed:
        field.keep(request.node.name)
        stages = [name for name in vars(request.module) if name.startswith("test_")]
        if all((_RUN / f"{stage}.json").exists() for stage in stages):
            field.note_as_tried(KEPT / "tried")
