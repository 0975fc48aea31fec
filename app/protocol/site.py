"""The signed site: which files a line publishes, by their SHA-256 (spec: site). Public side.

Only the bytes that were signed are parsed. Fetching and comparing files is the caller's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from app.protocol.encoding import read_json, unb64u, unhex
from app.protocol.errors import BadSite, ProtocolError
from app.protocol.signatures import TAG_SITE, verify
from app.protocol.wire import LINE_ID_BYTES

MANIFEST = "manifest.json"
INDEX = "index.html"
NOT_FOUND = "404.html"
VERSION = 1
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Manifest:
    """A verified manifest: the site's own version, its day, and SHA-256 (hex) by path.

    Paths are relative, in their shortest form, and never leave the site's root.
    """

    version: int
    issued: dt.date
    files: dict[str, str]


def open_manifest(data: bytes, line_id: bytes, root: bytes) -> Manifest:
    """Verify a manifest file against the line id and its current root key, 32 bytes each.

    Raises BadSite, BadSignature.
    """
    outer = _object(data)
    try:
        signed = unb64u(outer["manifest"])
        signature = unhex(outer["signature"], 64)
    except (ProtocolError, KeyError, TypeError):
        raise BadSite("The site's manifest has the wrong form.") from None
    verify(TAG_SITE, root, signed, signature)
    inner = _object(signed)
    try:
        if type(inner["v"]) is not int or inner["v"] != VERSION:
            raise BadSite("The site's manifest is of a version this program does not know.")
        if unb64u(inner["line_id"], LINE_ID_BYTES) != line_id:
            raise BadSite("The site belongs to another line.")
        version, files = inner["version"], inner["files"]
        if type(version) is not int or version < 1 or not isinstance(files, dict):
            raise BadSite("The site's manifest has the wrong form.")
        issued = dt.date.fromisoformat(inner["issued"])
        return Manifest(version, issued, {_inside(path): _hash(files[path]) for path in files})
    except BadSite:
        raise
    except (ProtocolError, ValueError, KeyError, TypeError):
        raise BadSite("The site's manifest has the wrong form.") from None


def addresses(path: str) -> tuple[str, ...]:
    """Return the request paths that must answer with a file: a page also by its folder."""
    if path == INDEX or path.endswith(f"/{INDEX}"):
        return (f"/{path}", f"/{path.removesuffix(INDEX)}")
    return (f"/{path}",)


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = read_json(data)
    except ProtocolError:
        value = None
    if not isinstance(value, dict):
        raise BadSite("The site's manifest has the wrong form.")
    return value


def _inside(path: str) -> str:
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts or str(relative) != path:
        raise BadSite("The site's manifest lists a path outside the site.")
    return path


def _hash(digest: object) -> str:
    return unhex(digest, _HASH_BYTES).hex()
