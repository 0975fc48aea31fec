"""One call over the wire: headers that say nothing, bounded answers, problems in words."""

import json

import httpx
import socksio

from app.console.errors import ServerProblem, ServerRefused
from app.console.transport.bounded import exchange
from app.protocol.work import HEADER

# What Tor Browser sends: a console's call must look like a reporter's, and never name its library.
HEADERS = {
    "user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept": "*/*",
    "accept-language": "en-US,en;q=0.5",
    "accept-encoding": "identity",
    "connection": "close",
}

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


async def call(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    limit: int,
    body: bytes | None = None,
    exact: int | None = None,
    work: str | None = None,
) -> bytes:
    """Make one call; return the answer's body, at most ``limit`` bytes, or ``exact`` if given.

    Raises ServerRefused for a problem (status 400 and above), ServerProblem when the server cannot
    be reached or answers out of bounds.
    """
    headers = {"content-type": "application/octet-stream"} if body is not None else {}
    if work is not None:
        headers[HEADER] = work
    try:
        request = client.build_request(method, url, content=body, headers=headers)
        answer = await exchange(client, request, limit)
    except (httpx.ProxyError, socksio.ProtocolError):  # the latter: Tor's own reasons, 0xF0 and up
        raise ServerProblem("Tor runs but did not reach the server; it may be away.") from None
    except httpx.TimeoutException:
        raise ServerProblem("The server did not answer in time.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ServerProblem(f"The server cannot be reached ({_kind(error)}).") from None
    return checked(answer.status, answer.body, limit, exact)


def checked(status: int, data: bytes, limit: int, exact: int | None) -> bytes:
    """Return an answer's body, if it is one. Raises as ``call``."""
    if len(data) > limit:
        raise ServerProblem("The server's answer is larger than it may be.")
    if status >= 400:
        raise _refusal(status, data)
    if status >= 300:
        raise ServerProblem("The server sends this console elsewhere; it does not follow.")
    if exact is not None and len(data) != exact:
        raise ServerProblem(f"The server's answer has {len(data)} bytes instead of {exact}.")
    return data


def _refusal(status: int, data: bytes) -> ServerRefused:
    try:
        name = str(json.loads(data)["type"]).rsplit(":", 1)[-1]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = "unknown"
    # The server's own words are not shown: they are the server's to choose.
    sentence = _SENTENCES.get(name, f"The server refused the call (status {status}).")
    return ServerRefused(name, status, sentence)


def _kind(error: Exception) -> str:
    return type(error).__name__
