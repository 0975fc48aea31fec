"""Which disks are offered for a copy, and no other place: a form names one of these or nothing.

What may stay is a list: what is mounted below the folders where desktops and the stick show other
disks, with a file system that disks have, that this user may write, and on which the case store
itself does not lie.
"""

import errno
import itertools
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.console.errors import ConsoleError
from app.files.mounts import MOUNTS, Mount, mounts_under, open_folder
from app.sentences.translatable import say

_KINDS = frozenset(
    (
        *("vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "hfsplus"),
        *("ext2", "ext3", "ext4", "btrfs", "xfs", "f2fs"),
    )
)
"""File systems of disks. One of a network, or of memory, is no place for a backup."""
_FAT = frozenset(("vfat", "msdos"))
FAT_MAX = 2**32 - 1
"""Bytes that a file on FAT may have."""


def _user_places() -> tuple[Path, ...]:
    user = _user_name()
    return (Path("/media"), *([Path("/run/media") / user] if user else []))


def _user_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return ""


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk that is in: its mount, and how many bytes are free there."""

    mount: Mount
    free: int

    @property
    def key(self) -> str:
        """What a form says of it: it is compared, never used as a path."""
        return f"{self.mount.id} {self.mount.path}"

    @property
    def name(self) -> str:
        """What it is called, as where it is shown."""
        return str(self.mount.path)

    @property
    def is_fat(self) -> bool:
        """Whether no file of 4 GB or more can be on it."""
        return self.mount.kind in _FAT

    def refusal(self, size: int) -> str | None:
        """Say why a copy of this size cannot be on it; None if it can."""
        if self.is_fat and size > FAT_MAX:
            return fat_words()
        if size > self.free:
            return say("There is too little room on it.")
        return None


def fat_words() -> str:
    """Say what FAT cannot do."""
    return say(
        "This disk is formatted as FAT, which takes no file above 4 GB. Take another one, or "
        "format this one as exFAT: that deletes everything on it."
    )


@dataclass(frozen=True, slots=True)
class Disks:
    """Looks for them: where the system lists what is mounted, and below which folders they are."""

    listing: Path = MOUNTS
    places: tuple[Path, ...] = field(default_factory=_user_places)

    def offered(self, case_store: Path) -> list[Disk]:
        """Return the disks that are in now, without the one on which the case store lies."""
        found = (self._disk(one, case_store) for one in mounts_under(self.places, self.listing))
        return [one for one in found if one is not None]

    def find(self, case_store: Path, key: str) -> Disk:
        """Return the disk that a form says. Raises ConsoleError for none that is offered now."""
        for one in self.offered(case_store):
            if one.key == key:
                return one
        raise ConsoleError(
            say("That disk is not in, or is not the same any more. Choose again. Nothing was done.")
        )

    def _disk(self, mount: Mount, case_store: Path) -> Disk | None:
        if mount.kind not in _KINDS or not mount.writable:
            return None
        with suppress(OSError), opened(mount) as folder:
            here = os.fstat(folder).st_dev
            if here != case_store.stat().st_dev and os.access(folder_path(folder), os.W_OK):
                return Disk(mount, shutil.disk_usage(folder_path(folder)).free)
        return None


@contextmanager
def opened(mount: Mount) -> Iterator[int]:
    """Give the disk's folder, open: its files are named by it. Raises OSError if it is out."""
    descriptor = open_folder(mount)
    if descriptor is None:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(mount.path))
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def folder_path(descriptor: int) -> Path:
    """Return a path that leads into an open folder, and nowhere else."""
    return Path(f"/proc/self/fd/{descriptor}")


def new_name(folder: Path, day: str) -> str:
    """Return a name that is not on the disk yet; it does not say what it is of."""
    names = (f"copy-{day}{f'-{number}' if number > 1 else ''}.tar" for number in itertools.count(1))
    return next(name for name in names if not os.path.lexists(folder / name))
