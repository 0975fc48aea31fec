"""Files and folders that are there whole or not at all.

A ceremony may be cut short anywhere: the battery dies, the stick is pulled. What was there before
is then still there, complete; or what was meant to be there is, complete. Never a half of either.
"""

import contextlib
import ctypes
import errno
import os
import shutil
import tempfile
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put ``data`` at ``path`` in one step, durably, with the permissions ``mode``.

    The data never lies on disk with wider permissions than ``mode``.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names inside ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some file systems (a stick's FAT on some kernels) cannot do it; nothing better is left.
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(new: Path, place: Path) -> None:
    """Make the folder ``new`` stand at ``place``; what stood there before is removed.

    Both must be on one file system. Whoever looks at ``place`` sees the old folder or the new one,
    complete: a server may go on serving from it.
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
