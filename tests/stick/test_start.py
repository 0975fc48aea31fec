"""Which stick a start takes, where there are several of one image or none."""

from __future__ import annotations

import subprocess
from pathlib import Path

from deploy.stick import root

SCRIPT = root.SYSTEM / "etc/initramfs-tools/scripts/quietline"
_WAIT = """
. "$1"
find_media() { cat seen; }
sleep() { if [ -s later ]; then head -n 1 later | tr ' ' '\\n' >seen; sed -i 1d later; fi; }
panic() { echo "$*"; exit 1; }
wait_for_medium 2026-11-30
echo "takes $medium"
"""


def _start(folder: Path, first: str, *later: str) -> str:
    """Start with these partitions in a PC, and later, at each look, with those; what it says."""
    (folder / "seen").write_text("\n".join(first.split()) + "\n")
    (folder / "later").write_text("".join(f"{one}\n" for one in later))
    done = subprocess.run(
        ["sh", "-c", _WAIT, "sh", SCRIPT], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_the_one_stick_is_taken_also_one_that_comes_late(tmp_path: Path) -> None:
    assert _start(tmp_path, "/dev/sda1") == "takes /dev/sda1\n"
    assert _start(tmp_path, "", "", "/dev/sdb1") == "takes /dev/sdb1\n"


def test_of_two_of_one_image_one_must_be_taken_out(tmp_path: Path) -> None:
    """The second may be seen a moment after the first."""
    both = "/dev/sda1 /dev/sdb1"
    said = _start(tmp_path, "/dev/sda1", "/dev/sda1", both, both, "/dev/sdb1")
    assert said.count("There are two sticks") == 1
    assert said.endswith("takes /dev/sdb1\n")


def test_where_there_is_none_it_says_what_to_do(tmp_path: Path) -> None:
    said = _start(tmp_path, "")
    assert "The stick was not found." in said
    assert "takes" not in said


def test_no_start_that_fails_opens_a_shell() -> None:
    """A shell would be root's: the kernel is told to start anew (initramfs-tools' ``panic``)."""
    start = (root.SYSTEM.parent / "start.cfg").read_text()
    (command,) = [line for line in start.splitlines() if line.lstrip().startswith("linux ")]
    (seconds,) = [word.split("=")[1] for word in command.split() if word.startswith("panic=")]
    assert int(seconds) > 0
