"""``quietline console doctor``: what strangers' files are opened with on this machine.

Exit codes: 0 well, 1 the sandbox lacks a part, 2 used wrongly.
"""

import json

import typer

from app.cli.terminal.json_option import AsJson
from app.console.viewer import sandbox_report
from app.console.viewer.host import look

HELP = "Say what stands between a hostile file and this computer, and which files it can show."


def doctor(
    as_json: AsJson = False,
) -> None:
    """Print what the sandbox is made of here."""
    parts = sandbox_report.parts(look())
    missed = [one for one in parts if one.needed and not one.here]
    if as_json:
        said = [{"name": one.name, "here": one.here, "words": one.words} for one in parts]
        typer.echo(json.dumps({"well": not missed, "parts": said}, ensure_ascii=False))
    else:
        for one in parts:
            typer.echo(f"{'✓' if one.here else '✗' if one.needed else '–'} {one.name}: {one.words}")
    if missed:
        raise typer.Exit(1)
