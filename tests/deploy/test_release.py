"""A release: the same bytes from the same commit, with every part and its licence named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.release import inventory
from deploy.release.source import ROOT, Failed, epoch, run, unpack


def test_the_wheel_is_the_same_when_it_is_built_again_elsewhere(tmp_path: Path) -> None:
    made = []
    for name, zone in (("one", "UTC"), ("other place", "Pacific/Chatham")):
        source, out = unpack(tmp_path / name / "source"), tmp_path / name / "out"
        command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out)
        run(*command, cwd=source, SOURCE_DATE_EPOCH=epoch(), TZ=zone)
        (wheel,) = out.iterdir()
        made.append((wheel.name, wheel.read_bytes()))
    assert made[0] == made[1]
    assert made[0][0].startswith("quietline-")


def test_a_part_without_a_licence_stops_a_release() -> None:
    part = {"name": "free", "version": "1", "licenses": [{"license": {"id": "MIT"}}]}
    assert inventory.licences({"components": [part]}) == "free 1: MIT\n"
    silent = {"name": "silent", "version": "2"}
    with pytest.raises(Failed, match="silent 2 does not say its licence"):
        inventory.licences({"components": [part, silent]})


def test_a_release_never_overwrites(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.release", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "exists already" in " ".join(done.stdout.split())  # however long the path is


def test_what_a_tool_complains_of_is_said() -> None:
    with pytest.raises(Failed, match="ended with 3"):
        run(sys.executable, "-c", "import sys; sys.exit(3)")
