"""``quietline agency listen``: what to read out, which screens are heard, taking recordings in.

Only asking and showing are here; what happens is in ``app.agency.screen_recordings``.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from app.agency import screen_recordings
from app.agency.errors import AgencyError, Suspicious
from app.agency.screen_recordings import ScreenState
from app.cli.terminal import asking
from app.files.writing import write_whole
from app.reporter.content import SiteContent

app = typer.Typer(
    name="listen",
    help="Recordings of the screens: what to read out, what is missing, taking them in.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER",
        help="The agency's folder, or a copy of its line.json, directory.json and site/ alone.",
    ),
]
Language = Annotated[str, typer.Argument(metavar="LANGUAGE", help="Such as en or zh_Hans.")]
_plain_errors = asking.plain_errors(found=(Suspicious,), misused=(AgencyError,))


@app.command()
@_plain_errors
def check(
    folder: Folder,
    language: Annotated[
        str | None, typer.Option(metavar="LANGUAGE", help="Only this language.")
    ] = None,
) -> None:
    """List each screen and whether it can be heard; exit code 1 if somebody must look at any."""
    content = screen_recordings.site_material(folder)
    found = [
        one
        for code in ([language] if language else content.languages)
        for one in screen_recordings.states(content, code, _today())
    ]
    for one in found:
        typer.echo(f"{one.language}  {one.screen:<28} {one.state}")
    late = [one for one in found if one.state in screen_recordings.TO_DO]
    if any(one.state == "out of date" for one in late):
        typer.echo("What is out of date is not played. Record it anew; `script` says the words.")
    if late:
        raise typer.Exit(asking.EXIT_FOUND)


@app.command()
@_plain_errors
def script(
    folder: Folder,
    language: Language,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it here instead of showing it.")
    ] = None,
) -> None:
    """Show what is to be read out, screen by screen, word for word."""
    content = screen_recordings.site_material(folder)
    said = screen_recordings.scripts(content, language, _today())
    sheet = "\n".join(f"== {name}\n\n{text}\n" for name, text in said.items())
    if out is None:
        typer.echo(sheet)
    else:
        write_whole(out, sheet.encode())
        typer.echo(f"Wrote what is to be read out, {len(said)} screens and desks: {out}.")


@app.command()
@_plain_errors
def take(
    folder: Folder,
    language: Language,
    screens: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCREEN]...", help="Only these. [default: all that wait]"),
    ] = None,
    read_as_written: Annotated[
        bool,
        typer.Option(
            "--read-as-written", help="Somebody has compared each of them with its words already."
        ),
    ] = False,
) -> None:
    """Take recordings in: site/listen/LANGUAGE/SCREEN.wav, or .mp3, .m4a, .opus and such.

    Of each is asked: does it say what the screen says, word for word?
    """
    content = screen_recordings.site_material(folder)
    wanted = _wanted(screen_recordings.states(content, language, _today()), screens)
    if not wanted:
        typer.echo("Nothing waits to be taken in.")
        return
    refused = [one.screen for one in wanted if not _take(content, one, asks=not read_as_written)]
    if refused:
        typer.echo(f"Not taken in: {', '.join(refused)}. Record them anew, word for word.")
        raise typer.Exit(asking.EXIT_FOUND)
    typer.echo("They are heard after the next `quietline agency site`.")


def _wanted(known: list[ScreenState], screens: list[str] | None) -> list[ScreenState]:
    if not screens:
        return [one for one in known if one.state == "to take in"]
    by_name = {one.screen: one for one in known if one.script}
    for name in screens:
        if name not in by_name:
            raise AgencyError(f"There is no screen '{name}'. There are: {', '.join(by_name)}.")
    return [by_name[name] for name in screens]


def _take(content: SiteContent, one: ScreenState, *, asks: bool) -> bool:
    """Show the words, ask, take in; return whether it was."""
    if asks:
        source = screen_recordings.source_of(content, one.language, one.screen)
        typer.echo(f"\n== {one.screen}   {source.name if source else ''}\n")
        typer.echo(one.script)
        if not _confirmed("Listen to it now. Does it say this, word for word?"):
            return False
    taken = screen_recordings.take(content, one.language, one.screen, one.script)
    typer.echo(f"Took in {one.screen}: {taken.seconds:.0f} seconds, {taken.size // 1000} kB.")
    return True


def _confirmed(question: str) -> bool:
    try:
        return typer.confirm(question)
    except typer.Abort:
        return False


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
