"""Writing files so that what is at a path is whole, private from its first instant, and durable."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PRIVATE, PUBLIC = 0o600, 0o644
"""Modes of files: for their owner alone; for everybody to read."""

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
"""What a file system without hard links answers (FAT, on most sticks)."""
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS})


def open_private(path: Path) -> int:
    """Open a file to read and write it in place; one that is not there is made, 0600 and empty.

    Returns a descriptor. After a crash the file is there or not, with what was in it before.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)


def open_new(path: Path, mode: int = PRIVATE) -> BinaryIO:
    """Open a file that must not be there yet. Raises FileExistsError; nothing was touched then.

    After a crash any beginning of it may be there: for files inside a folder that is put in place
    whole (``whole_folders``), or that nothing else reads.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")


@contextmanager
def new_file(path: Path, mode: int = PRIVATE) -> Iterator[BinaryIO]:
    """Write, in the body, a file that must not be there yet; it has its name once it is whole.

    After a crash in the body there is nothing at ``path`` and a draft ``NAME.….part`` beside it,
    for everybody to see; once left, the whole file, durably. An exception takes the draft away.
    Raises FileExistsError, also where something came to ``path`` meanwhile: that is left as it is.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    with _draft(path.parent, f"{path.name}.", ".part", mode) as (draft, file):
        yield file
        sync_file(file)
        _give_new_name(draft, path)
    sync_folder(path.parent)


def write_new(path: Path, pieces: Iterable[bytes], mode: int = PRIVATE) -> None:
    """Write a file that must not be there yet. As ``new_file``."""
    with new_file(path, mode) as file:
        file.writelines(pieces)


def write_whole(path: Path, data: bytes, *, mode: int = PUBLIC, like: Path | None = None) -> None:
    """Put ``data`` at ``path`` in one step, in the place of what is there, with this mode.

    Where root writes, the file is given to the owner of ``like``. After a crash the old file is
    there or the new one, whole, and perhaps a draft ``.NAME.…`` beside it, which was never open to
    more than ``mode``; once returned, the new one, durably. Raises OSError: then the old one.
    """
    with _draft(path.parent, f".{path.name}.", "", mode) as (draft, file):
        file.write(data)
        if like is not None and os.geteuid() == 0:
            owner = like.stat()
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        sync_file(file)
        draft.replace(path)
    sync_folder(path.parent)


def sync_file(file: BinaryIO) -> None:
    """Make what was written to an open file durable; not its name. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names inside ``folder`` durable, where its file system can. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:  # a stick's FAT, on some kernels: there is no more
            raise
    finally:
        os.close(handle)


@contextmanager
def _draft(folder: Path, prefix: str, suffix: str, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a draft with a name of its own, open; gone afterwards if it still has that name."""
    handle, name = tempfile.mkstemp(suffix, prefix, folder)  # made 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            yield draft, file
    finally:
        draft.unlink(missing_ok=True)


def _give_new_name(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        draft.rename(path)
