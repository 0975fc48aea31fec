"""``quietline console passphrase`` and ``recovery``: what opens a vault, changed or won back.

Passphrases and pieces come by prompt, file or standard input, never by argument. What is written on
paper is shown once, on the terminal alone.
"""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console.opened_vault import Folder
from app.cli.terminal import asking
from app.console import errors
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.vault import Vault, recovery, unlocking
from app.console.vault.installation import machine_log
from app.console.vault.keys.header import check_new_passphrase
from app.protocol.secrets import Secret

_FOUND = (errors.VaultDamaged, errors.VaultInUse)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(ConsoleError,))

NewPassphraseFile = Annotated[
    str | None,
    typer.Option(
        "--new-passphrase-file",
        metavar="FILE",
        help="Read the new passphrase from the first line of FILE ('-': standard input).",
    ),
]

app = typer.Typer(
    name="recovery",
    help="A way back into a case store whose passphrase is lost, as the agency allows one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@_plain_errors
def passphrase(
    folder: Folder,
    passphrase_file: asking.PassphraseFile = None,
    new_passphrase_file: NewPassphraseFile = None,
) -> None:
    """Change the vault's passphrase. A copy made before still opens with the old one."""
    with Vault.open(folder, old := asking.passphrase(passphrase_file, "Passphrase")) as vault:
        unlocking.change_passphrase(vault, old, _new(new_passphrase_file), os.urandom)
        with vault.write() as tx:
            machine_log.add(tx, int(time.time()), machine_log.PASSPHRASE)
    typer.echo("The passphrase is changed. The old one opens this case store no more.")
    typer.echo("Copies of the case store made before (backups) still open with the old one.")


@app.command()
@_plain_errors
def make(folder: Folder, passphrase_file: asking.PassphraseFile = None) -> None:
    """Make a new recovery code, whole or in pieces, and show it once. Earlier ones end."""
    with Vault.open(folder, given := asking.passphrase(passphrase_file, "Passphrase")) as vault:
        known = trusted_line.load(vault)
        wanted = recovery.policy(known.directory)
        pieces = recovery.make(vault, given, wanted, int(time.time()), os.urandom)
    typer.echo(wanted.words)
    typer.echo("Write each on paper of its own by hand, with nothing that says what it is for.")
    for piece in pieces:
        typer.echo("")
        if wanted.needed > 1:
            typer.echo(f"Piece {piece.number} of {wanted.of}: begin with the number {piece.number}")
        for row in asking.words_in_rows(piece.words):
            typer.echo(f"     {row}")
    typer.echo("")
    typer.echo("They are shown this once. Clear the terminal when you have written them down.")
    if wanted.needed > 1:
        typer.echo(
            f"Give each to another person, none kept with this computer: any {wanted.needed} of "
            "them together open it."
        )


@app.command()
@_plain_errors
def use(
    folder: Folder,
    pieces_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Read the code, or the pieces one a line, from FILE ('-': standard input).",
        ),
    ] = None,
    new_passphrase_file: NewPassphraseFile = None,
) -> None:
    """Open a vault by its recovery code, and give it a new passphrase. The code works once."""
    needed = recovery.needed(folder)
    pieces = _pieces(pieces_file, max(1, needed))
    vault = recovery.use(folder, pieces, _new(new_passphrase_file), int(time.time()), os.urandom)
    vault.close()
    typer.echo(
        "The case store has the new passphrase. The code that was used opens nothing any more."
    )
    typer.echo("That it was used is on the page “This computer”. Make a new code there, or with:")
    typer.echo(f"  quietline console recovery make {folder}")


@app.command()
@_plain_errors
def end(folder: Folder, passphrase_file: asking.PassphraseFile = None) -> None:
    """End the recovery code: from then on only the passphrase opens the vault."""
    with Vault.open(folder, given := asking.passphrase(passphrase_file, "Passphrase")) as vault:
        recovery.end(vault, given, int(time.time()))
    typer.echo(
        "No recovery code opens this case store any more. Copies made before are as they were."
    )


def _new(file: str | None) -> Secret:
    return asking.new_passphrase(file, "The new passphrase", check_new_passphrase)


def _pieces(file: str | None, needed: int) -> list[str]:
    if file is None:
        question = "The twelve words" if needed == 1 else "A piece: its number, then its words"
        return [str(typer.prompt(question, err=True)) for _ in range(needed)]
    if file == "-":
        lines = [sys.stdin.buffer.readline().decode("utf-8", "replace") for _ in range(needed)]
    else:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()]
