"""The signed static site: exactly the files that its manifest lists, held in memory.

A file is served only with the hash that the agency signed; anything else in the folder is not
there. The whole site is taken or none of it.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import brotli

from app.protocol.errors import ProtocolError
from app.protocol.site import INDEX, MANIFEST, NOT_FOUND, open_manifest
from app.server.epochs.signed_directory import Refused, read_file

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
_WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")
_COMPRESSIBLE = frozenset({".css", ".html", ".js", ".json", ".md", ".svg", ".txt", ".xml"})
# Best first. Browsers ask for Brotli over https and on this machine only: an onion gets gzip.
_ENCODINGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("br", lambda body: brotli.compress(body, quality=11)),
    ("gzip", lambda body: gzip.compress(body, mtime=0)),
)


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file as it is sent: its media type, its bytes, and whether compressing them helps.

    Each way of compressing is done once, when it is first asked for (a tenth of a second for the
    largest): a whole site in a dozen languages would keep a server from starting for seconds.
    """

    media_type: str
    body: bytes
    compressible: bool
    _compressed: dict[str, bytes] = field(default_factory=dict, repr=False)

    def encoded(self, accepted: str) -> tuple[str | None, bytes]:
        """Return what to send to who accepts these encodings: the encoding, if any, and bytes."""
        taken = _taken(accepted) if self.compressible else set()
        for name, compress in _ENCODINGS:
            if name in taken:
                if name not in self._compressed:
                    self._compressed[name] = compress(self.body)
                if len(self._compressed[name]) < len(self.body):
                    return name, self._compressed[name]
        return None, self.body


def _taken(accepted: str) -> set[str]:
    """Return the encodings that an Accept-Encoding names and does not refuse (RFC 9110, 12.5.3).

    A weight of 0 refuses, and so does one that cannot be read: plain bytes are always right.
    """
    taken = set()
    for part in accepted.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        weights = [word[2:].strip() for word in parameters if word.startswith("q=")]
        if all(_WEIGHT.fullmatch(weight) and float(weight) > 0 for weight in weights):
            taken.add(name)
    return taken


@dataclass(frozen=True, slots=True)
class Site:
    """All files by their path from the root, without a leading slash."""

    manifest: bytes = b""
    files: dict[str, SiteFile] = field(default_factory=dict)

    def find(self, path: str) -> SiteFile | None:
        """Return the file for a request's path (without leading slash), or None."""
        return self.files.get(path + INDEX if path == "" or path.endswith("/") else path)

    def is_folder(self, path: str) -> bool:
        """Say whether a path names a folder with an index, its closing slash left off."""
        return f"{path}/{INDEX}" in self.files

    @property
    def not_found(self) -> SiteFile | None:
        """The site's own page for unknown paths, if it has one."""
        return self.files.get(NOT_FOUND)


def read_site(folder: Path, line_id: bytes, root: bytes, known: Site) -> Site:
    """Read and verify a site against the line id and the current root key, 32 bytes each.

    Returns ``known`` if the manifest has not changed. Raises Refused.
    """
    manifest = read_file(folder / MANIFEST, f"site's {MANIFEST}")
    if manifest == known.manifest:
        return known
    files = {MANIFEST: _site_file(MANIFEST, manifest)}
    for path, digest in _signed_files(manifest, line_id, root).items():
        body = read_file(folder / path, f"site's {path}")
        if hashlib.sha256(body).hexdigest() != digest:
            raise Refused(f"The site's {path} is not the file that was signed: copy it again.")
        files[path] = _site_file(path, body)
    return Site(manifest, files)


def _signed_files(manifest: bytes, line_id: bytes, root: bytes) -> dict[str, str]:
    try:
        return open_manifest(manifest, line_id, root).files
    except ProtocolError as error:
        raise Refused(f"The site's manifest is refused: {error}") from None


def _site_file(path: str, body: bytes) -> SiteFile:
    suffix = PurePosixPath(path).suffix
    return SiteFile(media_type(path), body, suffix in _COMPRESSIBLE)


def media_type(path: str) -> str:
    """Return the Content-Type with which a file of the site is served."""
    return _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
