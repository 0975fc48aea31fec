"""What the commands share: passphrases without arguments, errors as a sentence, exit codes.

0 well, 1 found something that needs a look, 2 used wrongly. The server's commands do not import
this: they never ask for a passphrase, and a passphrase is a Secret.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Final, NoReturn, ParamSpec

import typer

from app.files.bounded_reading import read_at_most
from app.protocol.secrets import Secret

EXIT_FOUND: Final = 1
EXIT_MISUSED: Final = 2
_HANDED_OVER_MAX: Final = 16 * 1024**2

PassphraseFile = Annotated[
    str | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="Read the passphrase from the first line of FILE ('-': standard input), "
        "instead of asking.",
    ),
]

Parameters = ParamSpec("Parameters")
Errors = tuple[type[Exception], ...]


def plain_errors(
    found: Errors, misused: Errors
) -> Callable[[Callable[Parameters, None]], Callable[Parameters, None]]:
    """Turn these errors, and the system's own, into one sentence and an exit code."""

    def decorate(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
        @wraps(command)
        def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
            try:
                command(*args, **kwargs)
            except found as error:
                stop(str(error), EXIT_FOUND)
            except misused as error:
                stop(str(error), EXIT_MISUSED)
            except OSError as error:
                where = f"{error.filename}: " if error.filename else ""
                stop(f"{where}{error.strerror or 'the system refused'}.", EXIT_MISUSED)

        return guarded

    return decorate


def stop(sentence: str, code: int) -> NoReturn:
    """Say what is wrong on standard error, and end with an exit code."""
    typer.echo(f"Error: {sentence}", err=True)
    raise typer.Exit(code)


def handed_over(file: Path) -> bytes:
    """Return a file that somebody gave: line.json, a request, a letter, a proof. Raises OSError.

    Also for one that is larger than any of them can be.
    """
    return read_at_most(file, _HANDED_OVER_MAX)


def passphrase(file: str | None, question: str) -> Secret:
    """Read a passphrase from a file's first line ('-': standard input), or ask for it."""
    if file is not None:
        return _first_line(file)
    return Secret(_prompt(question).encode())


def new_passphrase(file: str | None, question: str, check: Callable[[Secret], None]) -> Secret:
    """Read a new passphrase from a file, or ask for it twice until it is good and the same.

    ``check`` raises an exception whose text says what is wrong with a passphrase.
    """
    if file is not None:
        chosen = _first_line(file)
        check(chosen)
        return chosen
    while True:
        first = Secret(_prompt(question).encode())
        try:
            check(first)
        except Exception as error:  # what a check raises is its own; the text is for the person
            typer.echo(str(error), err=True)
            continue
        if Secret(_prompt("The same again").encode()) == first:
            return first
        typer.echo("They differ. Once more.", err=True)


def words_in_rows(words: str) -> list[str]:
    """Lay twelve words out in three numbered rows, to be read aloud and compared."""
    numbered = [f"{at:>2} {word:<12}" for at, word in enumerate(words.split(), 1)]
    return ["".join(numbered[at : at + 4]).rstrip() for at in range(0, len(numbered), 4)]


def _prompt(question: str) -> str:
    try:
        return str(typer.prompt(question, hide_input=True, err=True))
    except typer.Abort:
        stop("No passphrase was given; nothing was done.", EXIT_MISUSED)


def _first_line(file: str) -> Secret:
    if file == "-":
        line = sys.stdin.buffer.readline()
    else:
        with Path(file).open("rb") as opened:
            line = opened.readline()
    value = line.rstrip(b"\r\n")
    if not value:
        stop("The passphrase is empty.", EXIT_MISUSED)
    return Secret(value)
