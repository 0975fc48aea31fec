"""The custody chain of a case (spec: export, custody log). Pure.

Every entry carries the hash of the one before, the first a hash of the line and the case; so an
entry that is changed, taken out, put in or moved no longer fits, unless every later one is made
anew, which the hash of the last one then shows to whoever has kept it.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from app.protocol.encoding import json_bytes


def genesis(line_id: bytes, case: str) -> bytes:
    """Return the 32 bytes that stand before a case's first entry."""
    first = {"v": 1, "kind": "custody", "line": line_id.hex(), "case": case}
    return hashlib.sha256(json_bytes(first)).digest()


def entry(
    number: int, at: int, actor: str, what: str, detail: dict[str, Any], before: bytes
) -> dict[str, Any]:
    """Return what is hashed and shown: ``number`` counts from 1, ``before`` is 32 bytes."""
    return {
        "n": number,
        "at": at,
        "actor": actor,
        "what": what,
        "detail": detail,
        "prev": before.hex(),
    }


def link(made: dict[str, Any]) -> bytes:
    """Return the entry's hash: SHA-256 over its canonical JSON."""
    return hashlib.sha256(json_bytes(made)).digest()


def first_broken(start: bytes, entries: Iterable[tuple[dict[str, Any], bytes]]) -> int | None:
    """Return the number of the first entry that does not fit, counted from 1; None if all do.

    ``entries`` gives each with its hash, oldest first; ``start`` is the genesis.
    """
    before = start
    for place, (made, hashed) in enumerate(entries, start=1):
        if made["n"] != place or made["prev"] != before.hex() or link(made) != hashed:
            return place
        before = hashed
    return None
