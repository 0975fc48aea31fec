"""Folders that are there whole or not at all: made beside, and put in place in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.files.writing import sync_folder

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def new_folder(folder: Path, draft: Path) -> Iterator[None]:
    """Make ``folder``, which is not there or empty, out of what the body writes into ``draft``.

    ``draft`` is made (0700), must not be there yet and lies on the same file system. After a crash
    in the body there is no ``folder`` and some of ``draft``; once left, the whole folder, durably.
    An exception takes the draft away. Raises FileExistsError, OSError.
    """
    draft.mkdir(mode=0o700)
    try:
        yield
        sync_tree(draft)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def put_in_place(new: Path, place: Path) -> None:
    """Make the folder ``new`` stand at ``place``; what stood there before is removed.

    Both must be on one file system, and ``new`` durable. Whoever looks at ``place`` sees the old
    folder or the new one, complete: a server may go on serving from it. After a crash one of the
    two stands there, and the other may be left at ``new``; once returned, the new one, durably.
    (Where a system cannot exchange paths, a crash may leave nothing there, and the old folder at
    ``new`` with ``.before`` to its name.)
    """
    if place.exists():
        try:
            _exchange(new, place)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise
            _swap_in_two_steps(new, place)
        shutil.rmtree(new, ignore_errors=True)
    else:
        new.rename(place)
    sync_folder(place.parent)


def sync_tree(folder: Path, *, time: int | None = None) -> None:
    """Make all that is in ``folder`` durable, names and bytes; not the folder's own name.

    With ``time`` (Unix seconds) every file and folder bears it from then on, in place of when it
    was written and read. Raises OSError.
    """
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            if time is not None:
                os.utime(handle, (time, time))
            if not path.is_dir():
                os.fsync(handle)
        finally:
            os.close(handle)
        if path.is_dir():
            sync_folder(path)


def _exchange(one: Path, other: Path) -> None:
    """Let two paths change places in one step (Linux, renameat2).

    Raises OSError with EINVAL, ENOSYS or ENOTSUP where the system cannot.
    """
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        raise OSError(errno.ENOSYS, "renameat2 is missing here")
    failed = renameat2(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one), None, str(other))


def _swap_in_two_steps(new: Path, place: Path) -> None:
    """Swap where paths cannot change places: for a moment nothing stands at ``place``."""
    aside = new.with_name(new.name + ".before")
    place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        aside.rename(place)
        raise
    aside.rename(new)
