"""The bar of branch coverage: `make measure` fails below it; one room alone is not judged by it."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COVERAGE = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]


def _recipe(*words: str) -> list[str]:
    """Return the lines that `make measure` would run."""
    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "measure", *words],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_the_whole_run_ends_with_the_bar() -> None:
    assert COVERAGE["report"]["fail_under"] > 0
    *_, tests, bar = _recipe()
    assert bar.endswith("coverage report"), "it reads fail_under, and ends with 2 below it"
    assert "--cov-fail-under=0" in tests, "pytest-cov would fail first, and say of no file why"


def test_one_room_alone_is_measured_and_not_judged() -> None:
    *_, tests = _recipe("ONLY=tests/house")
    assert tests.endswith("--cov --cov-report= --cov-fail-under=0 tests/house")


@pytest.mark.parametrize("patch", ["_exit", "execv", "subprocess"])
def test_what_the_tests_start_counts(patch: str) -> None:
    """Servers and consoles are processes; without these nothing is known of them."""
    assert patch in COVERAGE["run"]["patch"]
    assert COVERAGE["run"]["sigterm"] is True
    assert COVERAGE["run"]["branch"] is True
