"""``quietline server``: run the blind server and keep its database up to date.

Only options, words and exit codes are here: 0 well, 1 cannot start, 2 used wrongly.
"""

from __future__ import annotations

import os
import time
import traceback
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.cli.server import listening, upkeep
from app.cli.terminal.json_option import AsJson
from app.server import logs
from app.server.admission.listeners import ListenerRules
from app.server.chunks.stores import NoClient, store_of
from app.server.http.application import create_app
from app.server.operations import backup as backups
from app.server.operations import preflight
from app.server.settings import Settings, SettingsError, load
from app.server.storage import dialect, migrations
from app.server.storage.failures import OtherSchema, StorageError

EXIT_FOUND = 1
EXIT_MISUSED = 2
_DATA_MASK = 0o077
_PORT = 8_000

app = typer.Typer(
    name="server",
    help="The blind server: stores what it cannot read. Settings come from QUIETLINE_* in the "
    "environment and from a TOML file.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="TOML", help="Read settings from this file too.")
]


@app.callback()
def _server() -> None:
    os.umask(_DATA_MASK)


@app.command()
def run(
    config: ConfigFile = None,
    uds: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Listen on this Unix socket (production: behind a proxy or Tor). Whoever may "
            "enter its folder can connect.",
        ),
    ] = None,
    tor_uds: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Listen on this Unix socket, for Tor alone, as well or instead. Each connection "
            "must begin with its circuit (HiddenServiceExportCircuitID haproxy).",
        ),
    ] = None,
    desk_uds: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Listen on this Unix socket, for the investigators' onion alone, like --tor-uds. "
            "Consoles' keys are then taken at it and nowhere else, and nothing else is at it.",
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Listen on this address.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65_535,
            help="Listen on this port (8000 where no Unix socket is given). With Unix sockets: as "
            "well, for the other servers of this line (peer_address).",
        ),
    ] = None,
    first_migrate: Annotated[
        bool, typer.Option("--migrate", help="Do what migrate does, then serve.")
    ] = False,
    pause: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="What cannot start waits this long after saying why, for engines that would "
            "start it again at once.",
        ),
    ] = 0,
) -> None:
    """Serve reporters and investigators until SIGTERM or Ctrl-C."""
    try:
        if first_migrate:
            migrate(config)
        _run(config, uds, tor_uds, desk_uds, host, port)
    except (typer.Exit, SystemExit):  # said already: by _fail, by uvicorn when a database fails
        time.sleep(pause)
        raise
    except Exception:
        traceback.print_exc()
        time.sleep(pause)
        raise SystemExit(EXIT_FOUND) from None


def _run(
    config: Path | None,
    uds: Path | None,
    tor_uds: Path | None,
    desk_uds: Path | None,
    host: str,
    port: int | None,
) -> None:
    settings = _settings(config)
    if (tor_uds or desk_uds) is not None and settings.proxy_protocol is not None:
        _fail(
            "With --tor-uds or --desk-uds take the setting proxy_protocol out: they say it.",
            EXIT_MISUSED,
        )
    sockets = [path for path in (uds, tor_uds, desk_uds) if path is not None]
    try:
        preflight.check(settings)
        listeners = [listening.at_socket(path) for path in sockets]
        if port is not None or not sockets:
            listeners.append(listening.at_address(host, port or _PORT))
    except (preflight.CannotStart, OSError) as error:
        _fail(str(error), EXIT_FOUND)
    logs.configure()

    application = create_app(settings, listener_rules=ListenerRules(apart=desk_uds is not None))
    try:
        listening.serve(application, settings, listeners, tor_uds, desk_uds)
    finally:
        for listener in listeners:
            listener.close()
        for path in sockets:
            path.unlink(missing_ok=True)


@app.command()
def migrate(config: ConfigFile = None) -> None:
    """Make the data folder and bring the database to the newest version."""
    settings = _settings(config)
    try:
        settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        migrations.upgrade(settings.database)
    except OtherSchema as error:
        _fail(str(error), EXIT_FOUND)
    except (StorageError, OSError) as error:
        _fail(f"{error} {dialect.advice(settings.database)}", EXIT_FOUND)
    typer.echo("The database is at the newest version.")


@app.command()
def backup(
    dest: Annotated[Path, typer.Argument(help="A new folder for the copy.")],
    config: ConfigFile = None,
) -> None:
    """Copy everything a server keeps, while it runs, into a folder that tells no times."""
    settings = _settings(config)
    try:
        made = backups.make(settings.database, store_of(settings), dest)
    except (backups.BackupError, NoClient) as error:
        _fail(str(error), EXIT_FOUND)
    typer.echo(
        f"The backup has the database and {made.chunks} chunks. Keep its checksum apart from it:\n"
        f"{made.checksum}"
    )


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A folder that backup made.")],
    checksum: Annotated[
        str | None, typer.Option(metavar="HEX", help="The checksum that backup printed.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Put a backup into an empty server, and check that nothing is missing or changed."""
    settings = _settings(config)
    try:
        settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = backups.restore(source, settings.database, store_of(settings), checksum)
    except (backups.BackupError, NoClient, OSError) as error:
        _fail(str(error), EXIT_FOUND)
    typer.echo(
        f"Restored: the database and {made.chunks} chunks are what was backed up. Checksum:\n"
        f"{made.checksum}"
    )


@app.command()
def stats(
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Count what is kept, by the day on which it expires. Nothing finer is known."""
    try:
        typer.echo(upkeep.stats(_settings(config), as_json=as_json))
    except upkeep.CannotDo as error:
        _fail(str(error), EXIT_FOUND)


@app.command()
def doctor(
    config: ConfigFile = None,
    uds: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The server's Unix socket, if it is elsewhere."),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The line's clearnet address, if it has one."),
    ] = None,
    connect: Annotated[
        bool, typer.Option("--connect", help="Call that address and look at its certificate.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look for what is wrong with this server and its machine. Changes nothing.

    Run it as the server's user, or as root to see more. Exit code 1: something was found.
    """
    from rich.console import Console

    from app.cli.terminal import doctor_findings
    from app.server.operations.doctor.examination import Options, Report, examine
    from app.server.operations.doctor.findings import Finding
    from app.server.operations.doctor.machine import Machine

    if config is not None and not config.is_file():
        _fail(f"There is no settings file {config}.", EXIT_MISUSED)
    if connect and address is None:
        _fail("--connect needs --address: there is nothing else to call.", EXIT_MISUSED)
    try:
        report = examine(load(config), Machine(time.time()), Options(config, uds, address, connect))
    except SettingsError as error:
        report = Report([Finding("settings", line) for line in str(error).splitlines()])
    if as_json:
        typer.echo(doctor_findings.as_json(report))
    else:
        doctor_findings.show(report, Console(highlight=False))
    if report.findings:
        raise typer.Exit(EXIT_FOUND)


@app.command()
def prune(
    flood_day: Annotated[
        datetime,
        typer.Option("--flood-day", formats=["%Y-%m-%d"], help="The day of the flood (UTC)."),
    ],
    config: ConfigFile = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help="Every console has synced and fetched its files since that day."
        ),
    ] = False,
) -> None:
    """Let what a flooded day left behind expire in 14 days."""
    settings, day = _settings(config), flood_day.date()
    if not yes and not typer.confirm(upkeep.said_of(day, settings.expiry_spread_days)):
        _fail("Nothing was changed.", EXIT_FOUND)
    try:
        pruned = upkeep.prune(settings, day, time.time())
    except upkeep.CannotDo as error:
        _fail(str(error), EXIT_FOUND)
    typer.echo(
        f"{pruned.messages} messages and {pruned.chunks} chunks of files expire "
        f"{upkeep.FLOOD_DAYS} days from now, or sooner. A server that is running takes the "
        "chunks' new day at its next epoch, one that is not when it starts."
    )


def _settings(config: Path | None) -> Settings:
    try:
        return load(config)
    except SettingsError as error:
        _fail(str(error), EXIT_MISUSED)


def _fail(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
