"""``quietline console backup`` and ``restore``: a vault in one file, to keep or to move."""

import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import asking
from app.console import errors
from app.console.errors import ConsoleError
from app.console.vault import Vault
from app.console.vault.copies import archive

_FOUND = (errors.VaultDamaged, errors.VaultInUse, errors.BadBackup)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(ConsoleError,))

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the copy.")]


@_plain_errors
def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the case store.")],
    file: File,
    move: Annotated[
        bool,
        typer.Option("--move", help="End this case store: the copy goes on on another computer."),
    ] = False,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Copy a vault into one encrypted file, checked; the console may be at work meanwhile."""
    given = asking.passphrase(passphrase_file, "Passphrase")
    with Vault.open(folder, given) if move else Vault.open_shared(folder, given) as vault:
        size = archive.make(vault, file, int(time.time()), move=move)
    typer.echo(f"Wrote {file} ({size / 1e6:.1f} MB) and read it again: it is whole.")
    typer.echo(
        "It opens with the passphrase, and the recovery code, that this case store has today."
    )
    if move:
        typer.echo(f"This case store works no more. On the other computer, with {file} there:")
        typer.echo(f"  quietline console restore {file.name} vault")
        typer.echo(f"When it works, delete {file} and {folder}.")
        return
    typer.echo(
        "It holds the keys for messages to come as well: keep it apart from this computer, and "
        "delete the one before."
    )


@_plain_errors
def restore(
    file: File,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to; it must not be there yet.")
    ],
) -> None:
    """Make a vault's folder out of a copy. It opens with the passphrase of that day."""
    archive.restore(file, folder)
    typer.echo(f"The case store is in {folder}. Open it with: quietline console run {folder}")
    typer.echo(
        "The case store that it was copied from must never be opened again: two case stores of one "
        "investigator undo each other's work, and colleagues are alarmed."
    )
    typer.echo(
        "After a backup, what came since then and was deleted on the server is not here: your "
        "colleagues have what the team was sent. Keys whose time was over come back with it, and "
        "are destroyed about a day after the first sync; those in the file stay, so delete it."
    )
