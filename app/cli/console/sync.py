"""``console sync``: one sync at a terminal, with its progress, told or as facts."""

import asyncio
import json
import os
from dataclasses import asdict, replace
from functools import partial
from typing import Annotated, Any

import typer

from app.cli.console import options
from app.cli.console.first_sync import FIRST_SYNC_WAITS, until_reached
from app.cli.console.opened_vault import Folder
from app.cli.terminal import asking
from app.cli.terminal.json_option import AsJson
from app.cli.terminal.progress_bar import progress
from app.console.features.all_features import FEATURES
from app.console.sync.engine import sync_once
from app.console.sync.outcome import SyncReport, last_status
from app.console.vault import Vault
from app.console.web.console_settings import ConsoleSettings
from app.console.web.line_access import open_line_client, sync_settings


@options.plain_errors
def sync(
    folder: Folder,
    socks: options.Socks = None,
    passphrase_file: asking.PassphraseFile = None,
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

    Exit code 1 when something needs a look: an alarm, a warning, a server that is away. Other
    settings are taken from the environment, as ``console run`` takes them
    (QUIETLINE_CONSOLE_SERVER …).
    """
    settings = options.settings_of(socks=socks)
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
    with progress("Syncing", quiet=quiet) as step:
        async with open_line_client(vault, settings, os.urandom) as client:
            # Nobody syncs after this: files take what they need, after messages and answers.
            patient = replace(sync_settings(settings), file_seconds=None)
            return await sync_once(
                vault, client, settings=patient, progress=step, features=FEATURES
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
