"""What is mounted on this machine, as the system says it (proc_pid_mountinfo(5))."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")
"""How the system writes blanks and the like in a mount's path."""
_FIELDS_MIN = 10


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount: the system's number of it, where it is, the kind of its file system."""

    id: int
    path: Path
    kind: str
    writable: bool


def mounts_under(places: Sequence[Path], listing: Path = MOUNTS) -> list[Mount]:
    """Return what is mounted below these folders, by path, of each path what lies on top.

    None where the system does not say. A path with what a page or a terminal would not show is
    left out.
    """
    try:
        # At line ends alone: a label may have what Unicode calls one.
        lines = listing.read_text(errors="surrogateescape").split("\n")
    except OSError:
        return []
    found = [_read(line.split(" ")) for line in lines if line.count(" ") >= _FIELDS_MIN - 1]
    # A later one lies over an earlier one.
    by_path = {
        one.path: one
        for one in found
        if one is not None and any(one.path.is_relative_to(place) for place in places)
    }
    return [by_path[path] for path in sorted(by_path) if str(path).isprintable()]


def mount_of(descriptor: int) -> int | None:
    """Return the number of the mount that an open file or folder is on; None if not said."""
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines()
    except OSError:
        return None
    said = [line.partition(":")[2] for line in lines if line.startswith("mnt_id:")]
    return int(said[0]) if said else None


def open_folder(mount: Mount) -> int | None:
    """Open the folder of a mount, as it is mounted now; None if something else is there by now.

    The system may have given its number to another disk at the same path.

    Whoever names files by this descriptor stays on that disk, whatever is mounted there later, and
    gets errors of the system when it is pulled out. Close it.
    """
    try:
        descriptor = os.open(mount.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    if mount_of(descriptor) != mount.id:
        os.close(descriptor)
        return None
    return descriptor


def _read(fields: list[str]) -> Mount | None:
    try:
        kind = fields[fields.index("-", 6) + 1]
        number = int(fields[0])
    except (ValueError, IndexError):
        return None
    path = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
    return Mount(number, Path(path), kind, "rw" in fields[5].split(","))
