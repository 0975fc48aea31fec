"""One version, and a changelog whose latest entry is of it (Keep a Changelog 1.1.0)."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "app" / "reporter" / "client"
_VERSION = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2}|not released yet)$")
_KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def _headings(level: str) -> list[str]:
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    return [line for line in lines if line.startswith(f"{level} ")]


def _versions() -> list[tuple[str, str]]:
    entries = [_VERSION.fullmatch(line) for line in _headings("##")]
    assert all(entries), "## [0.2.0] - 2026-11-29, or - not released yet"
    return [(entry[1], entry[2]) for entry in entries if entry]


def test_program_client_and_changelog_have_one_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    package = json.loads((CLIENT / "package.json").read_text())
    lock = json.loads((CLIENT / "package-lock.json").read_text())
    assert {package["version"], lock["version"], lock["packages"][""]["version"]} == {version}
    assert _versions()[0][0] == version


def test_the_changelog_goes_from_new_to_old_and_only_its_head_waits() -> None:
    numbers = [tuple(map(int, version.split("."))) for version, _ in _versions()]
    assert numbers == sorted(set(numbers), reverse=True)
    days = [dt.date.fromisoformat(day) for _, day in _versions() if day != "not released yet"]
    assert len(days) >= len(numbers) - 1
    assert days == sorted(days, reverse=True)


def test_changes_stand_under_the_headings_of_keep_a_changelog() -> None:
    assert {line.removeprefix("### ") for line in _headings("###")} <= _KINDS
