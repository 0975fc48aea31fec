"""Run both implementations over vectors: ``python -m tests.vectors.run [FILE]``, by default all.

A file has the shape of one of the three beside this module, and is known by its members.
Prints a line per section for each language and ``N passed, N failed``; exit code 1 on a failure,
2 if there is no such file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.vectors import checks, quietline_checks, transfer_checks
from tests.vectors.checks import Check, Vectors

KEPT = [Path(__file__).with_name(f"{name}.json") for name in ("ql1", "quietline", "transfer")]
JAVASCRIPT = Path(__file__).with_name("run.mjs")

Sections = dict[str, Callable[[Vectors], Iterator[Check]]]


def sections_of(vectors: Vectors) -> Sections:
    """Return what there is to check, by the member that only files of one shape have."""
    if "invitation" in vectors:
        return transfer_checks.SECTIONS
    return quietline_checks.SECTIONS if "line_id" in vectors else checks.SECTIONS


def python_side(vectors: Vectors) -> tuple[int, int]:
    """Print a line per section; return how many checks passed and failed."""
    passed = failed = 0
    sections = sections_of(vectors)
    for name, section in sections.items():
        good, wrong = 0, []
        try:
            for check, ok in section(vectors):
                good += ok
                if not ok:
                    wrong.append(check)
        except Exception as error:  # whatever a malformed file brings is a failure of its section
            wrong.append(f"{type(error).__name__}: {error}")
        print(f"python      {name}: {good} passed, {len(wrong)} failed")
        for check in wrong:
            print(f"              failed: {check}")
        passed += good
        failed += len(wrong)
    for name in sorted(set(vectors) - set(sections)):
        print(f"python      {name}: 0 passed, 1 failed (unknown section)")
        failed += 1
    return passed, failed


def javascript_side(path: Path) -> tuple[int, int]:
    """Run the JavaScript implementation; pass its lines on, read its closing one."""
    run = subprocess.run(
        ["node", str(JAVASCRIPT), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    lines = run.stdout.splitlines()
    try:
        closing = json.loads(lines[-1])
        counts = closing["passed"], closing["failed"]
    except (IndexError, ValueError, TypeError, KeyError):
        print("\n".join(lines))
        print("javascript  did not finish: 0 passed, 1 failed")
        return 0, 1
    print("\n".join(lines[:-1]))
    return counts


def run_file(path: Path) -> tuple[int, int]:
    """Run both sides over one file; return how many checks passed and failed."""
    try:
        vectors = json.loads(path.read_bytes())
        if not isinstance(vectors, dict):
            raise ValueError("it is not a JSON object")
    except ValueError as error:
        print(f"{path} is no vectors file: {error}", file=sys.stderr)
        return 0, 1
    (passed, failed), (passed_too, failed_too) = python_side(vectors), javascript_side(path)
    return passed + passed_too, failed + failed_too


def main(arguments: list[str]) -> int:
    """Run both sides over the files; return the exit code."""
    paths = [Path(argument) for argument in arguments] or KEPT
    if not all(path.is_file() for path in paths):
        print("Usage: make vectors [FILE=path/to/vectors.json]", file=sys.stderr)
        return 2
    passed = failed = 0
    for path in paths:
        if len(paths) > 1:
            print(f"{path.name}:")
        good, wrong = run_file(path)
        passed, failed = passed + good, failed + wrong
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
