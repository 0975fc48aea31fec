"""``quietline console export`` and ``verify-export``: handing out a case, and checking what was."""

import time
import tomllib
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.terminal import asking
from app.console import errors
from app.console.errors import ConsoleError
from app.console.evidence import bundle, export_writer
from app.console.evidence.bundle import ReadIn
from app.console.evidence.checking import check_export
from app.console.evidence.redaction import Redaction
from app.console.features.all_features import FEATURES
from app.console.line import trusted_line
from app.console.pages.case.event_words import event_words
from app.console.vault import Vault
from app.console.vault.installation.line_file import read_line
from app.console.vault.records import messages
from app.console.web.case_views import case_name
from app.console.web.reader_languages import Languages
from app.sentences.language import Language as Spoken

_FOUND = (errors.VaultDamaged, errors.VaultInUse, errors.FileProblem)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(ConsoleError,))
Language = Annotated[
    str,
    typer.Option(metavar="CODE", help="What it is read in, such as fr; English stands beside."),
]
_LISTS = {"messages": int, "files": int, "answers": str, "phrases": str}


@_plain_errors
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the case store.")],
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's two words, or its id.")],
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where to; it must not be there yet.")
    ],
    redact: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Make a copy without what this TOML file names: reason, and lists of messages, "
            "files (numbers), answers (questions' ids), phrases.",
        ),
    ] = None,
    language: Language = "en",
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Write a case out, decrypted: originals, manifest, custody log, a page to read, a verifier."""
    taking_out = read_redaction(redact) if redact else None
    spoken = language_named(language)
    with Vault.open(folder, asking.passphrase(passphrase_file, "Passphrase")) as vault:
        known = trusted_line.load(vault)
        id_ = find_case(vault, case)
        name = case_name(id_)
        of_features = [one.words for one in FEATURES if one.words is not None]
        read_in = ReadIn(spoken, partial(event_words, known, of_features))
        now = int(time.time())
        made = bundle.prepare(vault, known, id_, name, now, taking_out, read_in=read_in)
        export_writer.to_folder(made, out)
    what = "A copy of" if taking_out else "Exported"
    typer.echo(f"{what} {name}: {out}")
    typer.echo("It is not encrypted: whoever holds the folder can read it.")
    typer.echo(f"Check it with: python3 -I {out / 'verify.py'} --line line.json")


@_plain_errors
def verify_export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The export, unpacked.")],
    line: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The hotline's line.json, from the agency and not from it."
        ),
    ] = None,
) -> None:
    """Check an export's files, custody log and signature. Exit code 1 if anything does not fit."""
    checked = check_export(folder, read_line(asking.handed_over(line)) if line else None)
    for one in checked.found:
        typer.echo(f"- {one}")
    if checked.found:
        asking.stop(
            f"{len(checked.found)} found. This export is not as it was made.", asking.EXIT_FOUND
        )
    typer.echo("Every file is as the manifest says, and the manifest's signature is good.")
    if checked.signer is not None:
        typer.echo(f"Signed by the console “{checked.signer.label}” of this hotline's directory.")
    elif checked.vk is not None:
        typer.echo(f"Signed by the key {checked.vk.hex()}.")
        typer.echo("Whose key that is was not checked: give --line with the agency's line.json.")


def language_named(tag: str) -> Spoken:
    """Return a language of the console. Raises ConsoleError for any other."""
    found = Languages().find(tag.replace("_", "-"))
    if found is None:
        raise ConsoleError(f"The console is not translated into “{tag}”.")
    return found


def read_redaction(file: Path) -> Redaction:
    """Read what to take out. Raises ConsoleError for a file that says something else."""
    try:
        said: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConsoleError(f"{file} is no TOML: {error}") from None
    lists: dict[str, list[Any]] = {name: said.pop(name, []) for name in _LISTS}
    reason = said.pop("reason", "")
    if said:
        raise ConsoleError(f"{file} names “{next(iter(said))}”, which nothing can be taken out by.")
    for name, kind in _LISTS.items():
        if not isinstance(lists[name], list) or any(type(one) is not kind for one in lists[name]):
            raise ConsoleError(f"In {file}, {name} must be a list, as the manual shows.")
    return Redaction(
        str(reason),
        frozenset(lists["messages"]),
        frozenset(lists["files"]),
        frozenset(lists["answers"]),
        tuple(lists["phrases"]),
    )


def find_case(vault: Vault, wanted: str) -> str:
    """Return a case's id by its two words, or by itself. Raises ConsoleError."""
    with vault.read() as tx:
        ids = [one.id for one in messages.inbox(tx)]
    matching = [one for one in ids if wanted.lower() in (one, case_name(one))]
    if len(matching) != 1:
        how = "No case" if not matching else "More than one case"
        raise ConsoleError(f"{how} here is called “{wanted}”. Give its id.")
    return matching[0]
