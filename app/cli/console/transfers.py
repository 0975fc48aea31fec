"""``quietline console transfer``: a case to another agency's line, and a case from one."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import opened_vault
from app.cli.console.evidence import find_case
from app.cli.console.opened_vault import Folder
from app.cli.terminal import asking
from app.console import errors
from app.console.errors import ConsoleError
from app.console.features.transfer import handing_over, invitations, taking_in
from app.console.features.transfer.handing_over import Handover
from app.console.features.transfer.scope import Scope
from app.console.line import trusted_line
from app.console.web.case_views import case_name
from app.files.writing import write_new
from app.protocol.errors import ProtocolError
from app.protocol.receipt import words_of
from app.protocol.transfer import open_invitation, sender_fingerprint

_FOUND = (errors.VaultDamaged, errors.VaultInUse, errors.FileProblem)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(ConsoleError, ProtocolError))

app = typer.Typer(
    name="transfer",
    help="Cases to another agency's line, as far as the reporter agreed, and cases from one.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Compared = Annotated[
    bool,
    typer.Option("--words-compared", help="You did compare them by voice: do not ask."),
]


@app.command()
@_plain_errors
def invite(
    folder: Folder,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the invitation.")],
    days: Annotated[
        int, typer.Option(min=1, max=invitations.DAYS_MAX, help="For how long it is good.")
    ] = (invitations.DAYS),
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Write an invitation for one case from another line, and say the words to compare."""
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault:
        known, now = trusted_line.load(vault), int(time.time())
        with vault.write() as tx:
            invitations.destroy(tx, invitations.expired(tx, now))
            made = invitations.invite(tx, known, now, os.urandom, days)
            # In the transaction: an invitation that could not be written leaves no keys.
            write_new(out, [made.file])
        vault.forget_old_pages()
    typer.echo(f"1. Give {out} to the other hotline, by any way; there is nothing secret in it.")
    typer.echo("2. Read them these words, by voice, when they ask:")
    _say(made.invitation.fingerprint)
    typer.echo("3. With the file that comes back: quietline console transfer receive")


@app.command()
@_plain_errors
def write(
    folder: Folder,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's two words, or its id.")],
    to: Annotated[Path, typer.Option(metavar="FILE", help="The other hotline's invitation.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the encrypted case.")],
    reason: Annotated[
        str, typer.Option(help="Why it goes to them; saved with the case, and sent.")
    ],
    consent: Annotated[
        int, typer.Option(metavar="NUMBER", help="The message in which the reporter says yes.")
    ] = 0,
    message: Annotated[
        list[int] | None,
        typer.Option(metavar="NUMBER", help="A message that they agreed to pass on; repeat it."),
    ] = None,
    file: Annotated[
        list[int] | None,
        typer.Option(metavar="NUMBER", help="A file that they agreed to pass on; repeat it."),
    ] = None,
    phrase: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="Words to take out all the same; repeat it."),
    ] = None,
    words_compared: Compared = False,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Seal a case to another line's invitation, as far as its reporter agreed.

    Numbers of messages and files are those of an export. Nothing is written before the words are
    compared, and nothing that was not named.
    """
    invitation = open_invitation(asking.handed_over(to))
    if out.exists():
        raise ConsoleError(f"{out} is there already. Choose another name.")
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault:
        known, id_ = trusted_line.load(vault), find_case(vault, case)
        typer.echo(f"“{invitation.name}”, {invitation.signer.label}, asks you to compare:")
        _say(invitation.fingerprint)
        typer.echo("They will ask for these, which are yours:")
        _say(sender_fingerprint(known.owner.line.line_id, known.owner.identity.vk))
        _compared(words_compared)
        numbers, parts = frozenset(message or ()), frozenset(file or ())
        wanted = Scope(consent, numbers, parts, tuple(phrase or ()), " ".join(reason.split()))
        name = case_name(id_)
        handover = Handover(known, id_, name, invitation, wanted, int(time.time()))
        going = handing_over.prepare(vault, handover, os.urandom)
        write_new(out, going.pieces())
    typer.echo(f"Encrypted {len(numbers)} of {name}'s messages to “{invitation.name}”: {out}")
    typer.echo("Nobody else can open it, you neither. Give it to them by any way.")


@app.command()
@_plain_errors
def receive(
    folder: Folder,
    sealed: Annotated[Path, typer.Argument(metavar="FILE", help="The encrypted case.")],
    words_compared: Compared = False,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Take in a case that another line sealed to an invitation of yours; it works once."""
    passphrase = asking.passphrase(passphrase_file, "Passphrase")
    with opened_vault.opened(folder, passphrase) as vault, sealed.open("rb") as file:
        known, now = trusted_line.load(vault), int(time.time())
        sender = taking_in.look(vault, known, file, now)
        typer.echo(f"Encrypted by “{sender.investigator.label}”. Compare these words with theirs:")
        _say(sender.fingerprint)
        _compared(words_compared)
        file.seek(0)
        case = taking_in.take_in(vault, known, sender, file, now, os.urandom)
    typer.echo(f"Saved as the case {case_name(case)}. The invitation is used up.")


def _compared(already: bool) -> None:
    if not already and not typer.confirm("Did you compare them by voice, and are they the same?"):
        raise ConsoleError("Nothing was done. If the words differ, it is somebody else's file.")


def _say(fingerprint: bytes) -> None:
    typer.echo("")
    for row in asking.words_in_rows(words_of(fingerprint)):
        typer.echo(f"     {row}")
    typer.echo("")
