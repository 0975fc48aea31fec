"""Tests have the markers of what they use, whoever writes them, and long ones begin first."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import kinds, seconds

ROOT = Path(__file__).parents[2]
STARTS = """
import subprocess
from pathlib import Path
import pytest

@pytest.fixture
def postgres(): pass

def test_unmarked(): subprocess.run([Path(__file__).with_name("tor")], check=True)

def test_marked(postgres): subprocess.run([Path(__file__).with_name("tor")], check=True)
"""


def run(folder: Path, *words: str) -> str:
    """Run the tests that are in ``STARTS`` under the rules of these; return what is said."""
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    (folder / "test_it.py").write_text(STARTS)
    program = folder / "tor"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    command = [sys.executable, "-m", "pytest", "-p", "tests.kinds", "--rootdir", folder, *words]
    return subprocess.run(
        [*command, "-c", folder / "pytest.ini", folder], cwd=ROOT, capture_output=True, text=True
    ).stdout  # fmt: skip


def test_a_test_that_starts_a_service_without_its_marker_fails(tmp_path: Path) -> None:
    said = run(tmp_path, "-m", "not browser")
    assert "is started by a test not marked services: tests/kinds.py" in said
    assert "1 failed, 1 passed" in said


def test_what_uses_a_service_is_left_out(tmp_path: Path) -> None:
    assert "1 failed, 1 deselected" in run(tmp_path, "-m", "not services")


def test_what_takes_long_is_marked_slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    measured = tmp_path / "seconds.json"
    measured.write_text(json.dumps({"a.py": 10, "b.py": 9}))
    monkeypatch.setattr(kinds, "MEASURED", measured)
    marked: list[tuple[str, str]] = []

    def item(name: str) -> SimpleNamespace:
        mark = partial(_noted, marked, name)
        return SimpleNamespace(nodeid=f"{name}::t", path=ROOT / name, name="t", add_marker=mark)

    kinds.Kinds(left_out=True).pytest_collection_modifyitems(
        [item("a.py"), item("b.py"), item("new.py")]
    )
    assert marked == [("a.py", "slow")]


def _noted(marked: list[tuple[str, str]], name: str, marker: str) -> None:
    marked.append((name, marker))


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ("/usr/bin/chromium", "browser"),
        ("/venv/lib/playwright/driver/node", "browser"),
        ("/usr/lib/postgresql/17/bin/initdb", "services"),
        ("/usr/bin/node", None),
        ("python3", None),
    ],
)
def test_a_program_is_known_by_its_name(program: str, kind: str | None) -> None:
    assert kinds.kind_of_program(program) == kind


@pytest.mark.parametrize("place", kinds.PLACES)
def test_every_place_with_a_marker_is_there(place: str) -> None:
    file, _, name = place.partition("::")
    assert (ROOT / file).exists()
    if name:
        assert f"def {name}(" in (ROOT / file).read_text()


def test_long_files_begin_first_and_one_that_is_new_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = tmp_path / "seconds.json"
    measured.write_text(json.dumps({"a.py": 3, "b.py": 90, "c.py": 3}))
    monkeypatch.setattr(seconds, "MEASURED", measured)
    items = [SimpleNamespace(nodeid=f"{name}.py::test") for name in "aabbccd"]
    seconds.pytest_collection_modifyitems(SimpleNamespace(workerinput={}), items)
    assert "".join(item.nodeid[0] for item in items) == "dbbaacc"


def test_a_room_with_one_network_for_all_goes_to_one_process_and_counts_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = tmp_path / "seconds.json"
    measured.write_text(json.dumps({"tests/onion/a.py": 30, "tests/onion/b.py": 30, "c.py": 50}))
    monkeypatch.setattr(seconds, "MEASURED", measured)
    names = ["c.py::test", "tests/onion/a.py::test", "tests/onion/b.py::test[x]"]
    items = [SimpleNamespace(nodeid=name) for name in names]
    seconds.pytest_collection_modifyitems(SimpleNamespace(workerinput={}), items)
    assert [item.nodeid for item in items] == [*names[1:], names[0]]
    assert len({seconds.unit_of(name) for name in names[1:]}) == 1
    assert seconds.unit_of("tests/onion/a.py::test") != seconds.unit_of(names[0])


def test_what_was_measured_is_kept_for_files_that_are_there_and_were_not_run(
    tmp_path: Path,
) -> None:
    measured, here = tmp_path / "seconds.json", "tests/house/test_kinds.py"
    measured.write_text(json.dumps({"tests/gone.py": 9, "tests/conftest.py": 4, here: 1}))
    measuring = seconds.Measuring(measured)
    for _ in range(3):  # its setup, itself, what is taken down
        measuring.pytest_runtest_logreport(SimpleNamespace(nodeid=f"{here}::test", duration=2.5))
    measuring.pytest_sessionfinish()
    assert json.loads(measured.read_text()) == {here: 8, "tests/conftest.py": 4}
    assert list(json.loads(measured.read_text())) == [here, "tests/conftest.py"]


def test_the_runner_keeps_that_order() -> None:
    """Without it, xdist would begin with the files of most tests."""
    assert "--dist loadfile --no-loadscope-reorder" in (ROOT / "Makefile").read_text()
