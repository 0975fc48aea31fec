"""``console run``: a case store is opened, and shown in this machine's browser until Ctrl-C."""

import json
import sys
from typing import Annotated, NoReturn

import typer

from app.cli.console import alarm, locking, options, second_start, serving, start
from app.cli.console.opened_vault import Folder
from app.cli.terminal import asking
from app.cli.terminal.json_option import AsJson
from app.console.vault import Vault
from app.console.vault.keys.header import has_vault
from app.console.web.running_console import Console

_BROWSER_SECONDS = 5
"""A second start waits so long for a browser, which goes on by itself."""


@options.plain_errors
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
    socks: options.Socks = None,
    server: options.Server = None,
    investigators: options.Investigators = None,
    passphrase_file: asking.PassphraseFile = None,
    team_hours: options.TeamHours = None,
    on_danger: options.OnDanger = None,
    on_deaf: options.OnDeaf = None,
    delete_at_once: options.DeleteAtOnce = False,
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
            locking.FLAG, hidden=True, help="Go on, locked: a console that locks gives it."
        ),
    ] = None,
) -> None:
    """Open the vault, and show it in the browser of this machine until Ctrl-C.

    It locks itself after 15 minutes without anybody (QUIETLINE_CONSOLE_IDLE_MINUTES; 0 never), and
    when the machine sleeps or its screen is locked. Locked, it fetches nothing; on duty (the page
    Alarm) the screen is locked, and it goes on looking.
    """
    settings = options.settings_of(
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
    settings = alarm.found(settings)
    if locked is not None:
        handed = locking.Handed.take(locked)
        with handed.socket() as listening:
            console = Console(folder, settings, root=handed.root)
            console.port = listening.getsockname()[1]
            handed.settle(console)
            serving.serve_for_real(console, listening, handed.place)
        return
    alarm.check(settings)
    place = second_start.take_place(folder)
    # Where there is no case store yet, two may lead to one: the first that is made stays.
    if place.running and has_vault(folder):
        _lead_to(place.running, in_browser, as_json)
    # Taken before the passphrase is asked: a port in use should cost no investigator a passphrase.
    with serving.listen(settings.port) as listening:
        console = Console(folder, settings)
        console.port = listening.getsockname()[1]
        place.announce(console.address)
        if in_browser:
            _lead_in(console, as_json)
            serving.serve_for_real(console, listening, place.held)
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
        serving.serve_for_real(console, listening, place.held)


def _lead_in(console: Console, as_json: bool) -> None:
    """Say where the console is, and open it: the passphrase is asked there."""
    console.beginning = start.FIRST_PAGE
    link = console.login_url() if console.begins else f"{console.address}/unlock"
    if as_json:
        typer.echo(json.dumps({"login": link, "console": console.address}))
        sys.stdout.flush()
        return
    typer.echo("The console opens in a private window of this computer's browser. If it does not:")
    typer.echo(f"\n  {link}\n")
    typer.echo("Ctrl-C, or closing this window, ends the console and its Tor.")
    sys.stdout.flush()
    start.open_browser(link)


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
        start.open_browser(f"{address}/").join(_BROWSER_SECONDS)
    raise typer.Exit(0 if in_browser else asking.EXIT_FOUND)
