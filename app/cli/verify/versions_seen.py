"""The highest versions seen of each line, in a file that the person names or leaves out.

A server can show an old directory or site that verifies well. Who remembers finds out. The file
says which lines were looked at, so it is kept only where it was asked for.
"""

from __future__ import annotations

import json
from pathlib import Path

from app.cli.verify.looking import Looked
from app.files.writing import PRIVATE, write_whole
from app.protocol.encoding import b64u

_NAMES = {"directory": "/api/v1/directory", "site": "/manifest.json"}


class BadMemory(Exception):
    """The file of versions cannot be read; one sentence says so."""


def remember(file: Path, line_id: bytes, looked: Looked) -> None:
    """Add a finding for each version that went back, and keep the highest. Raises BadMemory."""
    try:
        known = json.loads(file.read_bytes()) if file.exists() else {}
        before = {name: int(known.get(b64u(line_id), {}).get(name, 0)) for name in _NAMES}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise BadMemory(f"{file} is not a file of versions: name another, or remove it.") from None
    seen = {
        "directory": looked.directory.version if looked.directory else 0,
        "site": looked.manifest.version if looked.manifest else 0,
    }
    for name, where in _NAMES.items():
        if 0 < seen[name] < before[name]:
            looked.findings.add(
                where, f"Version {seen[name]} is older than {before[name]}, which was seen before."
            )
    known[b64u(line_id)] = {name: max(before[name], seen[name]) for name in _NAMES}
    write_whole(file, (json.dumps(known, indent=2) + "\n").encode(), mode=PRIVATE)
