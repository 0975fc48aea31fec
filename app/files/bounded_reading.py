"""Reading what somebody else made: no more than it may be, and with the hash of what was read."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import IO, Protocol

_PIECE = 1024 * 1024


class Source(Protocol):
    """What gives at most ``size`` bytes at a time, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """Return what comes next."""
        ...


def read_at_most(path: Path, size: int) -> bytes:
    """Return what a file holds: at most ``size`` bytes, whatever it is (a device, a pipe).

    Raises OSError, with ``EFBIG`` for one that holds more.
    """
    with path.open("rb") as file:
        data = read_exactly(file, size + 1)
    if len(data) > size:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def read_exactly(file: Source, size: int) -> bytes:
    """Return ``size`` bytes, or all that are left where there are fewer."""
    pieces, left = [], size
    while left and (piece := file.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex; it is read in pieces. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_with_sha256(source: Source, target: IO[bytes] | None) -> str:
    """Read ``source`` to its end, in pieces, into ``target`` if there is one.

    Returns the SHA-256 of what was read, in hex. Raises OSError.
    """
    hashed = hashlib.sha256()
    while piece := source.read(_PIECE):
        hashed.update(piece)
        if target is not None:
            target.write(piece)
    return hashed.hexdigest()
