"""``quietline agency pack``: the information pack is kept true, entry by entry.

Only asking and showing are here; what happens is in ``app.agency.pack``.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from app.agency import pack
from app.agency.errors import AgencyError, Suspicious, WrongPassphrase
from app.agency.pack import Key
from app.cli.terminal import asking
from app.reporter.catalogue import CONTENT_FOLDER
from app.reporter.entries import Entry
from app.reporter.infopack import FALLBACK

app = typer.Typer(
    name="pack",
    help="The information pack: what must be looked at again, and signing that it was.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The agency's folder.")]


def pages() -> list[str]:
    """Return the pages that come with this release, for the shell to complete."""
    return sorted(path.stem for path in (CONTENT_FOLDER / FALLBACK).glob("*.md"))


Country = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Only this page, such as us.", autocompletion=pages),
]
_plain_errors = asking.plain_errors(found=(Suspicious,), misused=(AgencyError,))


@app.command()
@_plain_errors
def due(
    folder: Folder,
    within: Annotated[
        int, typer.Option(metavar="DAYS", min=0, help="Also what runs out within so many days.")
    ] = pack.SOON_DAYS,
    country: Country = None,
) -> None:
    """List what runs out, was never checked, or falls back to English; exit code 1 if any does."""
    _check_country(folder, country)
    found = [one for one in pack.due(folder, _today(), within) if _is_of(one.key, country)]
    for one in found:
        typer.echo(f"{one.where}: {one.why}")
    behind = [one for one in pack.behind(folder) if country in (None, Path(one.file).stem)]
    for late in behind:
        typer.echo(
            f"{late.file}, {late.entry}: shown in English until it is translated anew; "
            f"then write `of: {late.of}`"
        )
    if found or behind:
        raise typer.Exit(asking.EXIT_FOUND)
    typer.echo("Nothing is due: every entry was checked, and every translation is up to date.")


@app.command()
@_plain_errors
def check(
    folder: Folder,
    country: Country = None,
    within: Annotated[
        int, typer.Option(metavar="DAYS", min=0, help="Also ask what runs out within so many days.")
    ] = pack.SOON_DAYS,
    every: Annotated[
        bool, typer.Option("--all", help="Ask every entry, also those that are good for long.")
    ] = False,
    good_for: Annotated[
        int, typer.Option(metavar="DAYS", min=1, max=366, help="How long a check is good.")
    ] = pack.GOOD_DAYS,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Go through the entries, call or read the source, and sign those that are right today.

    Nothing is signed before the end. An entry that is changed later is unchecked again by itself.
    """
    _check_country(folder, country)
    known = pack.entries(folder)
    keys = [key for key in known if _is_of(key, country)]
    if not every:
        late = {one.key for one in pack.due(folder, _today(), within)}
        keys = [key for key in keys if key in late]
    if not keys:
        typer.echo("Nothing is due.")
        return
    right, wrong = _ask(keys, known)
    if wrong:
        pack.withdraw(folder, wrong)
        names = ", ".join("/".join(key) for key in wrong)
        typer.echo(
            f"Not right: {names}. Correct them in {folder / 'site' / 'en'}, then check again."
        )
    if not right:
        typer.echo("Nothing was signed.")
        return
    good_to = _sign(folder, right, good_for, passphrase_file)
    typer.echo(f"Signed {len(right)} of {len(keys)}: checked today, good until {good_to}.")
    typer.echo(f"Reporters see it after the next `quietline agency site {folder}`.")


def _sign(folder: Path, keys: list[Key], good_for: int, passphrase_file: str | None) -> dt.date:
    """Sign, and ask again after a slip of the finger: an hour of calls hangs on it."""
    while True:
        passphrase = asking.passphrase(passphrase_file, "Passphrase of the root key")
        try:
            return pack.sign_checked(
                folder, keys, passphrase=passphrase, today=_today(), good_days=good_for
            )
        except WrongPassphrase as error:
            if passphrase_file is not None:
                raise
            typer.echo(str(error), err=True)


def _ask(keys: list[Key], known: dict[Key, Entry]) -> tuple[list[Key], list[Key]]:
    """Ask entry by entry; return those found right and those found wrong."""
    right: list[Key] = []
    wrong: list[Key] = []
    for number, key in enumerate(keys, start=1):
        _show(f"{number} of {len(keys)}", key, known[key])
        if not known[key].source:
            typer.echo("    It has no source: write one into its file, then check it.")
            continue
        answer = _answer()
        if answer == "quit":
            break
        if answer == "yes":
            right.append(key)
        elif answer == "no":
            wrong.append(key)
    return right, wrong


def _show(place: str, key: Key, entry: Entry) -> None:
    typer.echo("")
    typer.echo(f"{place}   {'/'.join(key)}   {entry.title}")
    if entry.country:
        typer.echo(f"    country  {entry.country}")
    if entry.phone:
        typer.echo(f"    phone    {entry.phone}")
    typer.echo(
        f"    source   {entry.source or 'none'}{'' if entry.confirmed else ' (not confirmed)'}"
    )
    for block in entry.blocks:
        for line in block.lines:
            typer.echo(f"    {'- ' if block.is_list else ''}{line}")


def _answer() -> str:
    """yes, no, skip or quit; quit where nothing can be read any more."""
    answers = {"y": "yes", "n": "no", "s": "skip", "q": "quit"}
    while True:
        try:
            said = typer.prompt(
                "Is all of this right today? (y)es, (n)o, (s)kip, (q)uit and sign", default="s"
            )
        except typer.Abort:
            return "quit"
        if (found := answers.get(str(said).strip().lower()[:1])) is not None:
            return found


def _check_country(folder: Path, country: str | None) -> None:
    pages = dict.fromkeys(page for page, _ in pack.entries(folder))
    if country is not None and country not in pages:
        raise AgencyError(f"There is no page '{country}'. There are: {', '.join(pages)}.")


def _is_of(key: Key, country: str | None) -> bool:
    return country in (None, key[0])


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
