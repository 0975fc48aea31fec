"""``quietline setup``: set-up by questions (docs/set-up.md), on whichever computer this is.

Only options, the way of asking and exit codes are here: 0 all is done, 1 a step did not come out
right, 2 used wrongly, 3 something must be carried here first. What is of the server and what is of
the agency is imported where it is asked for: neither is loaded with the other.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.setup.answers_file import FromFile
from app.setup.at_terminal import Terminal, ask_until_read
from app.setup.dialogue import Dialogue, Misused, Stopped, WrongAnswer
from app.setup.steps import NotRight, Waits, in_words, walk

EXIT_FOUND, EXIT_MISUSED, EXIT_WAITS = 1, 2, 3
_STOPPED = "\nStopped. Nothing is lost: type the same again, and it goes on from here."

app = typer.Typer(
    name="setup",
    help="Set up this computer by questions: the server, the agency's, or an investigator's.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Answers = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Ask nothing: take the answers from this TOML file (docs/set-up.md).",
    ),
]
AskAgain = Annotated[
    bool, typer.Option("--ask-again", help="Forget what was answered before, and ask everything.")
]


@app.callback(invoke_without_command=True)
def choose(context: typer.Context) -> None:
    """Set up this computer by questions: the server, the agency's, or an investigator's.

    It can be stopped at any moment, and goes on where it was when it is called again.
    """
    if context.invoked_subcommand is not None:
        return
    typer.echo(
        "Which computer is this?\n"
        "    1  the server, which takes reports in and can read none\n"
        "    2  the agency's, which stays off every network and has the root key\n"
        "    3  an investigator's, on which reports are read"
    )
    try:
        chosen = ask_until_read("A number", _which)
    except Stopped:
        typer.echo(_STOPPED)
        raise typer.Exit(EXIT_FOUND) from None
    chosen()


@app.command()
def server(
    answers: Answers = None,
    ask_again: AskAgain = False,
    root: Annotated[
        Path,
        typer.Option(hidden=True, help="Another folder than /, for tests: every path is below it."),
    ] = Path("/"),
) -> None:
    """Set up the server, as root: Tor with two onions, the agency's folder, start, doctor."""
    from rich.console import Console

    from app.cli.terminal import doctor_findings
    from app.setup.server import server_setup
    from app.setup.server.server_host import Host

    host, screen = Host(root), Console(highlight=False)
    with _said_plainly():
        server_setup.check_may(host)
        kept = host.at(server_setup.ANSWERS)
        dialogue = _dialogue(answers, ask_again, "server", server_setup.KEYS, kept)
        choices = server_setup.ask_choices(host, dialogue)
        steps = server_setup.steps_of(
            host, dialogue, choices, lambda report: doctor_findings.show(report, screen)
        )
        afterwards = server_setup.what_comes_next(choices.web)
        try:
            walk(steps, dialogue)
        except server_setup.Findings:
            dialogue.say(afterwards)
            raise
        dialogue.say(afterwards)


@app.command()
def agency(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="The agency's folder. [default: ~/quietline/agency]"),
    ] = None,
    answers: Answers = None,
    ask_again: AskAgain = False,
) -> None:
    """Set up the agency's offline computer: root key, desks, who reads, what is carried.

    Called again, it adds somebody or a desk, takes somebody out, or signs anew.
    """
    from app.cli.terminal.asking import words_in_rows
    from app.setup.agency import agency_setup

    _not_root("agency")
    place = (folder or Path.home() / "quietline" / "agency").absolute()
    today = dt.datetime.now(dt.UTC).date()
    with _said_plainly():
        kept = place.parent / agency_setup.ANSWERS
        dialogue = _dialogue(answers, ask_again, "agency", agency_setup.KEYS, kept)
        setup = agency_setup.AgencySetup(place, dialogue, today, words_in_rows)
        try:
            walk(setup.steps(), dialogue)
        finally:
            setup.wipe()
        dialogue.say(setup.what_comes_next())


@app.command()
def console() -> None:
    """Set up an investigator's computer: opens the console's first page in the browser."""
    _not_root("console")
    # As this one was started: with the same options of the interpreter, from the same place.
    before = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv) + 1]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *before, "console"])


def _not_root(command: str) -> None:
    """Say it where root types what a person's own user should: the files would be root's."""
    if os.geteuid() == 0:
        typer.echo(
            "You are root here. What is made is root's, no desktop finds it, and browsers do not "
            f"start. Press Ctrl-C, and type `quietline setup {command}` as your own user."
        )


_COMPUTERS: dict[str, Callable[[], None]] = {
    "server": server,
    "agency": agency,
    "console": console,
}


def _which(text: str) -> Callable[[], None]:
    for number, (name, command) in enumerate(_COMPUTERS.items(), start=1):
        if text.casefold() in (str(number), name):
            return command
    raise WrongAnswer("Type 1, 2 or 3.")


def _dialogue(answers: Path | None, ask_again: bool, table: str, keys: str, kept: Path) -> Dialogue:
    if answers is not None:
        return FromFile.of(answers, table, keys)
    dialogue = Terminal(kept)
    if ask_again:
        dialogue.reopen()
    return dialogue


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what ends a set-up into a sentence and an exit code."""
    try:
        yield
    except Waits as waits:
        typer.echo(f"\n{waits}")
        raise typer.Exit(EXIT_WAITS) from None
    except NotRight as wrong:
        _end(f"{wrong}\nMend it and type the same again: it goes on from here.", EXIT_FOUND)
    except OSError as error:
        _end(in_words(error), EXIT_FOUND)
    except Misused as wrong:
        _end(str(wrong), EXIT_MISUSED)
    except (Stopped, KeyboardInterrupt):
        _end(_STOPPED, EXIT_FOUND)


def _end(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code) from None
