"""Open points of the threat model: each has a number of its own, and what is cited is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "docs" / "threat-model.md"
_NUMBER = re.compile(r"(?<![\w-])T-(\d{2,})(?!\w)")
_POINT = re.compile(r"^- \*\*T-(\d{2,}) \S", re.MULTILINE)
_READ = {".md", ".py", ".js", ".mjs", ".html", ".toml", ".yml", ".yaml"}


def _section() -> str:
    return MODEL.read_text().split("\n## What we do not stop\n", 1)[1].split("\n## ", 1)[0]


def _cited(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def test_every_open_point_has_a_number_and_stands_under_an_adversary() -> None:
    before, *groups = _section().split("\n### ")
    assert "\n- " not in before
    assert len(groups) > 1
    for group in groups:
        bullets = re.findall(r"^- .*", group, re.MULTILINE)
        assert bullets, group[:40]
        assert [bullet for bullet in bullets if not _POINT.match(bullet)] == []


def test_numbers_are_each_given_once_and_none_is_lost() -> None:
    given = _POINT.findall(MODEL.read_text())
    assert given
    assert len(set(given)) == len(given)
    assert {int(number) for number in given} == set(range(1, len(given) + 1)), (
        'a point that is closed keeps its number, under "### Closed"'
    )


def test_what_is_cited_is_there() -> None:
    given = set(_POINT.findall(MODEL.read_text()))
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    named = [ROOT / name for name in listed.stdout.split("\0") if name]
    paths = [path for path in named if path.suffix in _READ and path.is_file()]
    assert MODEL in paths
    missing = {
        str(path.relative_to(ROOT)): sorted(cited - given)
        for path in paths
        if path != Path(__file__) and (cited := _cited(path.read_text()))
    }
    assert {name: numbers for name, numbers in missing.items() if numbers} == {}


def test_what_is_a_citation() -> None:
    assert _cited("as said (T-01), T-102; not UTF-16, T-1, T-34s or 2026-11-24T-09") == {
        "01",
        "102",
    }
