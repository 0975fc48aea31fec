"""What the tree holds: the rooms that are known, and no file that a build left behind."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = {".ci", ".devcontainer", ".github", "app", "deploy", "docs", "locks", "migrations", "tests"}
FILES = {
    ".editorconfig",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.asc",
    "SECURITY.md",
    "alembic.ini",
    "biome.json",
    "pyproject.toml",
}
LARGEST = 1_000_000
"""Bytes; the vectors of a whole line are the largest (950,852)."""


def _committed() -> list[str]:
    asked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in asked.stdout.split("\0") if name]


def test_nothing_is_committed_beside_the_rooms_that_are_known() -> None:
    """A folder that a trial wrote into the working tree is not taken along by ``git add``."""
    tops = {name.partition("/")[0] for name in _committed()}
    assert sorted(tops - ROOMS - FILES) == []


def test_no_committed_file_is_larger_than_a_source_file_can_be() -> None:
    """Packages, images and recordings are made, not kept: they stay in the history for ever."""
    there = [ROOT / name for name in _committed() if (ROOT / name).is_file()]
    assert [str(file) for file in there if file.stat().st_size > LARGEST] == []
