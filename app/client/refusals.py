"""An answer that is none, and no answer at all: what a client says of it, in words of its own."""

from __future__ import annotations

import json

from app.client.line_errors import LineError, LineRefused, Unreachable
from app.client.transport.circuits import NoTor, NotReached, TooSlow, TorRefused

_SENTENCES = {
    "storage-full": "The server has no room for files. The text can go; try the files later.",
    "full": "The server has no room for messages now. The answer waits and is tried again.",
    "busy": "The server takes in as much as it can now. It is asked again in a moment.",
    "too-many": "The server takes in as much as it can now. It is asked again in a moment.",
    "not-ready": "The server is starting. It is asked again in a moment.",
    "unknown-investigator": "The server does not know this console in its directory yet.",
    "bad-bundle": "The server refused this console's keys. Is this computer's clock right?",
    "bundles-full": "The server has as many of this console's keys as it keeps. It takes more when "
    "old ones have run out.",
    "not-found": "The server does not have what was asked for.",
}
TOO_LARGE = "The server's answer is larger than it may be."


def check(status: int, body: bytes, good: tuple[int, ...], exact: int | None) -> None:
    """See that an answer has one of the statuses that are good here, and exactly so many bytes.

    Raises LineRefused for a problem (status 400 and above), LineError for anything else.
    """
    if status >= 400:
        raise _refusal(status, body)
    if status >= 300:
        raise LineError("The server's answer points elsewhere; that is not followed.")
    if status not in good:
        raise LineError(
            f"The answer has status {status}: it is not the server's, or the server is broken."
        )
    if exact is not None and len(body) != exact:
        raise LineError(f"The server's answer has {len(body)} bytes instead of {exact}.")


def unreached(error: NotReached, socks: str | None) -> Unreachable:
    """Say why no answer came; ``socks`` is where Tor should be."""
    if isinstance(error, NoTor):
        return Unreachable(f"Tor does not answer at {socks}. Is it running?")
    if isinstance(error, TorRefused):
        return Unreachable("Tor runs but did not reach the server; it may be away.")
    if isinstance(error, TooSlow):
        return Unreachable("The server did not answer in time.")
    return Unreachable(f"The server cannot be reached ({error}).")


def _refusal(status: int, body: bytes) -> LineRefused:
    try:
        name = str(json.loads(body)["type"]).rsplit(":", 1)[-1]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = "unknown"
    # The server's own words are not shown: they are the server's to choose.
    sentence = _SENTENCES.get(name, f"The server refused the call (status {status}).")
    return LineRefused(name, status, sentence)
