"""The identifiers of the program: every name that somebody chose, with the files it stands in."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SCRIPTS = ("app/reporter/client/src", "app/console/static/js", "app/console/features")
_NAMING = ("id", "arg", "attr", "name", "asname", "module")
"""Fields of Python's syntax that hold an identifier as text."""
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@cache
def parts(identifier: str) -> tuple[str, ...]:
    """Split a name: ``LineClient``, ``line_client`` and ``LINE_CLIENT`` are line and client."""
    return tuple(part.lower() for part in _PART.findall(identifier))


def has_word(identifier: str, word: str) -> bool:
    """Say whether a word (``given_up``) is a name, or some of its parts in a row."""
    wanted, given = parts(word), parts(identifier)
    return any(given[at : at + len(wanted)] == wanted for at in range(len(given)))


def of_python(source: str) -> Iterator[str]:
    """Yield the identifiers of a Python file; texts and comments have none."""
    for node in ast.walk(ast.parse(source)):
        for field in _NAMING:
            if isinstance(name := getattr(node, field, None), str):
                yield from name.split(".")
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names


def of_program() -> dict[str, set[str]]:
    """Return each identifier of app/, names of files and folders too, with where it stands."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in _files(ROOT / "app", "*.py"):
        where = str(path.relative_to(ROOT))
        for name in (path.stem, path.parent.name, *of_python(path.read_text())):
            found[name].add(where)
    scripts = [path for folder in _SCRIPTS for path in _files(ROOT / folder, "*.js")]
    for where, names in _of_scripts(scripts).items():
        for name in (Path(where).stem, Path(where).parent.name, *names):
            found[name].add(where)
    return found


def _files(folder: Path, pattern: str) -> list[Path]:
    return [path for path in folder.rglob(pattern) if "node_modules" not in path.parts]


def _of_scripts(paths: list[Path]) -> dict[str, list[str]]:
    script = Path(__file__).with_name("identifiers.mjs")
    command = ["node", str(script), *(str(path.relative_to(ROOT)) for path in paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    read: dict[str, list[str]] = json.loads(done.stdout)
    return read
