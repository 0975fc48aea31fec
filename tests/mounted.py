"""A file system that writes in place, in a file whose every byte can be looked at."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DISK_BYTES = 64 * 2**20


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    """Make it in the file ``image`` and mount it at ``place``; skips where that is not allowed."""
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(DISK_BYTES)
    made = subprocess.run(["mkfs.ext4", "-q", "-F", image], capture_output=True, check=False)
    mount = ["mount", "-o", "loop", str(image), str(place)]
    if made.returncode or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a file system of its own")
    try:
        yield place
    finally:
        if place.is_mount():
            unmount(place)


def unmount(place: Path) -> None:
    """Everything is on the disk after it."""
    subprocess.run(["umount", place], check=True)
