"""Every claim of the README and of SECURITY.md has tests that hold it, and they are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _section(file: str, heading: str) -> str:
    text = (ROOT / file).read_text()
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def _rows() -> dict[str, str]:
    table = _section("docs/threat-model.md", "Claims, and the tests that hold them")
    return {
        row.split("|")[1].split()[0]: row.split("|")[2]
        for row in table.splitlines()
        if re.match(r"\| [RS]\d+ ", row)
    }


def _claims() -> set[str]:
    readme = _section("README.md", "The trust model in ten lines")
    numbers = re.findall(r"^(\d+)\. ", readme, re.MULTILINE)
    bullets = re.findall(r"^- ", _section("SECURITY.md", "What to hold us to"), re.MULTILINE)
    return {f"R{number}" for number in numbers} | {f"S{n + 1}" for n in range(len(bullets))}


def _tests_in(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_claim_has_a_row_and_every_row_a_claim() -> None:
    assert len(_claims()) == 13
    assert _rows().keys() == _claims()


@pytest.mark.parametrize("claim", sorted(_claims()))
def test_the_tests_that_hold_a_claim_are_there(claim: str) -> None:
    held = _TEST.findall(_rows()[claim])
    assert held
    for file, name in held:
        assert (ROOT / file).is_file(), file
        assert name in _tests_in(ROOT / file), f"{file}::{name}"
