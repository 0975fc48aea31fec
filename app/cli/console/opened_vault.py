"""A vault as the commands of features open it: with the tables of every feature."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.console.feature import bring_tables
from app.console.features.all_features import FEATURES
from app.console.vault import Vault
from app.protocol.secrets import Secret

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the case store.")]


@contextmanager
def opened(folder: Path, passphrase: Secret) -> Iterator[Vault]:
    """Raise what ``Vault.open`` raises."""
    with Vault.open(folder, passphrase) as vault:
        bring_tables(vault, FEATURES)
        yield vault
