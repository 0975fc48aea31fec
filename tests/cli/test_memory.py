"""No command leaves its memory on a disk, or lets another program of its user read it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.entry import MACHINES

ROOT = Path(__file__).parents[2]
LOOK = """
import ctypes, resource, sys
from app.cli import entry
entry.build = lambda asked: lambda prog_name: print(
    ctypes.CDLL(None).prctl(3), *resource.getrlimit(resource.RLIMIT_CORE)
)
entry.main()
"""
FALL = """
import os, signal, sys
from app.cli import entry
text = "They keep our passports at Wisbech." * 1000
entry.build = lambda asked: lambda prog_name: os.kill(os.getpid(), signal.SIGSEGV)
entry.main()
"""


def begun(code: str, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    shell = 'ulimit -c unlimited; exec "$@"'
    return subprocess.run(
        ["/bin/bash", "-c", shell, "bash", sys.executable, "-c", code, command],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )


@pytest.mark.parametrize("command", MACHINES)
def test_nobody_but_root_may_look_into_it_and_its_dump_has_no_room(
    command: str, tmp_path: Path
) -> None:
    assert begun(LOOK, command, tmp_path).stdout.split() == ["0", "0", "0"]


@pytest.mark.parametrize("command", ["report", "agency", "console", "server"])
def test_one_that_falls_leaves_no_core(command: str, tmp_path: Path) -> None:
    assert begun(FALL, command, tmp_path).returncode == -signal.SIGSEGV
    assert list(tmp_path.iterdir()) == []
