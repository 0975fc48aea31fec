"""Run both implementations over a QL1 vectors file: ``python -m tests.vectors.run FILE``.

Prints a line per section for each language and ``N passed, N failed``; exit code 1 on a failure,
2 if there is no such file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.vectors.checks import SECTIONS, Vectors

JAVASCRIPT = Path(__file__).with_name("run.mjs")


def python_side(vectors: Vectors) -> tuple[int, int]:
    """Print a line per section; return how many checks passed and failed."""
    passed = failed = 0
    for name, section in SECTIONS.items():
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
    for name in sorted(set(vectors) - set(SECTIONS)):
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


def main(arguments: list[str]) -> int:
    """Run both sides; return the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("Usage: make vectors FILE=path/to/vectors.json", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    try:
        vectors = json.loads(path.read_bytes())
        if not isinstance(vectors, dict):
            raise ValueError("it is not a JSON object")
    except ValueError as error:
        print(f"{path} is no vectors file: {error}", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    sides = python_side(vectors), javascript_side(path)
    passed, failed = (sum(counts) for counts in zip(*sides, strict=True))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
