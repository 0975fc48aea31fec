"""What people read in the console: of templates, Python, scripts, exercises and its manuals."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

HEADING = "## What the console says"
_CALL = re.compile(r"""_\(\s*(?:"([^"]*)"|'([^']*)')""")
_JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
_TAGS = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
_SCRIPT = re.compile(r"""'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`""")
_PLACE = re.compile(r"\$\{[^}]*\}")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*|\s// [^\n]*", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`]*`")
_MACHINE = re.compile(r"\b(?:SELECT|CREATE|INSERT|UPDATE|DELETE|PRAGMA|WHERE|FROM)\b|[<>=;]{1}\s")


class Text(NamedTuple):
    """Words that somebody reads, and the file that they are in."""

    where: str
    words: str


def whole(phrase: str) -> re.Pattern[str]:
    """Return a pattern of a phrase as whole words, whatever their capitals."""
    return re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)


def of_template(source: str) -> list[str]:
    """Return a Jinja template's texts: those that are marked, then those that stand bare."""
    marked = [one or other for one, other in _CALL.findall(source)]
    bare = [_TAGS.sub("\n", line) for line in _JINJA.sub("", source).splitlines()]
    return marked + _lines("\n".join(bare))


def of_python(source: str) -> list[str]:
    """Return the string literals of a module that are words, without docstrings and SQL."""
    tree = ast.parse(source)
    parts = {id(part) for node in ast.walk(tree) for part in _not_read(node)}
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append((node.lineno, _joined(node)))
        elif isinstance(node, ast.Constant) and id(node) not in parts:
            found.append((node.lineno, node.value if isinstance(node.value, str) else ""))
    return [words for _, words in sorted(found) if _is_read(words)]


def of_script(source: str) -> list[str]:
    """Return the string literals of a JavaScript module that are words."""
    strings = (next(filter(None, one), "") for one in _SCRIPT.findall(_COMMENT.sub("", source)))
    bare = (_PLACE.sub("{}", words) for words in strings)
    return [words for words in bare if _is_read(words)]


def of_document(source: str) -> list[str]:
    """Return the lines of a Markdown page, without code."""
    return _lines(_CODE.sub("", _FENCE.sub("", source)))


def of_exercise(source: str) -> list[str]:
    """Return what an exercise says: all its texts but its names and ids."""
    return [words for words in _strings(tomllib.loads(source)) if " " in words]


def of_console(root: Path) -> list[Text]:
    """Return all that people read in the console, at its terminal and in its manuals."""
    console, cli = root / "app" / "console", root / "app" / "cli"
    sources: list[tuple[Callable[[str], list[str]], list[Path]]] = [
        (of_template, sorted(console.rglob("*.html"))),
        (of_python, sorted([*console.rglob("*.py"), *cli.glob("console*.py")])),
        (of_script, sorted(console.rglob("*.js"))),
        (of_exercise, sorted(console.rglob("content/*.toml"))),
        (
            of_document,
            [root / "docs" / f"{page}.md" for page in ("investigating", "console", "investigator")],
        ),
    ]
    return [
        Text(path.relative_to(root).as_posix(), words)
        for read, paths in sources
        for path in paths
        for words in read(path.read_text())
    ]


def _not_read(node: ast.AST) -> Iterator[ast.AST]:
    """Yield docstrings, names of types, exported names, and the parts of an f-string."""
    if isinstance(node, ast.Expr):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield from ast.walk(node.annotation)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
        yield from ast.walk(node.returns)
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
        yield from ast.walk(node.value)


def _joined(node: ast.JoinedStr) -> str:
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def _is_read(words: str) -> bool:
    """Say whether a literal is for people: two words, or one that begins as a sentence does."""
    if _MACHINE.search(words) or words.strip().startswith("quietline "):
        return False  # SQL and its like; a command to type
    several = " " in words.strip() and re.search(r"[a-z]{2}", words)
    return bool(several or re.fullmatch(r"[A-Z][a-z’'-]+", words))


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.search(r"[A-Za-z]", line)]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
