"""A visit to a line from a terminal: the way there, and what went wrong in the person's words."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from app.cli.report.terminal import Terminal
from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError, LineRefused, Unreachable
from app.protocol.errors import (
    BadBundle,
    BadDirectory,
    BadSignature,
    ExpiredDirectory,
    LooksOld,
    ProtocolError,
)
from app.protocol.group import Rng
from app.protocol.line import Line

TIMEOUT_SECONDS = 120.0

_PROBLEMS = {
    "busy": "trouble-busy",
    "full": "trouble-busy",
    "too-many": "trouble-busy",
    "not-ready": "trouble-busy",
    "storage-full": "trouble-disk-full",
    "work-needed": "trouble-work",
    "work-expired": "trouble-work",
    "work-replayed": "trouble-work",
}
_PROBLEMS_READING = dict.fromkeys(("busy", "full", "too-many", "not-ready"), "trouble-crowded")


class Misused(Exception):
    """The command was given something that cannot be; one sentence says what."""


def visit(line: Line, socks: str | None, rng: Rng) -> LineClient:
    """Return a client of the line: through Tor on one circuit for the visit, as a browser's.

    It is direct where ``socks`` is None. Raises Misused.
    """
    url = line.onion if line.onion and socks else line.server
    host = urlsplit(url).hostname or ""
    if socks is None and host.endswith(".onion"):
        raise Misused("This line is reached through Tor alone: leave out --direct.")
    way = LineClientSettings(url, socks=socks, timeout=TIMEOUT_SECONDS, one_circuit=True)
    return LineClient(way, rng)


def tell_old(terminal: Terminal, key: str) -> None:
    """Say that by this computer's date, in words of the phrase, what the line shows is old."""
    today = dt.datetime.now().astimezone().date()
    terminal.say(terminal.phrase(key).replace("{day}", today.isoformat()))


def explain(terminal: Terminal, error: Exception, *, sending: bool = False) -> None:
    """Say what went wrong; the line's own words are never shown.

    Only while ``sending`` is anything said of words that are still here or were not taken.
    """
    refused = "trouble-refused" if sending else "trouble-no-sense"
    if isinstance(error, Unreachable):
        terminal.tell("trouble-unreachable" if sending else "trouble-no-way")
    elif isinstance(error, LineRefused):
        known = _PROBLEMS.get(error.name) if sending else _PROBLEMS_READING.get(error.name)
        terminal.tell(known or refused)
        if known is None:
            said = "The line refused" if sending else "The line answered otherwise"
            terminal.say(f"{said} (status {error.status}, {error.name}).")
    elif isinstance(error, LineError):
        terminal.tell(refused)
        terminal.say(str(error))
    elif isinstance(error, ExpiredDirectory):
        terminal.tell("trouble-expired-directory")
    elif isinstance(error, LooksOld):
        tell_old(terminal, "list-old")
    elif isinstance(error, BadBundle):
        terminal.tell("trouble-no-recipient")
    elif isinstance(error, (BadDirectory, BadSignature)):
        terminal.tell("trouble-bad-directory")
    elif isinstance(error, ProtocolError):
        terminal.tell(refused)
        terminal.say(str(error))
    elif isinstance(error, OSError):
        terminal.tell("files-unreadable")
