"""``quietline agency posters``: cards, posters and screens that tell of the line.

Only asking and showing are here; what happens is in ``app.agency.posters``.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from app.agency.errors import AgencyError, Suspicious
from app.agency.posters.kit import SHEET, write_posters
from app.cli.terminal import asking
from app.cli.terminal.progress_bar import progress

_plain_errors = asking.plain_errors(found=(Suspicious,), misused=(AgencyError,))


@_plain_errors
def posters(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The agency's folder.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where all of them stand.")],
    language: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="In this language of the site alone, such as fr; may be repeated. [default: all]",
        ),
    ] = None,
    pictures: Annotated[
        bool, typer.Option("--png", help="Cards and posters as pictures, too, 300 dots an inch.")
    ] = False,
) -> None:
    """Make cards, posters and screens in the site's languages.

    They have QR codes of the line's addresses, and nothing that could be followed. DIR is replaced
    in one step. Exit code 1: a language was left out, because nobody has reviewed its words.
    """
    with progress("Drawing") as step:
        made = write_posters(
            folder,
            out,
            today=dt.datetime.now(dt.UTC).date(),
            languages=[one.replace("-", "_") for one in language or ()],
            pictures=pictures,
            progress=step,
        )
    languages = ", ".join(made.chosen.made) or "no language"
    typer.echo(f"Made {made.files} files in {out}: {languages}; {made.size // 1024} kB.")
    typer.echo(f"Read {out / SHEET} before you print: how to, and which dangers stay.")
    for code, count in made.chosen.admitted.items():
        typer.echo(
            f"{code}: {count} of its texts are unreviewed; the sheet says so, no poster does."
        )
    for code, count in made.chosen.left_out.items():
        typer.echo(
            f"{code} was left out: {count} of its texts are unreviewed. `quietline agency review "
            f"{folder} {code}` makes a page for a reviewer.",
            err=True,
        )
    if made.chosen.left_out:
        raise typer.Exit(asking.EXIT_FOUND)
