"""A clean copy of what is committed, and programs run in it: nothing else of the tree gets in."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Failed(Exception):
    """A step did not succeed; the text says which and how."""


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Run a program and return what it printed. Raises Failed with the end of its errors."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2_000:]
        raise Failed(f"{Path(str(command[0])).name} ended with {done.returncode}:\n{said}")
    return done.stdout


def epoch() -> str:
    """Return when the last commit was made, in Unix seconds: the one time a build may hold."""
    return run("git", "log", "-1", "--format=%ct").strip()


def unpack(into: Path) -> Path:
    """Put the committed files into a folder and return it."""
    into.mkdir(parents=True)
    archive = into.with_name(f"{into.name}.tar")
    run("git", "archive", "--format=tar", "--output", archive, "HEAD")
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    archive.unlink()
    return into


def environment(folder: Path, source: Path, *locks: str) -> Path:
    """Make a virtual environment from locks of a source tree, by hash; return its programs."""
    run(sys.executable, "-m", "venv", folder)
    wanted = [part for lock in locks for part in ("-r", source / "locks" / f"{lock}.txt")]
    run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", *wanted)
    return folder / "bin"
