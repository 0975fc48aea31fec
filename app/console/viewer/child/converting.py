"""Runs a converter of this machine on the file, inside the same sandbox.

Only within the sandbox (bubblewrap): a converter needs files and processes of its own, and what it
may reach is what the sandbox leaves. Its folder is memory, and gone with the process.
"""

import os
import subprocess
from pathlib import Path

from app.console.viewer.child import rights
from app.console.viewer.child.request import NoConverter, NotOfThisKind, Request

WORK = Path("/tmp")  # noqa: S108 - within the sandbox: a file system of its own, in memory
PATIENCE = 80
"""Seconds; the process itself is ended from outside not much later."""


def begin(data: bytes, name: str, request: Request) -> Path:
    """Write the file where the converter finds it. Raises NoConverter."""
    if not request.converter:
        raise NoConverter
    rights.deny_network()
    path = WORK / name
    path.write_bytes(data)
    return path


def run(arguments: list[str], given: bytes | None = None, most: int = 64 * 1024**2) -> bytes:
    """Return what the converter says, at most so many bytes. Raises NotOfThisKind if it cannot."""
    with subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=WORK,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    ) as process:
        said, _ = process.communicate(given, timeout=PATIENCE)
    if process.returncode != 0:
        raise NotOfThisKind
    return said[:most]
