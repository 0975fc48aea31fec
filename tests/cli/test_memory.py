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


KEPT = """
if sys.argv[1] == "kept":
    keep_to_itself()
text = "They keep our passports at " + "Wisbech."
print("up", flush=True)
sys.stdin.read()
"""
OTHER = """
import ctypes, sys
pid = sys.argv[1]
def reads(name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            file.read(1)
    except OSError as error:
        return type(error).__name__ != "PermissionError"
    return True
attached = ctypes.CDLL(None).ptrace(16, int(pid), 0, 0) == 0
print(*(int(one) for one in (reads("mem"), reads("maps"), reads("environ"), attached)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
@pytest.mark.parametrize(("how", "seen"), [("kept", "0 0 0 0"), ("plain", "1 1 1 1")])
def test_another_program_of_the_same_user_reads_none_of_it(how: str, seen: str) -> None:
    """With `/proc` and with ptrace; that the same look succeeds elsewhere shows that it can."""
    python = [sys.executable]
    if os.getuid() == 0:  # root may look into everything
        if not Path("/usr/bin/python3").exists():
            pytest.skip("needs a Python that everybody may run")
        python = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3"]
    if how == "plain" and os.getuid() != 0:
        pytest.skip("some systems let nobody attach, whatever the program says (Yama)")
    code = (ROOT / "app" / "cli" / "locked_memory.py").read_text() + KEPT
    with subprocess.Popen(
        [*python, "-c", code, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        looked = subprocess.run(
            [*python, "-c", OTHER, str(running.pid)], capture_output=True, text=True, check=True
        )
        running.kill()  # whoever was attached to is left standing still
    assert looked.stdout.strip() == seen
