"""An answer that is none, and no answer at all: what a client says of it, in words of its own."""

from __future__ import annotations

import json

from app.client.line_errors import LineError, LineRefused, Unreachable
from app.client.transport.circuits import NoTor, NotReached, TooSlow, TorRefused
from app.sentences.translatable import say

_SENTENCES = {
    "storage-full": say("The server has no room for files. The text can go; try the files later."),
    "full": say("The server has no room for messages now. The answer waits and is tried again."),
    "busy": say("The server takes in as much as it can now. It is asked again in a moment."),
    "too-many": say("The server takes in as much as it can now. It is asked again in a moment."),
    "not-ready": say("The server is starting. It is asked again in a moment."),
    "unknown-investigator": say("The server does not know this console in its directory yet."),
    "bad-bundle": say("The server refused this console's keys. Is this computer's clock right?"),
    "bundles-full": say(
        "The server has as many of this console's keys as it keeps. It takes more when "
        "old ones have run out."
    ),
    "not-found": say("The server does not have what was asked for."),
}
TOO_LARGE = say("The server's answer is larger than it may be.")


def check(status: int, body: bytes, good: tuple[int, ...], exact: int | None) -> None:
    """See that an answer has one of the statuses that are good here, and exactly so many bytes.

    Raises LineRefused for a problem (status 400 and above), LineError for anything else.
    """
    if status >= 400:
        raise _refusal(status, body)
    if status >= 300:
        raise LineError(say("The server's answer points elsewhere; that is not followed."))
    if status not in good:
        raise LineError(
            say(
                "The answer has status {status}: it is not the server's, or the server is broken.",
                status=status,
            )
        )
    if exact is not None and len(body) != exact:
        raise LineError(
            say(
                "The server's answer has {body} bytes instead of {exact}.",
                body=len(body),
                exact=exact,
            )
        )


def unreached(error: NotReached, socks: str | None) -> Unreachable:
    """Say why no answer came; ``socks`` is where Tor should be."""
    if isinstance(error, NoTor):
        return Unreachable(say("Tor does not answer at {socks}. Is it running?", socks=socks))
    if isinstance(error, TorRefused):
        return Unreachable(say("Tor runs but did not reach the server; it may be away."))
    if isinstance(error, TooSlow):
        return Unreachable(say("The server did not answer in time."))
    return Unreachable(
        say("The server cannot be reached. It may be away, or this computer has no network.")
    )


def _refusal(status: int, body: bytes) -> LineRefused:
    try:
        name = str(json.loads(body)["type"]).rsplit(":", 1)[-1]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = "unknown"
    # The server's own words are not shown: they are the server's to choose.
    sentence = _SENTENCES.get(
        name, say("The server refused the call (status {status}).", status=status)
    )
    return LineRefused(name, status, sentence)
