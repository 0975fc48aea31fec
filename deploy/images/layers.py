"""A tree of files as one tar whose bytes depend on names, modes and contents alone."""

from __future__ import annotations

import stat
import tarfile
from pathlib import Path

_NO_SPECIAL = 0o777
"""No program of an image is set-user-ID."""


def pack(root: Path, tar: Path, moment: int, own: dict[str, int]) -> None:
    """Pack a tree: everything is root's and of one moment, in the order of names.

    Args:
        root: the tree.
        tar: the file that is written.
        moment: Unix seconds.
        own: files and folders that belong to a user, by path, with its number. What is in a
            folder belongs to the same.
    """
    with tarfile.open(tar, "w", format=tarfile.GNU_FORMAT) as packed:
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root)
            entry = _entry(path, name, moment, _owner(name, own))
            if not entry.isreg():
                packed.addfile(entry)
                continue
            with path.open("rb") as opened:
                packed.addfile(entry, opened)


def _owner(name: Path, own: dict[str, int]) -> int:
    return next((own[str(one)] for one in (name, *name.parents) if str(one) in own), 0)


def _entry(path: Path, name: Path, moment: int, owner: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(str(name))
    entry.mtime, entry.uid, entry.gid = moment, owner, owner
    entry.mode = stat.S_IMODE(path.lstat().st_mode) & _NO_SPECIAL | _sticky(path)
    if path.is_symlink():
        entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, str(path.readlink()), 0o777
    elif path.is_dir():
        entry.type = tarfile.DIRTYPE
    else:
        entry.size = path.stat().st_size
    return entry


def _sticky(path: Path) -> int:
    return path.lstat().st_mode & stat.S_ISVTX
