"""``python -m tests.house.maps``: brings each package's opening map to what is in it.

A map is the indented lines of a package's docstring: names of children (``inbox`` a module,
``vault/`` a folder), two spaces, what is in them. Children that belong together may share a line.
What is gone is taken out; what is new comes at the end with the first sentence of its own
docstring: put it where a reader looks for it, and say it in fewer words.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections import Counter
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
COLUMNS = 100
_ENTRY = re.compile(r" {4}(?P<names>[A-Za-z_]\w*/?(?: [A-Za-z_]\w*/?)*) {2,}(?P<meaning>\S.*)")
_UNLISTED = {"__init__", "__pycache__/"}


def packages(root: Path = APP) -> list[Path]:
    """Return every folder that is a package of Python."""
    found = (path.parent for path in root.rglob("__init__.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def children(package: Path) -> set[str]:
    """Return the names that a package's map must show: modules bare, folders with a slash."""
    modules = {path.stem for path in package.glob("*.py")}
    folders = {f"{path.name}/" for path in package.iterdir() if path.is_dir() and holds(path)}
    return (modules | folders) - _UNLISTED


def holds(folder: Path) -> bool:
    """Say whether a folder has a file: one that git took away leaves its compiled modules."""
    return any(path.is_file() and "__pycache__" not in path.parts for path in folder.rglob("*"))


def shown(docstring: str) -> Counter[str]:
    """Return how often each name stands in the map of a docstring."""
    entries = (_ENTRY.fullmatch(line) for line in docstring.splitlines())
    return Counter(name for entry in entries if entry for name in entry["names"].split())


def docstring(path: Path) -> str:
    """Return the opening docstring of a module, without its indentation."""
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def mended(text: str, package: Path) -> str:
    """Return a package's docstring with a map of its children."""
    here, lines, last = children(package), [], 0
    for line in text.splitlines():
        entry = _ENTRY.fullmatch(line)
        names = [name for name in entry["names"].split() if name in here] if entry else []
        if entry and not names:
            continue
        lines.append(_line(names, entry["meaning"]) if entry else line)
        last = len(lines) if entry else last
    missing = sorted(here - shown(text).keys())
    new = [_line([name], _sentence(package, name)) for name in missing]
    if new and not last:  # an unindented line, or a formatter takes the map for all of the text
        lines += ["", "In it:", ""]
        last = len(lines)
    lines[last:last] = new
    return "\n".join(_aligned(lines))


def _line(names: list[str], meaning: str) -> str:
    return f"    {' '.join(names)}  {meaning}"


def _sentence(package: Path, name: str) -> str:
    path = package / name / "__init__.py" if name.endswith("/") else package / f"{name}.py"
    said = docstring(path).split("\n\n")[0] if path.is_file() else ""
    sentence = re.split(r"\.(?:\s|$)", said)[0] or "files"
    return textwrap.shorten(sentence, COLUMNS - len(_line([name], "")) - 12, placeholder=" …")


def _aligned(lines: list[str]) -> list[str]:
    """Let meanings begin in one column, in each run of entries whose line has one name."""
    made, run = list(lines), list[int]()
    for at, line in enumerate([*lines, ""]):
        entry = _ENTRY.fullmatch(line)
        if entry and " " not in entry["names"]:
            run.append(at)
        elif not entry and not line.startswith(" "):
            parts = [_ENTRY.fullmatch(lines[each]) for each in run]
            wide = max((len(part["names"]) for part in parts if part), default=0)
            for each, part in zip(run, parts, strict=True):
                if part:
                    made[each] = f"    {part['names']:<{wide}}  {part['meaning']}"
            run = []
    return made


def mend(package: Path) -> bool:
    """Write a package's docstring anew where its map is not right; say whether it was not."""
    path = package / "__init__.py"
    text, source = docstring(path), path.read_text()
    if shown(text) == Counter(children(package)):
        return False
    if not text or "\\" in text:
        raise SystemExit(f"{path}: say first, without backslashes, what lives here.")
    end = ast.parse(source).body[0].end_lineno
    rest = "".join(source.splitlines(keepends=True)[end:])
    path.write_text(f'"""{mended(text, package)}\n"""\n{rest}')
    return True


if __name__ == "__main__":
    for each in packages():
        if mend(each):
            print(f"{each / '__init__.py'}: look at its map.")
