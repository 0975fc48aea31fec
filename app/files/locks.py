"""A file that one process at a time holds; what it holds says nothing."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from app.files.writing import open_private


def take_lock(path: Path) -> int:
    """Lock a file, made 0600 if need be; return its descriptor, to be closed.

    The lock goes with the process, so a crash leaves none behind. Raises BlockingIOError if
    another process, or another descriptor of this one, holds it.
    """
    descriptor = open_private(path)
    try:
        lock(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def lock(descriptor: int) -> None:
    """Lock an open file without waiting. As ``take_lock``."""
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
