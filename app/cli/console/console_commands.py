"""``quietline console``: an investigator's machine, made, run and synced from a terminal.

Only asking, showing and exit codes are here; what happens is in ``app.console``. Exit codes: 0
well, 1 found something that needs a look, 2 used wrongly. Passphrases come by prompt, file or
standard input, never by argument.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import (
    backups,
    doctor,
    hashlist,
    letters,
    run,
    safety,
    start,
    sync,
    transfers,
    translation,
)
from app.cli.console.evidence import export
from app.cli.console.opened_vault import Folder
from app.cli.console.options import plain_errors
from app.cli.console.practice import practice
from app.cli.terminal import asking
from app.cli.terminal.json_option import AsJson
from app.console.line.tor_key import make_tor_key
from app.console.vault.installation.line_file import read_line
from app.console.vault.keys.header import check_new_passphrase
from app.console.vault.setup import init_vault

app = typer.Typer(
    name="console",
    help="An investigator's computer: without a command, make it or open it in the browser.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.command()(export)
app.command(help=doctor.HELP)(doctor.doctor)
app.command()(safety.passphrase)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(practice)
app.command()(run.run)
app.command()(sync.sync)
app.add_typer(letters.app)
app.add_typer(hashlist.app)
app.add_typer(transfers.app)
app.add_typer(translation.app)
app.add_typer(safety.app)


@app.callback()
def start_alone(context: typer.Context) -> None:
    """Open this user's case store in the browser; lead to one where there is none."""
    if context.invoked_subcommand is None:
        start.become_run()


@app.command()
@plain_errors
def init(
    folder: Folder,
    line: Annotated[
        Path, typer.Option(metavar="FILE", help="The line.json that the agency gave you.")
    ],
    label: Annotated[
        str, typer.Option(help="How the directory names you and this computer; it is public.")
    ],
    passphrase_file: asking.PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Make this machine's keys and its vault, and the request that the agency enrols."""
    passphrase = asking.new_passphrase(
        passphrase_file, "Choose a passphrase of several words", check_new_passphrase
    )
    made = init_vault(folder, line, label, passphrase)
    if as_json:
        typer.echo(json.dumps({"request": str(made.request), "words": made.words}))
        return
    typer.echo(f"Made the case store in {folder}.")
    typer.echo("")
    typer.echo(f"1. Give the agency this file, by any way: {made.request}")
    typer.echo("2. Read these twelve words to the agency, by voice, when it asks for them:")
    typer.echo("")
    for row in asking.words_in_rows(made.words):
        typer.echo(f"     {row}")
    typer.echo("")
    typer.echo(f"3. When it has signed a new directory: quietline console run {folder}")
    typer.echo("")
    typer.echo(
        "Nobody can open the case store without the passphrase, and nobody can bring it back,"
    )
    typer.echo(f"unless you make a recovery code: quietline console recovery make {folder}")


@app.command("tor-key")
@plain_errors
def tor_key(
    line: Annotated[
        Path, typer.Option(metavar="FILE", help="The line.json that the agency gave you.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where Tor's file is written: X.auth_private.")
    ],
) -> None:
    """Make the key with which this machine's Tor is let in at the investigators' onion."""
    made = make_tor_key(read_line(asking.handed_over(line)), out)
    typer.echo(f"1. Give {made.file} to this computer's Tor (docs/by-hand.md), and to nobody else.")
    typer.echo("2. Give the server's operator this text, by any way; it is public:")
    typer.echo("")
    typer.echo(made.public)
