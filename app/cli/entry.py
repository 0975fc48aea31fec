"""The one entry point, ``quietline``: joins the machines' commands, importing only the one asked.

A server never loads the console's code, nor the other way round.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Annotated

import typer

from app.cli import locked_memory


def _demo() -> typer.Typer:
    from app.cli import demo

    return demo.app


def _server() -> typer.Typer:
    from app.cli.server import server_commands

    return server_commands.app


def _agency() -> typer.Typer:
    from app.cli.agency import agency_commands

    return agency_commands.app


def _console() -> typer.Typer:
    from app.cli.console import console_commands

    return console_commands.app


def _setup() -> typer.Typer:
    from app.cli import setup_guide

    return setup_guide.app


def _report() -> typer.Typer:
    from app.cli import report

    return report.app


def _verify() -> Command:
    from app.cli.verify import verify

    return verify


def _verify_export() -> Command:
    from app.cli.console.evidence import verify_export

    return verify_export


def _verify_letter() -> Command:
    from app.cli.console.letters import verify_letter

    return verify_letter


Command = Callable[..., None]


@dataclass(frozen=True)
class Machine:
    """A group of commands, or one: how to load it, and the line that lists it."""

    load: Callable[[], typer.Typer | Command]
    summary: str


MACHINES = {
    "demo": Machine(_demo, "Set up and run everything on this machine, with synthetic reports."),
    "setup": Machine(_setup, "Set up this computer by questions: start here."),
    "server": Machine(_server, "The blind server: migrate its database, run it."),
    "agency": Machine(_agency, "The offline machine: root key, enrolment, directory, site."),
    "console": Machine(_console, "An investigator's machine: make it, run it, sync it."),
    "report": Machine(_report, "A reporter at a terminal: send, check, reply, through Tor."),
    "verify": Machine(_verify, "Anyone: does a line serve exactly what the agency signed?"),
    "verify-export": Machine(_verify_export, "Anyone: is a case's export as it was made?"),
    "verify-letter": Machine(_verify_letter, "Anyone: did a line's agency sign this letter?"),
}


def build(command: str | None) -> typer.Typer:
    """Return the application with one machine loaded, or all if ``command`` is None.

    The others are listed by name and summary only.
    """
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,  # a traceback with local values could show a secret
    )
    app.callback()(_quietline)
    for name, machine in MACHINES.items():
        loaded = machine.load() if command in (None, name) else _listed
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=name, help=machine.summary)
        else:
            app.command(name, help=machine.summary)(loaded)
    return app


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quietline {metadata.version('quietline')}")
        raise typer.Exit


def _quietline(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    """Quietline: an anonymous, end-to-end encrypted tip line."""


def _listed() -> None:
    """Stand in the list for a machine that was not loaded; ``main`` loads the one called."""


def main() -> None:
    """Run ``quietline``."""
    locked_memory.keep_to_itself()
    completing = "_QUIETLINE_COMPLETE" in os.environ
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    # What is imported stays: to look for garbage among it was a seventh of a console's start.
    gc.disable()
    app = build(None if completing else command)
    gc.freeze()
    gc.enable()
    app(prog_name="quietline")


if __name__ == "__main__":
    main()
