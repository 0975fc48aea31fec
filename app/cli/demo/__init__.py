"""``quietline demo``: the whole product on one machine, with synthetic reports.

    world                 agency, investigators, directory, site and database in one folder
    corpus                about 130 made-up reports of the last ninety days
    content/              their words, and the words of answers and notes
    colleagues            the three consoles at work on them, at times that are passed in
    caseload              what became of each
    rare                  what only a few have: letters, withdrawals, referrals, a legal hold
    other_agency          another agency's line, to which one is sealed
    reports               a dozen made-up reports of today, which are really sent
    synthetic_pictures    what is attached to them
    synthetic_recordings  a hum, as a voice is attached
    seeding               does it all
    children              the server and the console, as processes

When it ends, by Ctrl-C or SIGTERM, its processes end and its folder is emptied.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import shutil
import socket
import tempfile
import time
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.demo import world as worlds
from app.cli.demo.children import Children, Interrupted, interruptible
from app.cli.demo.seeding import seed
from app.cli.terminal.json_option import AsJson
from app.cli.terminal.progress_bar import progress
from app.protocol.encoding import b64u

READY_WITHIN = 120
"""Seconds after which a child that does not answer is taken for broken."""
HOST = "127.0.0.1"
TEAM_HOURS = "0.1"
"""The team hears of changes after some minutes: until then a transfer can be undone."""

app = typer.Typer(
    help="Set up and run everything on this machine, with synthetic reports.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class CannotRun(Exception):
    """The demo cannot start or go on; one sentence says what to do."""


@app.callback()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port of the line.")] = 8000,
    console_port: Annotated[
        int, typer.Option(min=1, max=65_535, help="Port of the investigator's console.")
    ] = 8100,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Put everything here: an empty or new folder, emptied again at the end. "
            "[default: a temporary folder]",
        ),
    ] = None,
    epoch: Annotated[
        int,
        typer.Option(
            min=1, max=3600, metavar="SECONDS", help="How often the line shows what is new."
        ),
    ] = 5,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open both pages in the browser.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Set up and run everything on this machine: a line with two desks and three investigators.

    About 140 synthetic cases of ninety days are there already. Ctrl-C ends it and removes its data.
    """
    screen = Console(quiet=as_json)
    # Of keys, vaults and logs nobody else on this machine reads anything; children inherit it.
    os.umask(0o077)
    try:
        folder = _folder(data)
    except CannotRun as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from None
    children = Children()
    try:
        with interruptible():
            _check_port(port, "--port")
            _check_port(console_port, "--console-port")
            facts = _start(folder, port, console_port, epoch, children, quiet=as_json)
            if as_json:
                print(json.dumps(facts), flush=True)
            else:
                _tell(screen, facts)
            if browser and not as_json:
                # Not the console's link, nor its address: every user's `ps` shows what a browser is
                # started with.
                webbrowser.open(facts["server"])
            _wait(children)
    except Interrupted:
        screen.print("\nEnding, and removing the demo's data.")
    except CannotRun as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from None
    finally:
        children.stop()
        _empty(folder, keep_folder=data is not None)


def _start(
    folder: Path, port: int, console_port: int, epoch: int, children: Children, *, quiet: bool
) -> dict[str, str]:
    url = f"http://{HOST}:{port}"
    with progress("Making a line: keys, directory, site", quiet=quiet) as step:
        today = dt.datetime.now(dt.UTC).date()
        world = worlds.make(folder, url, epoch, today, os.urandom, facts=worlds.FACTS)
        code = asyncio.run(seed(world, step))
        step("Starting the server and the console", 0, 0)
        server_log, console_log = folder / "server" / "server.log", folder / "console.log"
        config = str(folder / "server" / "server.toml")
        serve = ["server", "run", "--config", config, "--host", HOST, "--port", str(port)]
        children.start("server", serve, server_log)
        _until_answering(port, children, server_log)
        first = worlds.INVESTIGATORS[0][0]
        run = ["console", "run", str(world.vault(first)), "--port", str(console_port)]
        run += ["--passphrase-file", str(world.passphrase_file), "--interval", str(epoch)]
        run += ["--delete-at-once", "--team-hours", TEAM_HOURS, "--json"]
        said = children.start_and_read("console", run, console_log)
        if said is None:
            raise CannotRun(f"The console did not start. Its last words: {_tail(console_log)}")
    console = json.loads(said)
    return {
        "server": url,
        "console": console["console"],
        "console_login": console["login"],
        "receipt_code": code,
        "data": str(folder),
        "line_id": b64u(world.line_id),
        "line_file": str(world.line_file),
    }


def _until_answering(port: int, children: Children, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if children.ended() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise CannotRun(f"The server did not start. Its last words: {_tail(log)}")


def _wait(children: Children) -> None:
    while (name := children.ended()) is None:
        time.sleep(0.5)
    raise CannotRun(f"The {name} ended by itself. Its log was in the data folder.")


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "none"


def _tell(screen: Console, facts: dict[str, str]) -> None:
    rows = (
        ("The line, for reporters", facts["server"]),
        ("The console, signed in (open this link: it works once)", facts["console_login"]),
        ("A receipt code that opens an answer", facts["receipt_code"]),
        ("The line's id, by which everything of it is checked", facts["line_id"]),
        ("The line's file, for the commands that ask for line.json", facts["line_file"]),
        ("Everything written is in", facts["data"]),
        ("Passphrase of all its vaults", str(Path(facts["data"]) / "passphrase.txt")),
    )
    screen.print("\n[bold]Quietline is running.[/bold] All reports in it are synthetic.\n")
    for name, value in rows:
        screen.print(f"  {name}\n    {value}", highlight=False, soft_wrap=True)
    screen.print("\nCtrl-C ends it and removes its data.")


def _folder(data: Path | None) -> Path:
    if data is None:
        return Path(tempfile.mkdtemp(prefix="quietline-demo-"))
    data = data.absolute()
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise CannotRun(
            f"{data} is not an empty folder. The demo empties its folder at the end, so give it"
            " one that holds nothing."
        )
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return data


def _empty(folder: Path, *, keep_folder: bool) -> None:
    if not keep_folder:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for inside in folder.iterdir():
        if inside.is_dir() and not inside.is_symlink():
            shutil.rmtree(inside, ignore_errors=True)
        else:
            inside.unlink(missing_ok=True)


def _check_port(port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise CannotRun(
                f"Port {port} is in use on this machine. Choose another with {option}."
            ) from None
