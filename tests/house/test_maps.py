"""Each package's opening docstring is a map, and the map shows what is there: no more, no less."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.house import maps

_NAMES = [str(package.relative_to(maps.APP.parent)) for package in maps.packages()]


@pytest.mark.parametrize("package", _NAMES)
def test_a_packages_map_shows_each_child_once_and_nothing_else(package: str) -> None:
    path = maps.APP.parent / package
    shown = maps.shown(maps.docstring(path / "__init__.py"))
    assert shown == Counter(maps.children(path)), "make fix brings it near"


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
    assert maps.shown(docstring) == Counter(shown)


def test_a_map_is_brought_to_what_is_in_the_package(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "__init__.py").write_text('"""All that is kept. In one folder."""\n')
    (tmp_path / "inbox.py").write_text('"""One sync."""\n')
    package = tmp_path / "__init__.py"
    package.write_text(
        '"""Rooms.\n\n    gone   was here\n    inbox  it\n\nNo more.\n"""\n\nX = 1\n'
    )
    assert maps.mend(tmp_path)
    assert package.read_text() == (
        '"""Rooms.\n\n    inbox   it\n    vault/  All that is kept\n\nNo more.\n"""\n\nX = 1\n'
    )
    assert not maps.mend(tmp_path), "what is right is left alone"


def test_a_package_without_a_map_gets_one_that_a_formatter_leaves_alone(tmp_path: Path) -> None:
    (tmp_path / "inbox.py").write_text('"""One sync."""\n')
    (tmp_path / "__init__.py").write_text('"""Rooms."""\n')
    assert maps.mend(tmp_path)
    text = (tmp_path / "__init__.py").read_text()
    assert text == '"""Rooms.\n\nIn it:\n\n    inbox  One sync\n"""\n'


def test_what_was_taken_away_is_not_there_because_it_was_once_compiled(tmp_path: Path) -> None:
    for name in ("gone", "vault"):
        (tmp_path / name / "__pycache__").mkdir(parents=True)
        (tmp_path / name / "__pycache__" / "inbox.cpython-311.pyc").touch()
    (tmp_path / "vault" / "inbox.py").touch()
    assert maps.children(tmp_path) == {"vault/"}


def test_what_a_package_is_must_be_said_by_somebody(tmp_path: Path) -> None:
    (tmp_path / "inbox.py").touch()
    (tmp_path / "__init__.py").touch()
    with pytest.raises(SystemExit, match="say first"):
        maps.mend(tmp_path)
