"""Replacing a small file so that a kill at any instant leaves the old one or the new one, whole.

The old one's bytes are overwritten where it lies, as soon as the new one is durable. That reaches a
file system that writes in place; on flash memory and on copy-on-write file systems old blocks stay
until they are used again, and nobody can be sure of more (docs: threat model).

    NAME.new   written and durable, not yet in force: thrown away by ``settle``
    NAME.old   no longer in force, still to be overwritten: finished by ``settle``
"""

import os
from pathlib import Path

_PIECE = 1024 * 1024


def replace(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of the file at ``path``, durably (0600 if there was none)."""
    settle(path)
    new, old = _new(path), _old(path)
    _write(new, content)
    if path.exists():
        os.link(path, old)
    new.replace(path)
    _flush_folder(path.parent)
    settle(path)


def settle(path: Path) -> None:
    """Finish what a kill interrupted; harmless where nothing was."""
    new, old = _new(path), _old(path)
    if new.exists():
        erase(new)
    if old.exists():
        # Both names of one file: the new one never came into force.
        if path.exists() and old.samefile(path):
            old.unlink()
            _flush_folder(path.parent)
        else:
            erase(old)


def _new(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _old(path: Path) -> Path:
    return path.with_name(path.name + ".old")


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def erase(path: Path) -> None:
    """Overwrite a file where it lies, and remove it."""
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left:
            left -= file.write(bytes(min(left, _PIECE)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
