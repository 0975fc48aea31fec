"""``quietline console doctor``: what strangers' files are opened with on this machine.

Where a vault is named, it also says whether its own changes can be read by colleagues: those that
cannot are written again.

Exit codes: 0 well, 1 the sandbox lacks a part, 2 used wrongly.
"""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli import asking
from app.console import errors
from app.console.desk import reissuing
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.viewer import sandbox_report
from app.console.viewer.host import look

_FOUND = (errors.VaultDamaged, errors.VaultInUse)
HELP = (
    "Say what stands between a hostile file and this computer, and which files it can show; mend "
    "a case store whose changes no colleague can read."
)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(errors.ConsoleError,))


@_plain_errors
def doctor(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="A case store to look through; its console is stopped."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON line, nothing else.")
    ] = False,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Print what the sandbox is made of here; mend a vault whose changes no colleague can read."""
    parts = sandbox_report.parts(look())
    missed = [one for one in parts if one.needed and not one.here]
    mended = None
    if folder is not None:
        with Vault.open(folder, asking.passphrase(passphrase_file, "Passphrase")) as vault:
            known = trusted_line.load(vault)
            with vault.write() as tx:
                mended = reissuing.mend(tx, known, int(time.time()))
    if as_json:
        said = [{"name": one.name, "here": one.here, "words": one.words} for one in parts]
        found = {"well": not missed, "parts": said}
        if mended is not None:
            found["mended"] = mended
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for one in parts:
            typer.echo(f"{'✓' if one.here else '✗' if one.needed else '–'} {one.name}: {one.words}")
        if mended is not None:
            typer.echo(_words(mended))
    if missed:
        raise typer.Exit(1)


def _words(mended: int) -> str:
    if mended == 0:
        return "✓ case store: colleagues can read every change that waits here."
    return (
        f"✓ case store: {mended} changes that colleagues could not read were written again. They "
        "go with the next sending."
    )
