"""The option ``--json``, which every command that has it calls the same."""

from typing import Annotated

import typer

AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON line instead of sentences, for scripts."),
]
