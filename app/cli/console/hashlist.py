"""Lists of hashes of known material: ``quietline console hashlist …`` adds, lists, removes them."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import opened_vault
from app.cli.console.opened_vault import Folder
from app.cli.terminal import asking
from app.cli.terminal.json_option import AsJson
from app.console import errors
from app.console.errors import ConsoleError
from app.console.features.abuse_material import hash_matching, list_files
from app.console.rules import wording
from app.console.vault.attachments import hash_lists
from app.console.web.case_views import case_name

_FOUND = (errors.VaultDamaged, errors.VaultInUse)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(ConsoleError,))

app = typer.Typer(
    name="hashlist",
    help="Lists of hashes of known child abuse material: what is in one is not opened.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
@_plain_errors
def add(
    folder: Folder,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="MD5, SHA-1 or SHA-256: one a line, columns with a first line that names them, or "
            "JSON as Project VIC and CAID write it.",
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What the list is called. [default: FILE without end]"),
    ] = None,
    category: Annotated[
        list[int] | None,
        typer.Option(
            metavar="NUMBER",
            min=0,
            max=99,
            help="A category of a JSON list that counts; again for each. What a number means "
            "differs by country.",
        ),
    ] = None,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Put a list into the case store, encrypted, and compare every file with it.

    Nothing is sent anywhere. Perceptual hashes (PhotoDNA, PDQ) are not supported. The exit code is
    1 if files that are here are in the list.
    """
    called = name if name is not None else file.stem[: hash_lists.NAME_MAX]
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault:
        read = list_files.read(file, frozenset(category or ()))
        added = hash_matching.add(vault, called, read, int(time.time()))
    typer.echo(f"Added the list “{called}”: {added.hashes:,} hashes ({read.words()}).")
    for one, left in sorted(read.left_out.items()):
        typer.echo(f"Left out: {left:,} entries of category {one}.")
    typer.echo("A file that was cut, made smaller or cleaned before it was sent is in no list.")
    if added.cases:
        names = ", ".join(case_name(one) for one in added.cases)
        asking.stop(
            f"Files that are here are in it, in: {names}. They are not opened any more, and these "
            "cases are marked “never export”.",
            asking.EXIT_FOUND,
        )


@app.command("list")
@_plain_errors
def list_(
    folder: Folder,
    as_json: AsJson = False,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Show the lists: name, how many hashes, when it was added, the file's SHA-256."""
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault, vault.read() as tx:
        found = hash_lists.every(tx)
    if as_json:
        rows = [
            {"name": one.name, "hashes": one.hashes, "added": one.at, "sha256": one.sha256}
            for one in found
        ]
        typer.echo(json.dumps({"lists": rows}))
        return
    for one in found:
        typer.echo(f"{one.name}: {one.hashes:,} hashes, added {wording.long_time(one.at)}")
        typer.echo(f"  SHA-256 of its file: {one.sha256}")
    if not found:
        typer.echo("There is no list. Add one: quietline console hashlist add FOLDER FILE")


@app.command()
@_plain_errors
def remove(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The list's name.")],
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Remove a list. Its files can be opened again; marks stay until somebody removes them."""
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault:
        hash_matching.remove(vault, name, int(time.time()))
    typer.echo(f"Removed the list “{name}”. Marks “never export” stay: they are the team's.")
