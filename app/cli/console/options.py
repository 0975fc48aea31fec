"""What commands of a console take alike, how they fail, and the settings that come of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.cli.terminal import asking
from app.client.line_errors import LineError
from app.console import errors
from app.console.web.console_settings import ConsoleSettings

Socks = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="Tor's SOCKS port, such as 127.0.0.1:9050."),
]
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Another address of the server than the hotline's."),
]
Investigators = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Another address for giving keys than the hotline's."),
]
OnDanger = Annotated[
    Path | None,
    typer.Option(
        metavar="COMMAND",
        help="Run this program when a report says that somebody is in danger now: without "
        "arguments, without a word of the report, for 30 seconds at most.",
    ),
]
OnDeaf = Annotated[
    Path | None,
    typer.Option(
        metavar="COMMAND",
        help="Run this program when nothing is heard of the hotline: no sync for ten minutes, the "
        "computer slept, or the console locked itself ten minutes ago.",
    ),
]
TeamHours = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=48,
        metavar="HOURS",
        help="How often changes to cases go to the team, on the average; 0: at once, which tells "
        "the server when you work. [default: 4]",
    ),
]
DeleteAtOnce = Annotated[
    bool,
    typer.Option(
        "--delete-at-once",
        hidden=True,
        help="Delete on the server at once, for demonstrations: it tells which ids were yours.",
    ),
]

plain_errors = asking.plain_errors(
    found=(LineError, errors.ServerLies, errors.VaultDamaged, errors.VaultInUse),
    misused=(errors.ConsoleError,),
)


def settings_of(**given: Any) -> ConsoleSettings:
    """Return the settings of what was given; end the command where one is not usable."""
    try:
        chosen = {name: value for name, value in given.items() if value is not None}
        return ConsoleSettings(**chosen)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        asking.stop(f"The setting {name} is not usable: {first['msg']}.", asking.EXIT_MISUSED)
