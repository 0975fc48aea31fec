"""Overwriting what a file held before it goes.

That reaches a file system that writes in place; on flash memory and on copy-on-write file systems
old blocks stay until they are used again, and nobody can be sure of more (docs/threat-model.md).

    NAME.new  written and durable, not yet in force: thrown away by ``settle``
    NAME.old  no longer in force, still to be overwritten: finished by ``settle``
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from app.files.writing import open_new, sync_file, sync_folder

_PIECE = 1024 * 1024


def replace(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of the file at ``path``, 0600, and overwrite what was there.

    For one process at a time. After a crash the old content is there or the new one, whole, and
    ``settle`` finishes the rest; once returned, the new one, durably, and nothing else.
    """
    settle(path)
    new, old = _new(path), _old(path)
    with open_new(new) as file:
        file.write(content)
        sync_file(file)
    if path.exists():
        os.link(path, old)
    new.replace(path)
    sync_folder(path.parent)
    settle(path)


def settle(path: Path) -> None:
    """Finish what a crash interrupted in ``replace``; harmless where nothing was."""
    new, old = _new(path), _old(path)
    if new.exists():
        erase(new)
    if old.exists():
        # Both names of one file: the new one never came into force.
        if path.exists() and old.samefile(path):
            old.unlink()
            sync_folder(path.parent)
        else:
            erase(old)


def erase(path: Path) -> None:
    """Overwrite a file where it lies, and remove it.

    After a crash it may be there still, its bytes or zeros in any mixture; once returned it is
    gone, durably.
    """
    with path.open("r+b") as file:
        overwrite(file)
    path.unlink()
    sync_folder(path.parent)


def overwrite(file: BinaryIO, start: int = 0) -> None:
    """Write zeros over an open file from the byte ``start`` to its end, durably.

    After a crash its bytes or zeros are there in any mixture; its length stays.
    """
    left = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    while left > 0:
        left -= file.write(bytes(min(left, _PIECE)))
    sync_file(file)


def _new(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _old(path: Path) -> Path:
    return path.with_name(path.name + ".old")
