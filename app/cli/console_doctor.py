"""`quietline console doctor`: what this machine has to open strangers' files with. Opens no vault.

Exit codes: 0 well, 1 walls are missing.
"""

import json

import typer

from app.console.viewer import standing
from app.console.viewer.machine import look


def doctor(
    as_json: bool = typer.Option(False, "--json", help="Print one JSON line, nothing else."),
) -> None:
    """Say what stands between a hostile file and this machine, and which files it can show."""
    parts = standing.parts(look())
    missed = [one for one in parts if one.needed and not one.here]
    if as_json:
        said = [{"name": one.name, "here": one.here, "words": one.words} for one in parts]
        typer.echo(json.dumps({"well": not missed, "parts": said}, ensure_ascii=False))
    else:
        for one in parts:
            typer.echo(f"{'✓' if one.here else '✗' if one.needed else '–'} {one.name}: {one.words}")
    if missed:
        raise typer.Exit(1)
