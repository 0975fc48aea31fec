"""``quietline report``: send, check, reply from a terminal, through Tor.

For who does not want to trust a page's code, or cannot run it. Everything is verified against
line.json, which pins the agency's key. No state, no history, no account: the receipt code is shown
once, and whoever loses it cannot come back. Exit codes: 0 well, 1 it did not get through, 2 used
wrongly.

    signed_form  what to ask, in which words: form.json of the signed site, checked
    intake       the same questions as on the pages, one after the other
    sending      from the first question to the receipt code, and writing more with it
    reading      coming back with a code: what waits for it
    terminal     asks and shows, and keeps nothing
    visit        the way to the line, and what went wrong on it
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from app.cli.report import intake, reading, sending
from app.cli.report.signed_form import Form, fetch_form
from app.cli.report.terminal import Terminal
from app.cli.report.visit import Misused, explain, tell_old, visit
from app.cli.terminal.asking import EXIT_FOUND, handed_over, plain_errors, stop
from app.cli.terminal.json_option import AsJson
from app.client.line_errors import LineError, Unreachable
from app.client.reporter_client import ReporterClient
from app.protocol import bodies
from app.protocol.errors import BadLine, BadReceipt, ProtocolError
from app.protocol.identities import ReporterIdentity
from app.protocol.line import Line
from app.protocol.receipt import new_entropy, read_code
from app.protocol.secrets import Secret

TOR = "127.0.0.1:9050"
_CODE_FILE_MAX = 4_096
"""Characters of a file with a code that are read."""

app = typer.Typer(
    name="report",
    help="A reporter at a terminal: send, check, reply, through Tor.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

LineFile = Annotated[
    Path,
    typer.Option("--line", metavar="FILE", help="line.json of the line, from where you trust it."),
]
Socks = Annotated[str, typer.Option(metavar="HOST:PORT", help="Tor's SOCKS port.")]
Direct = Annotated[
    bool,
    typer.Option("--direct", help="Without Tor: your network and the line's host see who you are."),
]
Lang = Annotated[
    str | None, typer.Option(metavar="TAG", help="Language, such as es. [default: the system's]")
]
Files = Annotated[
    list[Path] | None,
    typer.Option("--file", metavar="FILE", help="Add a file, as it is; may be given many times."),
]
CodeFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Read the code from FILE ('-': standard input), in one line or many."
    ),
]

_plain_errors = plain_errors(found=(LineError,), misused=(Misused, BadLine, BadReceipt))
Doing = Callable[[Terminal, ReporterClient, Form], Awaitable[bool]]


@app.command()
@_plain_errors
def send(
    line: LineFile,
    file: Files = None,
    lang: Lang = None,
    socks: Socks = TOR,
    direct: Direct = False,
) -> None:
    """Write a report, and get the receipt code with which to come back."""

    async def doing(terminal: Terminal, client: ReporterClient, form: Form) -> bool:
        draft = await sending.write(terminal, client, form, bodies.REPORT, file or [])
        if draft is None:
            return False
        code = new_entropy(os.urandom)
        parcel = client.pack(bodies.REPORT, draft.fields(form.lang), draft.files, read=draft.read)
        if not await sending.deliver(terminal, client, ReporterIdentity(code), parcel, form.lang):
            return False
        sending.show_code(terminal, form, code)
        code.wipe()
        intake.tell_sent(terminal, form, draft)
        return True

    _run(line, None if direct else socks, lang, doing)


@app.command()
@_plain_errors
def check(
    line: LineFile,
    code_file: CodeFile = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Save the answers' files here.")
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the answers on the line when they were shown.")
    ] = False,
    lang: Lang = None,
    socks: Socks = TOR,
    direct: Direct = False,
    as_json: AsJson = False,
) -> None:
    """Look whether an answer waits, with the receipt code."""

    async def doing(terminal: Terminal, client: ReporterClient, form: Form) -> bool:
        codes = _codes(code_file) or reading.ask_code(terminal)
        _, answers = await reading.waiting(client, codes)
        if as_json:
            shown = [reading.as_json(answer) for answer in answers]
            typer.echo(json.dumps(shown, ensure_ascii=False))
        else:
            if answers and client.looks_old(await client.directory()):
                tell_old(terminal, "answers-old")
            intake.call_first(terminal, form)
            reading.show(terminal, answers, form.lang)
        if save is not None:
            save.mkdir(parents=True, exist_ok=True)
            await reading.save(terminal, client, answers, save)
        if delete:
            await client.delete(answers)
        return True

    _run(line, None if direct else socks, lang, doing)


@app.command()
@_plain_errors
def reply(
    line: LineFile,
    code_file: CodeFile = None,
    file: Files = None,
    lang: Lang = None,
    socks: Socks = TOR,
    direct: Direct = False,
) -> None:
    """Write more, with the receipt code."""

    async def doing(terminal: Terminal, client: ReporterClient, form: Form) -> bool:
        codes = _codes(code_file) or reading.ask_code(terminal)
        # A code that two lists can spell is the one for which something waits, if any.
        identity = (
            ReporterIdentity(codes[0])
            if len(codes) == 1
            else (await reading.waiting(client, codes))[0]
        )
        draft = await sending.write(terminal, client, form, bodies.MESSAGE, file or [])
        if draft is None:
            return False
        parcel = client.pack(bodies.MESSAGE, draft.fields(form.lang), draft.files, read=draft.read)
        if not await sending.deliver(terminal, client, identity, parcel, form.lang):
            return False
        terminal.tell("sent")
        intake.tell_sent(terminal, form, draft)
        return True

    _run(line, None if direct else socks, lang, doing)


def _codes(file: str | None) -> list[Secret]:
    if file is None:
        return []
    if file == "-":
        return read_code(sys.stdin.read(_CODE_FILE_MAX))
    with Path(file).open(encoding="utf-8") as opened:
        return read_code(opened.read(_CODE_FILE_MAX))


def _run(line: Path, socks: str | None, lang: str | None, doing: Doing) -> None:
    known = Line.parse(handed_over(line))
    try:
        well = asyncio.run(_visit(known, socks, lang, doing))
    except (KeyboardInterrupt, EOFError):
        stop("Stopped. Nothing was kept on this computer.", EXIT_FOUND)
    if not well:
        raise typer.Exit(EXIT_FOUND)


async def _visit(line: Line, socks: str | None, lang: str | None, doing: Doing) -> bool:
    terminal = Terminal({})
    async with visit(line, socks, os.urandom) as way:
        client = ReporterClient(way, line.line_id)
        try:
            form = await fetch_form(way, await client.directory(), lang)
        except Unreachable:
            stop(
                "The line cannot be reached. "
                + (f"Does Tor run at {socks}?" if socks else "Is there a connection?"),
                EXIT_FOUND,
            )
        except ProtocolError as error:
            stop(f"This is not the line of line.json: {error} Nothing was sent.", EXIT_FOUND)
        terminal = Terminal(form.phrases)
        try:
            return await doing(terminal, client, form)
        except (LineError, ProtocolError) as error:
            explain(terminal, error)
            return False
