"""CONTRIBUTING.md and architecture.md against the tree: what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.maps import holds

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
MAP = (ROOT / "docs/architecture.md").read_text()
_PATH = re.compile(r"(?<![\w./-])((?:app|tests|deploy|docs|migrations)/[\w./-]*\w/?)")
# What a contributor makes, by the steps there.
_TO_BE_MADE = {
    "app/console/features/visits/",
    "app/reporter/client/src/clean/FORMAT.js",
    "tests/console/features/visits/",
}


@pytest.mark.parametrize("path", sorted(set(_PATH.findall(TEXT + MAP)) - _TO_BE_MADE))
def test_what_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_what_is_to_be_made_is_named_and_not_there_yet() -> None:
    named = set(_PATH.findall(TEXT))
    assert named >= _TO_BE_MADE
    for path in _TO_BE_MADE:
        made = (ROOT / path).is_file() or holds(ROOT / path)
        assert not made, "let CONTRIBUTING.md's example have another name"


def test_every_make_target_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = set(re.findall(r"(?:`|^)make ([a-z-]+)", TEXT, re.MULTILINE))
    assert asked
    assert asked <= targets


def test_names_in_code_are_where_it_says() -> None:
    for name, file in {
        "write_body": "app/protocol/bodies.py",
        "read_body": "app/protocol/bodies.py",
        "KINDS": "app/reporter/client/src/clean/main.js",
        "Unreadable": "app/reporter/client/src/clean/bytes.js",
        "opened": "tests/console/browser.py",
        "later": "app/console/vault/database/feature_tables.py",
        "bodies": "tests/vectors/small.mjs",
    }.items():
        assert f"`{name}`" in TEXT
        assert re.search(rf"\b{name}\b", (ROOT / file).read_text())


def test_whoever_contributes_is_warned_before_anything_else_is_asked_of_them() -> None:
    before = TEXT.split("\n## ")[0]
    assert "Never put a report, an answer, a receipt code" in " ".join(before.split())
    assert "SECURITY.md" in before
