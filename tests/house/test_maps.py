"""Each package's opening docstring is a map, and the map shows what is there: no more, no less.

A map is the indented lines of the docstring: names of children (``inbox`` a module, ``vault/`` a
folder), two spaces, what is in them. Children that belong together may share a line.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
PACKAGES = sorted(
    path.parent for path in APP.rglob("__init__.py") if "node_modules" not in path.parts
)
_ENTRY = re.compile(r" {4}(?P<names>[A-Za-z_]\w*/?(?: [A-Za-z_]\w*/?)*) {2,}(?P<meaning>\S.*)")
_UNLISTED = {"__init__", "__pycache__"}


def _children(package: Path) -> set[str]:
    """Return the names that a package's map must show: modules bare, folders with a slash."""
    modules = {path.stem for path in package.glob("*.py")}
    folders = {f"{path.name}/" for path in package.iterdir() if path.is_dir()}
    return {name for name in modules | folders if name.rstrip("/") not in _UNLISTED}


def _shown(docstring: str) -> Counter[str]:
    """Return how often each name stands in the map of a docstring."""
    entries = (_ENTRY.fullmatch(line) for line in docstring.splitlines())
    return Counter(name for entry in entries if entry for name in entry["names"].split())


def _docstring(package: Path) -> str:
    tree = ast.parse((package / "__init__.py").read_text())
    return ast.get_docstring(tree) or ""


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(APP.parent)))
def test_a_packages_map_shows_each_child_once_and_nothing_else(package: Path) -> None:
    assert _shown(_docstring(package)) == Counter(_children(package))


@pytest.mark.parametrize(
    ("docstring", "shown"),
    [
        ("Rooms.\n\n    inbox  one sync\n    vault/  all kept", {"inbox": 1, "vault/": 1}),
        ("Rooms.\n\n    film sound  by a converter", {"film": 1, "sound": 1}),
        ("Rooms.\n\n    inbox  one sync\n           that loses nothing", {"inbox": 1}),
        ("Rooms.\n\n    inbox  one sync\n\nand\n\n    inbox  again", {"inbox": 2}),
        ("Rooms.\n\ninbox  one sync", {}),
    ],
)
def test_what_counts_as_an_entry_of_a_map(docstring: str, shown: dict[str, int]) -> None:
    assert _shown(docstring) == Counter(shown)
