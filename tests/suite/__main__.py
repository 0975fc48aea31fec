"""Every test, two at a time; what fails beside others is run once more, alone. See ADR 0029."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
FEW = 8
"""So many failures of a whole run may be a busy machine's; more are not looked at twice."""
SIDE_BY_SIDE = ("--numprocesses", "2", "--dist", "loadfile")
ALONE = ("--last-failed", "--last-failed-no-failures", "none")


def run(root: Path, first: Sequence[str] = SIDE_BY_SIDE) -> int:
    """Run the tests of a folder; return pytest's exit code, of the second look where there was one.

    0 only if every test has passed. Tests that needed the second look are named either way.
    """
    code = _pytest(root, "--cache-clear", *first)
    failed = _failed(root)
    if code != 1 or not 0 < len(failed) <= FEW:
        return code
    _say("Failed beside other tests, now once more, alone:", failed)
    code = _pytest(root, *ALONE)
    if code == 0:
        _say("UNSTEADY: failed beside other tests, passed alone:", failed)
    return code


def _pytest(root: Path, *words: str) -> int:
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=root, check=False).returncode


def _failed(root: Path) -> list[str]:
    try:
        kept = (root / ".pytest_cache" / "v" / "cache" / "lastfailed").read_text()
    except FileNotFoundError:
        return []
    return sorted(json.loads(kept))


def _say(what: str, tests: Sequence[str]) -> None:
    print(what, *tests, sep="\n  ", flush=True)


if __name__ == "__main__":
    sys.exit(run(ROOT))
