"""``quietline`` itself, before one of its commands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from app.cli.entry import build

ROOT = Path(__file__).parents[2]


def test_quietline_says_which_version_it_is() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for command in (None, ""):
        done = CliRunner().invoke(build(command), ["--version"])
        assert (done.exit_code, done.stdout) == (0, f"quietline {declared}\n")


def _each(command: object) -> Iterator[TyperCommand | TyperGroup]:
    if isinstance(command, TyperCommand | TyperGroup):
        yield command
    if isinstance(command, TyperGroup):
        for one in command.commands.values():
            yield from _each(one)


def test_every_command_that_prints_json_calls_it_the_same() -> None:
    said = [
        option.get_help_record(typer.Context(command))
        for command in _each(typer.main.get_command(build(None)))
        for option in command.params
        if "--json" in option.opts
    ]
    assert len(said) >= 10
    assert set(said) == {("--json", "Print one JSON line instead of sentences, for scripts.")}
