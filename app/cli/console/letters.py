"""Cooperation letters: ``quietline console letter …`` makes them, ``verify-letter`` checks."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import opened_vault
from app.cli.console.evidence import Language, find_case, language_named
from app.cli.console.opened_vault import Folder
from app.cli.terminal import asking
from app.console import errors
from app.console.errors import ConsoleError
from app.console.features.letters import held_letters
from app.console.features.letters.cooperation_letter import open_letter
from app.console.line import trusted_line
from app.console.rules import wording
from app.console.vault.installation.line_file import read_line
from app.files.writing import write_new
from app.protocol.errors import ProtocolError
from app.protocol.letter import NONCE_BYTES, ProofRequest, check_proof

_FOUND = (errors.VaultDamaged, errors.VaultInUse)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(ConsoleError,))

app = typer.Typer(
    name="letter",
    help="Cooperation letters: make one that was asked for, release it on proof.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Verifier = Annotated[
    str, typer.Option(metavar="NAME", help="Who asks, as the reporter will read it.")
]


@app.command()
@_plain_errors
def make(
    folder: Folder,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's two words, or its id.")],
    statement: Annotated[
        str, typer.Option(metavar="NAME", help="Which of the agency's statements.")
    ],
    checked: Annotated[
        bool,
        typer.Option(
            "--i-asked-what-only-they-know",
            help="You did: whoever holds a code could ask for its letter.",
        ),
    ] = False,
    language: Language = "en",
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Make the letter that a case's reporter asked for; it is held in the vault."""
    spoken = language_named(language)
    with opened_vault.opened(folder, asking.passphrase(passphrase_file, "Passphrase")) as vault:
        known, id_ = trusted_line.load(vault), find_case(vault, case)
        with vault.write() as tx:
            now = int(time.time())
            made = held_letters.issue(
                tx, known, id_, statement, now, checked=checked, language=spoken
            )
    typer.echo(f"Made a letter that says {made.month} and: {held_letters.statements()[statement]}")
    typer.echo("It is in this case store. Nothing was sent, and no code leads to it.")


@app.command()
@_plain_errors
def ask(
    folder: Folder,
    verifier: Verifier,
    month: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="Of the report; all months if it is not known.")
    ] = "",
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Print the request for a proof, for somebody who may be given a letter."""
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault, vault.write() as tx:
        text = held_letters.ask(tx, verifier, month, os.urandom)
    typer.echo(text)


@app.command()
@_plain_errors
def release(
    folder: Folder,
    proof: Annotated[Path, typer.Option(metavar="FILE", help="The proof, as it was handed over.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the letter.")],
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Write the letter that a proof is for. The request it answers is used up."""
    if out.exists():
        raise ConsoleError(f"{out} is there already. Choose another name.")
    text = _text(asking.handed_over(proof))
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault, vault.write() as tx:
        found, verifier = held_letters.release(tx, text, int(time.time()))
        # In the transaction: a letter that could not be written was not released.
        write_new(out, [found.file])
    typer.echo(f"Released a letter of {found.month} to {verifier}: {out}")
    typer.echo(f"They check it with: quietline verify-letter {out} --line line.json")


@_plain_errors
def verify_letter(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The letter.")],
    line: Annotated[Path, typer.Option(metavar="FILE", help="The hotline's line.json.")],
    verifier: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Ask for a proof as well; the reporter reads this name."),
    ] = None,
) -> None:
    """Check a letter's signature; with --verifier, also that somebody holds its code.

    The proof is read from standard input. Exit code 1 if it does not fit.
    """
    opened = open_letter(asking.handed_over(file), read_line(asking.handed_over(line)).line_id)
    typer.echo(f"{opened.agency}, {opened.month}: {opened.statement}")
    if opened.translation is not None:
        named = wording.language(opened.translation.language)
        typer.echo(f"In {named}, to be read; the English counts: {opened.translation.statement}")
    typer.echo(
        f"Signed by “{opened.signer}”, active in the hotline's directory of "
        f"{opened.directory_day}. Whether they still are, ask the agency."
    )
    if verifier is None:
        typer.echo("Who holds its code was not checked: give --verifier with your name.")
        return
    try:
        request = ProofRequest(verifier, os.urandom(NONCE_BYTES), (opened.ref,))
        typer.echo("\nGive this to the person, who pastes it on the hotline's page:\n")
        typer.echo(request.to_text())
        typer.echo("\nTheir proof, then an empty line:")
        sys.stdout.flush()
        check_proof("".join(iter(lambda: sys.stdin.readline().strip(), "")), request)
    except ProtocolError as error:
        asking.stop(f"The proof does not fit. {error}", asking.EXIT_FOUND)
    typer.echo("The proof is good: whoever made it, just now and for you, holds the code.")
    typer.echo("It does not say who they are, nor that nobody made them.")


def _text(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise ConsoleError("This file is no proof.") from None
