"""``quietline console translation``: models of languages, brought as files, listed, removed."""

import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import opened_vault
from app.cli.console.opened_vault import Folder
from app.cli.terminal import asking
from app.console import errors
from app.console.errors import ConsoleError
from app.console.features.translation import known_models, model_files
from app.console.features.translation.storage import kept_models
from app.console.vault.search import translated_texts

_FOUND = (errors.VaultDamaged, errors.VaultInUse)
_plain_errors = asking.plain_errors(found=_FOUND, misused=(ConsoleError,))

app = typer.Typer(
    name="translation",
    help="Models by which the console translates on this computer; nothing is ever fetched.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
@_plain_errors
def add(
    folder: Folder,
    models: Annotated[
        Path,
        typer.Argument(
            metavar="MODELS", help="A folder of models as Firefox Translations names them, or one."
        ),
    ],
    licence: Annotated[
        str, typer.Option(metavar="NAME", help="Under which licence you have them, as MPL-2.0.")
    ],
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Bring models from files. A model of the same languages is replaced."""
    found = model_files.look(models)
    with opened_vault.opened(folder, asking.passphrase(passphrase_file, "Passphrase")) as vault:
        for one in found:
            kept = model_files.bring(vault.folder, one, licence)
            with vault.write() as tx:
                kept_models.keep(tx, kept, int(time.time()))
                translated_texts.try_again(tx)
            known = known_models.find(kept.files[model_files.MODEL])
            tried = "tried with this version" if known else "not tried by anyone of us"
            typer.echo(f"{kept.name}: kept, {tried}.")
        with vault.read() as tx:
            model_files.tidy(vault.folder, kept_models.all_models(tx))


@app.command("list")
@_plain_errors
def show(folder: Folder, passphrase_file: asking.PassphraseFile = None) -> None:
    """List the models that are here. Exit code 1 if a file of one is missing."""
    with opened_vault.opened(folder, asking.passphrase(passphrase_file, "Passphrase")) as vault:
        with vault.read() as tx:
            models = kept_models.all_models(tx)
        whole = [model_files.is_whole(vault.folder, one) for one in models]
        for one, here in zip(models, whole, strict=True):
            typer.echo(f"{one.name}  {one.licence}  {'' if here else 'FILES ARE MISSING'}".rstrip())
    if not models:
        typer.echo("There are no models in this case store.")
    if not all(whole):
        raise typer.Exit(1)


@app.command()
@_plain_errors
def remove(
    folder: Folder,
    source: Annotated[str, typer.Argument(metavar="FROM", help="The language it translates.")],
    target: Annotated[str, typer.Argument(metavar="INTO", help="The one into which.")],
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Remove a model and its files. What it translated stays below the messages."""
    with opened_vault.opened(folder, asking.passphrase(passphrase_file, "Passphrase")) as vault:
        with vault.write() as tx:
            before = kept_models.all_models(tx)
            if not any((one.source, one.target) == (source, target) for one in before):
                raise ConsoleError(f"There is no model from {source} into {target}.")
            kept_models.remove(tx, source, target)
            left = kept_models.all_models(tx)
        model_files.tidy(vault.folder, left)
    typer.echo("Removed.")
