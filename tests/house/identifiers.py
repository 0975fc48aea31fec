"""The identifiers of the program: every name that somebody chose, with the files it stands in.

Of templates and style sheets they are what scripts and styles call things by, not what people read.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parents[2]
_FOLDERS = ("app", "deploy", "tests/deploy")
_MADE = {"node_modules", "dist", "__pycache__"}
"""Folders of what was made from something else."""
_NAMING = ("id", "arg", "attr", "name", "asname", "module")
"""Fields of Python's syntax that hold an identifier as text."""
_MARKS = {"class", "id", "for", "name", "form", "list", "aria-labelledby", "aria-describedby"}
"""Attributes of HTML whose values are names."""
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STYLED = re.compile(r"(?:[.#]|--|@keyframes |\[(?=data-))([A-Za-z_][\w-]*)")
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


def of_template(source: str) -> Iterator[str]:
    """Yield what a template of Jinja or a page names: classes, ids, fields, variables; no texts."""
    markup: list[str] = []
    for _, kind, value in Environment().lex(source):
        if kind == "name":
            yield value
        if kind in {"data", "string"}:
            markup.append(value[1:-1] + " " if kind == "string" else value)
    marks = _Marks()
    marks.feed("".join(markup))
    yield from marks.names


def of_style(source: str) -> Iterator[str]:
    """Yield the classes, ids, data-attributes, variables and animations of a style sheet."""
    yield from _STYLED.findall(_CSS_COMMENT.sub("", source))


class _Marks(HTMLParser):
    """The names among a page's attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("data-"):
                self.names.append(name)
            if name in _MARKS:
                self.names += (value or "").split()


def of_program() -> dict[str, set[str]]:
    """Return each identifier of app/ and deploy/, with where it stands.

    Names of files and folders are among them; of deploy's tests those, too, but not the tests'
    own names, which are sentences.
    """
    found: dict[str, set[str]] = defaultdict(set)
    readers = {".py": of_python, ".html": of_template, ".css": of_style}
    for folder in _FOLDERS:
        for path in _files(ROOT / folder, "*"):
            read = of_python if _is_python(path) else readers.get(path.suffix)
            if read is None:
                continue
            names = (path.stem, path.parent.name, *read(path.read_text()))
            for name in names:
                if not name.startswith("test_"):
                    found[name].add(str(path.relative_to(ROOT)))
    for where, names in _of_scripts(_files(ROOT / "app", "*.js")).items():
        for name in (Path(where).stem, Path(where).parent.name, *names):
            found[name].add(where)
    return found


def _files(folder: Path, pattern: str) -> list[Path]:
    return [
        path
        for path in folder.rglob(pattern)
        if not _MADE & set(path.relative_to(ROOT).parts) and path.is_file()
    ]


def _is_python(path: Path) -> bool:
    """Say whether a program without an ending is one of Python."""
    if path.suffix:
        return False
    with path.open("rb") as program:
        first = program.readline(100)
    return first.startswith(b"#!") and b"python" in first


def _of_scripts(paths: list[Path]) -> dict[str, list[str]]:
    script = Path(__file__).with_name("identifiers.mjs")
    command = ["node", str(script), *(str(path.relative_to(ROOT)) for path in paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    read: dict[str, list[str]] = json.loads(done.stdout)
    return read
