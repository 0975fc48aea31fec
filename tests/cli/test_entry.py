"""``quietline`` itself, before one of its commands."""

from __future__ import annotations

import tomllib
from pathlib import Path

from typer.testing import CliRunner

from app.cli.entry import build

ROOT = Path(__file__).parents[2]


def test_quietline_says_which_version_it_is() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for command in (None, ""):
        done = CliRunner().invoke(build(command), ["--version"])
        assert (done.exit_code, done.stdout) == (0, f"quietline {declared}\n")
