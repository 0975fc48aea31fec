"""One dialect of docstrings: what is code stands between two backticks on each side."""

import ast
import re
from pathlib import Path

_SINGLE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_code_in_docstrings_is_in_double_backticks() -> None:
    found = [
        f"{path}: {single}"
        for path in sorted(Path("app").rglob("*.py"))
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, _DOCUMENTED)
        for single in _SINGLE.findall(ast.get_docstring(node, clean=False) or "")
    ]
    assert found == []
