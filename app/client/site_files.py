"""Files of a line's signed site: its manifest, and what the manifest names (docs/spec/site.md)."""

from __future__ import annotations

import hashlib

from app.client.line_client import LineClient
from app.client.line_errors import NotSigned
from app.protocol.directory import Directory
from app.protocol.site import MANIFEST, Manifest, open_manifest
from app.sentences.translatable import say


async def fetch_manifest(client: LineClient, directory: Directory) -> Manifest:
    """Return the manifest, signed by the directory's root. Raises ProtocolError, LineError."""
    return open_manifest(await client.site(MANIFEST), directory.line_id, directory.root)


async def fetch_file(client: LineClient, manifest: Manifest, path: str) -> bytes:
    """Return a file that the manifest names. Raises NotSigned for other bytes, LineError."""
    data = await client.site(path)
    if hashlib.sha256(data).hexdigest() != manifest.files[path]:
        raise NotSigned(say("The file {path} is not the one that the agency signed.", path=path))
    return data
