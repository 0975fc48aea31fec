"""One answer against what was signed. Pure: answers in, sentences out (spec: site, http)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from app.client.transport.exchange import Received
from app.protocol.site import NOT_FOUND, Manifest
from app.reporter.colours import COLOURS, sets_only_colours
from app.server.epochs.signed_site import media_type
from app.server.responses.headers import HEADERS, headers_of

# What a proxy or the transport may add: none of these changes what a page does. Alt-Svc and
# Onion-Location name an address, and are looked into.
_EXPECTED = frozenset(
    {
        "alt-svc",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "onion-location",
        "server",
        "strict-transport-security",
        "transfer-encoding",
        "vary",
    }
)
_NOT_FOUND_TYPE = "urn:quietline:problem:not-found"


def file_differs(path: str, digest: str, answer: Received) -> Iterator[str]:
    """Yield what is wrong with an answer that should be a signed file, SHA-256 in hex."""
    if answer.status != 200:
        yield f"It is answered with status {answer.status} instead of the file."
        return
    if hashlib.sha256(answer.body).hexdigest() != digest:
        yield "Its bytes are not those that the agency signed."
    if answer.all("content-type") != [media_type(path)]:
        yield "It comes as another kind of content than it is."
    if path == COLOURS and not sets_only_colours(answer.body):
        yield "It does more than set colours."


def api_differs(answer: Received) -> Iterator[str]:
    """Yield what is wrong with how the bytes that are the same for everyone are sent."""
    if answer.status != 200:
        yield f"It is answered with status {answer.status}."
    if answer.all("content-encoding"):
        yield "It is compressed, so its length can tell what is in it."


def headers_differ(address: str, answer: Received, onion: str | None = None) -> Iterator[str]:
    """Yield each header that is missing, changed or not known; ``onion`` is the line's, if any."""
    for name, value in headers_of(address):
        found = answer.all(name)
        if not found:
            yield f"The header {name} is missing."
        elif found != [value]:
            yield f"The header {name} is not the one that every answer carries."
    known = _EXPECTED | {name for name, _ in HEADERS}
    for name in sorted({one for one, _ in answer.headers} - known):
        yield f"There is a header {_shown(name)} that does not belong here."
    for value in answer.all("alt-svc"):
        if value != "clear" and any('=":' not in one for one in value.split(",")):
            yield "The header alt-svc sends browsers to another address."
    for value in answer.all("onion-location"):
        if onion is None or not (value == onion or value.startswith(f"{onion}/")):
            yield "The header onion-location names another onion than line.json."


def unknown_differs(manifest: Manifest, answer: Received) -> Iterator[str]:
    """Yield what is wrong with the answer to a path that was never signed."""
    if answer.status != 404:
        yield f"A path that was never signed is answered with status {answer.status}."
        return
    page = manifest.files.get(NOT_FOUND)
    if page is not None:
        if hashlib.sha256(answer.body).hexdigest() != page:
            yield "The page for unknown paths is not the one that the agency signed."
    elif not _is_problem(answer.body):
        yield "An unknown path gets something else than the line's error."


def redirect_differs(path: str, answer: Received) -> Iterator[str]:
    """Yield what is wrong with how a folder's path without its slash is answered."""
    if answer.status == 404:
        return  # a proxy that serves files alone may do so; nothing is shown
    if answer.status != 308 or answer.all("location") != [f"{path}/"]:
        yield "It is not redirected to its own folder."


def release_differs(manifest: Manifest, release: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (path, sentence) where the code that is signed is not a release's.

    ``release`` gives SHA-256 in hex by path. Pages, texts and colours are the agency's own; code is
    not.
    """
    for path in sorted(manifest.files.keys() - {COLOURS}):
        if path.endswith((".js", ".mjs", ".wasm", ".css")) and path not in release:
            yield path, "The agency signed it, but this release of Quietline has no such file."
    for path, digest in sorted(release.items()):
        signed = manifest.files.get(path)
        if signed is not None and signed != digest:
            yield path, "The agency signed it, but it is not the file of this release of Quietline."


def _is_problem(body: bytes) -> bool:
    try:
        return bool(json.loads(body)["type"] == _NOT_FOUND_TYPE)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _shown(name: str) -> str:
    """Return a plain, short header name, or what stands for one: it is the server's to choose."""
    return name[:40] if name.replace("-", "").isalnum() and name.isascii() else "with an odd name"
