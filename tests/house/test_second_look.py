"""A second look at a failed test never makes a broken one pass, nor hides that it was needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "second-look"
FEW = 8
ONCE = """
from pathlib import Path

def test_only_the_first_time_it_fails():
    seen = Path(__file__).with_name("seen")
    before = seen.exists()
    seen.touch()
    assert before
"""


def whole(folder: Path, source: str) -> int:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(source)
    environment = os.environ | {"PYTHON": sys.executable}
    return subprocess.run([SCRIPT], cwd=folder, env=environment, check=False).returncode


def test_what_passes_alone_passes_and_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert whole(tmp_path, f"{ONCE}\ndef test_sound(): pass\n") == 0
    said = capfd.readouterr().out
    assert "UNSTEADY" in said
    assert "test_it.py::test_only_the_first_time_it_fails" in said.split("UNSTEADY")[1]
    assert "1 passed" in said.split("alone:")[1], "the sound test is not run again"


def test_what_fails_again_alone_fails(tmp_path: Path) -> None:
    assert whole(tmp_path, f"{ONCE}\ndef test_broken(): assert False\n") == 1


def test_many_failures_are_not_looked_at_twice(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    many = "".join(f"def test_{n}(): assert False\n" for n in range(FEW + 1))
    assert whole(tmp_path, many) == 1
    assert capfd.readouterr().out.count("test session starts") == 1


def test_so_few_are(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    few = "".join(f"def test_{n}(): assert False\n" for n in range(FEW))
    assert whole(tmp_path, few) == 1
    assert capfd.readouterr().out.count("test session starts") == 2


def test_what_failed_in_a_run_before_is_not_counted(tmp_path: Path) -> None:
    assert whole(tmp_path, "def test_broken(): assert False\n") == 1
    assert whole(tmp_path, "import nothing_of_this_name\n") == 2


def test_an_error_before_any_test_fails(tmp_path: Path) -> None:
    assert whole(tmp_path, "import nothing_of_this_name\n") != 0


def test_a_whole_run_that_passes_is_run_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert whole(tmp_path, "def test_sound(): pass\n") == 0
    assert capfd.readouterr().out.count("test session starts") == 1
