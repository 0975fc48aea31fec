"""``python -m tests.console.left_out [NAME …]``: the console's tests without each feature.

For each (or each that is named; ``all`` is without any) the program is copied, the feature's line
is taken out of the copy, and the console's tests are run there, but for those of the feature's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.console.features.all_features import FEATURES

ROOT = Path(__file__).parents[2]
LIST = "app/console/features/all_features.py"
NAMES = [one.name for one in FEATURES]


def needs(name: str) -> pytest.MarkDecorator:
    """Skip a test that lies outside a feature's folder where that feature is left out."""
    return pytest.mark.skipif(name not in NAMES, reason=f"{name} is left out")


def take_out(program: Path, names: Iterable[str]) -> None:
    """Take these features' lines out of the list in a copy of the program."""
    module = program / LIST
    lines, gone = module.read_text().splitlines(keepends=True), set(names)
    kept = [line for line in lines if line.strip().rstrip(",").lower() not in gone]
    if len(kept) != len(lines) - len(gone):
        raise ValueError(f"{LIST} has no line for one of: {', '.join(gone)}")
    module.write_text("".join(kept))


def copy(program: Path) -> None:
    """Copy the working tree: what git knows of it, and what is new."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    named = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, named.split("\0")):
        if (ROOT / name).is_file():
            (program / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, program / name)


def install(program: Path) -> Path:
    """Give a copy an environment of its own that has it installed; return its interpreter.

    The viewer's process sees nothing else of the disk. Files are links to those of this one.
    """
    shutil.copytree(sys.prefix, program / ".venv", symlinks=True, copy_function=os.link)
    for named in (program / ".venv").glob("lib/python3*/site-packages/*.pth"):
        said = named.read_text()
        if str(ROOT) in said:
            named.unlink()
            named.write_text(said.replace(str(ROOT), str(program)))
    return program / ".venv/bin/python"


def run_without(names: list[str], more: list[str]) -> int:
    """Run the console's tests without these features; return pytest's exit code."""
    # Beside the environment that is linked, and not in /tmp, which the viewer's sandbox hides.
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        program = Path(folder)
        copy(program)
        take_out(program, names)
        own = [f"--ignore=tests/console/features/{name}" for name in names]
        command = [str(install(program)), "-m", "pytest", "tests/console", *own, *more]
        environment = os.environ | {"SECONDS_TO": ""}
        return subprocess.run(command, cwd=program, env=environment, check=False).returncode


def main(words: list[str]) -> int:
    """Run them for each name; from the first word with a dash on they are pytest's."""
    first = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    chosen, more = words[:first] or NAMES, words[first:]
    failed = []
    for name in chosen:
        print(f"Without {name}:", flush=True)
        if run_without(NAMES if name == "all" else [name], more):
            failed.append(name)
    if failed:
        print(f"Failed without: {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
