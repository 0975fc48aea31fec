"""``make install`` puts in what the sources name, however old their files are said to be."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = ("locks/build.txt", "locks/runtime.txt", "locks/dev.txt", "pyproject.toml")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Return a folder of sources, whose interpreter only writes down what it is asked for."""
    (tmp_path / "locks").mkdir()
    for name in ("Makefile", *NAMED):
        shutil.copy(ROOT / name, tmp_path / name)
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@" >>calls\n')
    python.chmod(0o755)
    os.utime(python, (0, 0))
    return tmp_path


def calls(sources: Path, target: str) -> str:
    """Make a target; return what was asked of the interpreter."""
    (sources / "calls").write_text("")
    subprocess.run(["make", target], cwd=sources, check=True, capture_output=True)
    return (sources / "calls").read_text()


@pytest.mark.parametrize("name", ["locks/build.txt", "locks/runtime.txt", "pyproject.toml"])
def test_new_sources_are_installed_though_an_archive_dates_them_back(
    sources: Path, name: str
) -> None:
    assert "locks/runtime.txt" in calls(sources, "install")
    assert calls(sources, "install") == ""
    file = sources / name
    file.write_text(file.read_text() + "# a later release\n")
    os.utime(file, (0, 0))
    assert "locks/runtime.txt" in calls(sources, "install")
    assert calls(sources, "install") == ""
