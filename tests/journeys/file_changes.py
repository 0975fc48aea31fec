"""Waiting until something in a folder is written, by whatever process (Linux: inotify)."""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_MODIFY, _IN_MOVED_TO, _IN_CREATE = 0x2, 0x80, 0x100
_MANY = 65_536


@contextmanager
def changes(folder: Path) -> Iterator[Changes]:
    """Watch a folder, not those in it, from here on. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    watching = libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    if watching < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    try:
        wanted = _IN_MODIFY | _IN_MOVED_TO | _IN_CREATE
        if libc.inotify_add_watch(watching, os.fsencode(folder), wanted) < 0:
            raise OSError(ctypes.get_errno(), str(folder))
        yield Changes(watching)
    finally:
        os.close(watching)


class Changes:
    """What was written in a folder since it was last waited for."""

    def __init__(self, watching: int) -> None:
        self._watching = watching

    def wait(self, seconds: float) -> None:
        """Return once something was written since the last time. Raises TimeoutError."""
        if not select.select([self._watching], [], [], max(0.0, seconds))[0]:
            raise TimeoutError
        os.read(self._watching, _MANY)
