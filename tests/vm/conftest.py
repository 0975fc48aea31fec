"""One machine for all stages, in their order; what a stage left behind is looked at after each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm import image, journal
from tests.vm.field import Field, open_field

KEPT = image.ROOT / "build" / "vm"


@pytest.fixture(scope="session")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    package = os.environ.get("PACKAGE") or _newest()
    assert package, "there is no package: make deb, or name one with PACKAGE=…/quietline_….deb"
    last = os.environ.get("LAST_PACKAGE")
    opened = open_field(
        image.made(KEPT),
        tmp_path_factory.mktemp("vm"),
        Path(package),
        Path(last) if last else None,
    )
    try:
        yield opened
    finally:
        opened.close(KEPT / "counted.json")


def _newest() -> Path | None:
    built = (image.ROOT / "build" / "deb").glob("quietline_*_amd64.deb")
    return max(built, key=lambda one: one.stat().st_mtime, default=None)


@pytest.fixture(autouse=True)
def nothing_is_refused(field: Field) -> Iterator[None]:
    """Fail a stage after which a unit has failed, or in which the kernel refused something."""
    yield
    machine = field.machine
    assert machine.look("systemctl list-units --failed --plain --no-legend") == ""
    assert journal.refusals(machine) == []
