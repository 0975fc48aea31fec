"""``quietline console``: an investigator's machine, made, run and synced from a terminal.

Only asking, showing and exit codes are here; what happens is in ``app.console``. Exit codes: 0
well, 1 found something that needs a look, 2 used wrongly. Passphrases come by prompt, file or
standard input, never by argument.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console as Screen
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.cli import (
    asking,
    console_alarm,
    console_copies,
    console_doctor,
    console_hashlist,
    console_letters,
    console_locking,
    console_safety,
    console_second_start,
    console_serving,
    console_start,
    console_transfer,
    console_translation,
)
from app.cli.console_evidence import export
from app.cli.console_first_sync import FIRST_SYNC_WAITS, until_reached
from app.cli.console_practice import practice
from app.cli.console_vault import Folder
from app.client.line_errors import LineError
from app.console import errors
from app.console.features.all_features import FEATURES
from app.console.line.tor_key import make_tor_key
from app.console.sync.engine import sync_once
from app.console.sync.outcome import SyncReport, last_status
from app.console.vault import Vault
from app.console.vault.header import check_new_passphrase, has_vault
from app.console.vault.line_file import read_line
from app.console.vault.setup import init_vault
from app.console.web.console_settings import ConsoleSettings
from app.console.web.line_access import open_line_client, sync_settings
from app.console.web.running_console import Console

_FOUND = (
    LineError,
    errors.ServerLies,
    errors.VaultDamaged,
    errors.VaultInUse,
)

_BROWSER_SECONDS = 5
"""A second start waits so long for a browser, which goes on by itself."""

app = typer.Typer(
    name="console",
    help="An investigator's computer: without a command, make it or open it in the browser.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


Socks = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="Tor's SOCKS port, such as 127.0.0.1:9050."),
]
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Another address of the server than the hotline's."),
]
Investigators = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Another address for giving keys than the hotline's."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON line, nothing else.")]
OnDanger = Annotated[
    Path | None,
    typer.Option(
        metavar="COMMAND",
        help="Run this program when a report says that somebody is in danger now: without "
        "arguments, without a word of the report, for 30 seconds at most.",
    ),
]
OnDeaf = Annotated[
    Path | None,
    typer.Option(
        metavar="COMMAND",
        help="Run this program when nothing is heard of the hotline: no sync for ten minutes, the "
        "computer slept, or the console locked itself ten minutes ago.",
    ),
]
TeamHours = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=48,
        metavar="HOURS",
        help="How often changes to cases go to the team, on the average; 0: at once, which tells "
        "the server when you work. [default: 4]",
    ),
]
DeleteAtOnce = Annotated[
    bool,
    typer.Option(
        "--delete-at-once",
        hidden=True,
        help="Delete on the server at once, for demonstrations: it tells which ids were yours.",
    ),
]

app.command()(export)
app.command(help=console_doctor.HELP)(console_doctor.doctor)
app.command()(console_safety.passphrase)
app.command()(console_copies.backup)
app.command()(console_copies.restore)
app.command()(practice)
app.add_typer(console_letters.app)
app.add_typer(console_hashlist.app)
app.add_typer(console_transfer.app)
app.add_typer(console_translation.app)
app.add_typer(console_safety.app)


@app.callback()
def start(context: typer.Context) -> None:
    """Open this user's case store in the browser; lead to one where there is none."""
    if context.invoked_subcommand is None:
        console_start.become_run()


_plain_errors = asking.plain_errors(found=_FOUND, misused=(errors.ConsoleError,))


@app.command()
@_plain_errors
def init(
    folder: Folder,
    line: Annotated[
        Path, typer.Option(metavar="FILE", help="The line.json that the agency gave you.")
    ],
    label: Annotated[
        str, typer.Option(help="How the directory names you and this computer; it is public.")
    ],
    passphrase_file: asking.PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Make this machine's keys and its vault, and the request that the agency enrols."""
    passphrase = asking.new_passphrase(
        passphrase_file, "Choose a passphrase of several words", check_new_passphrase
    )
    made = init_vault(folder, line, label, passphrase)
    if as_json:
        typer.echo(json.dumps({"request": str(made.request), "words": made.words}))
        return
    typer.echo(f"Made the case store in {folder}.")
    typer.echo("")
    typer.echo(f"1. Give the agency this file, by any way: {made.request}")
    typer.echo("2. Read these twelve words to the agency, by voice, when it asks for them:")
    typer.echo("")
    for row in asking.words_in_rows(made.words):
        typer.echo(f"     {row}")
    typer.echo("")
    typer.echo(f"3. When it has signed a new directory: quietline console run {folder}")
    typer.echo("")
    typer.echo(
        "Nobody can open the case store without the passphrase, and nobody can bring it back,"
    )
    typer.echo(f"unless you make a recovery code: quietline console recovery make {folder}")


@app.command("tor-key")
@_plain_errors
def tor_key(
    line: Annotated[
        Path, typer.Option(metavar="FILE", help="The line.json that the agency gave you.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where Tor's file is written: X.auth_private.")
    ],
) -> None:
    """Make the key with which this machine's Tor is let in at the investigators' onion."""
    made = make_tor_key(read_line(asking.handed_over(line)), out)
    typer.echo(f"1. Give {made.file} to this computer's Tor (docs/by-hand.md), and to nobody else.")
    typer.echo("2. Give the server's operator this text, by any way; it is public:")
    typer.echo("")
    typer.echo(made.public)


@app.command()
@_plain_errors
def run(
    folder: Folder,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65_535,
            help="Port on 127.0.0.1. [default: 8100; with --open any that is free]",
        ),
    ] = None,
    interval: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="How often to sync; 0: only when asked."),
    ] = None,
    socks: Socks = None,
    server: Server = None,
    investigators: Investigators = None,
    passphrase_file: asking.PassphraseFile = None,
    team_hours: TeamHours = None,
    on_danger: OnDanger = None,
    on_deaf: OnDeaf = None,
    delete_at_once: DeleteAtOnce = False,
    as_json: AsJson = False,
    in_browser: Annotated[
        bool,
        typer.Option(
            "--open",
            help="Open the browser and ask for the passphrase there; make the case store there if "
            "there is none; reach the hotline by a Tor of the console's own, unless --socks or "
            "--server says otherwise.",
        ),
    ] = False,
    own_tor: Annotated[
        bool | None,
        typer.Option(
            "--own-tor/--no-own-tor",
            help="Bring a Tor of the console's own, or not. [default: with --open]",
        ),
    ] = None,
    locked: Annotated[
        int | None,
        typer.Option(
            console_locking.FLAG, hidden=True, help="Go on, locked: a console that locks gives it."
        ),
    ] = None,
) -> None:
    """Open the vault, and show it in the browser of this machine until Ctrl-C.

    It locks itself after 15 minutes without anybody (QUIETLINE_CONSOLE_IDLE_MINUTES; 0 never), and
    when the machine sleeps or its screen is locked. Locked, it fetches nothing; on duty (the page
    Alarm) the screen is locked, and it goes on looking.
    """
    settings = _settings(
        own_tor=(in_browser or None) if own_tor is None else own_tor,
        port=0 if in_browser and port is None else port,
        interval=interval,
        socks=socks,
        server=server,
        investigators=investigators,
        team_hours=team_hours,
        delete_at_once=delete_at_once or None,
        on_danger=on_danger,
        on_deaf=on_deaf,
    )
    settings = console_alarm.found(settings)
    if locked is not None:
        handed = console_locking.Handed.take(locked)
        with handed.socket() as listening:
            console = Console(folder, settings, root=handed.root)
            console.port = listening.getsockname()[1]
            handed.settle(console)
            console_serving.serve_for_real(console, listening, handed.place)
        return
    console_alarm.check(settings)
    place = console_second_start.take_place(folder)
    # Where there is no case store yet, two may lead to one: the first that is made stays.
    if place.running and has_vault(folder):
        _lead_to(place.running, in_browser, as_json)
    # Taken before the passphrase is asked: a port in use should cost no investigator a passphrase.
    with console_serving.listen(settings.port) as listening:
        console = Console(folder, settings)
        console.port = listening.getsockname()[1]
        place.announce(console.address)
        if in_browser:
            _lead_in(console, as_json)
            console_serving.serve_for_real(console, listening, place.held)
            return
        console.adopt(Vault.open(folder, asking.passphrase(passphrase_file, "Passphrase")))
        link = console.login_url()
        if as_json:
            typer.echo(json.dumps({"login": link, "console": console.address}))
        else:
            typer.echo(
                "Open this link in a private window of this computer's browser. It works once:"
            )
            typer.echo("")
            typer.echo(f"  {link}")
            typer.echo("")
            typer.echo("Until this ends, the same address asks for the passphrase:")
            typer.echo("")
            typer.echo(f"  {console.address}/")
            typer.echo("")
            typer.echo("Ctrl-C closes the case store and ends the console.")
        sys.stdout.flush()
        console_serving.serve_for_real(console, listening, place.held)


def _lead_in(console: Console, as_json: bool) -> None:
    """Say where the console is, and open it: the passphrase is asked there."""
    console.beginning = console_start.FIRST_PAGE
    link = console.login_url() if console.begins else f"{console.address}/unlock"
    if as_json:
        typer.echo(json.dumps({"login": link, "console": console.address}))
        sys.stdout.flush()
        return
    typer.echo("The console opens in a private window of this computer's browser. If it does not:")
    typer.echo(f"\n  {link}\n")
    typer.echo("Ctrl-C, or closing this window, ends the console and its Tor.")
    sys.stdout.flush()
    console_start.open_browser(link)


def _lead_to(address: str, in_browser: bool, as_json: bool) -> NoReturn:
    """Say where the console is that runs already, open it if asked, and end."""
    if as_json:
        typer.echo(json.dumps({"runs": True, "console": address}))
        raise typer.Exit(0 if in_browser else asking.EXIT_FOUND)
    typer.echo("A console runs already for this case store, at this address of this computer:")
    typer.echo(f"\n  {address}/\n")
    typer.echo("It asks for the passphrase where nobody is signed in. Ctrl-C where it was started,")
    typer.echo("or closing that window, ends it.")
    sys.stdout.flush()
    if in_browser:
        console_start.open_browser(f"{address}/").join(_BROWSER_SECONDS)
    raise typer.Exit(0 if in_browser else asking.EXIT_FOUND)


@app.command()
@_plain_errors
def sync(
    folder: Folder,
    socks: Socks = None,
    server: Server = None,
    investigators: Investigators = None,
    passphrase_file: asking.PassphraseFile = None,
    team_hours: TeamHours = None,
    delete_at_once: DeleteAtOnce = False,
    wait: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=3600,
            metavar="SECONDS",
            help="How long to try again while the line, or the address where keys are given, "
            "cannot be reached. [default: 300 at a vault's first sync through Tor, since onions "
            "may just have been made; else 0]",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sync once: fetch messages and files, send answers, give the server new keys.

    Exit code 1 when something needs a look: an alarm, a warning, a server that is away.
    """
    settings = _settings(
        socks=socks,
        server=server,
        investigators=investigators,
        team_hours=team_hours,
        delete_at_once=delete_at_once or None,
    )
    with Vault.open(folder, asking.passphrase(passphrase_file, "Passphrase")) as vault:
        if wait is None:
            first = settings.socks is not None and last_status(vault).at is None
            wait = FIRST_SYNC_WAITS if first else 0
        report = asyncio.run(until_reached(partial(_sync, vault, settings, as_json), wait))
    if as_json:
        typer.echo(json.dumps(_facts(report)))
    else:
        _tell(report)
    if report.troubled:
        raise typer.Exit(asking.EXIT_FOUND)


async def _sync(vault: Vault, settings: ConsoleSettings, quiet: bool) -> SyncReport:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    screen = Screen(stderr=True, quiet=quiet)
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("Syncing", total=None)

        def on_progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        async with open_line_client(vault, settings, os.urandom) as client:
            # Nobody syncs after this: files take what they need, after messages and answers.
            patient = replace(sync_settings(settings), file_seconds=None)
            return await sync_once(
                vault, client, settings=patient, progress=on_progress, features=FEATURES
            )


def _tell(report: SyncReport) -> None:
    def counted(count: int, one: str, many: str) -> str:
        return f"{count} {one if count == 1 else many}"

    done = [
        counted(report.new_messages, "new message", "new messages"),
        counted(report.files, "file fetched", "files fetched"),
        counted(report.sent, "answer sent", "answers sent"),
    ]
    typer.echo(f"Synced: {', '.join(done)}.")
    for notice in report.notices:
        typer.echo(f"{notice.level.value.capitalize()}: {notice.text}")


def _facts(report: SyncReport) -> dict[str, Any]:
    return asdict(report) | {"challenges": report.challenges.hex()}


def _settings(**given: Any) -> ConsoleSettings:
    try:
        chosen = {name: value for name, value in given.items() if value is not None}
        return ConsoleSettings(**chosen)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        asking.stop(f"The setting {name} is not usable: {first['msg']}.", asking.EXIT_MISUSED)
