"""A stick that is in: a folder on another file system than the case store's, listed as mounted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.console.pages.backup.disks import Disks
from app.files.mounts import mount_of
from tests.console.browser import Browser

PLACES = (Path("/dev/shm"), Path("/var/tmp"), Path(__file__).parent)
"""A test's own folder lies on one of these disks at most, wherever TMPDIR leads."""


@dataclass(slots=True)
class Stick:
    """``folder`` is where it is mounted, ``listing`` what the system says of mounts."""

    folder: Path
    listing: Path

    @property
    def key(self) -> str:
        """What the form says of it."""
        return f"{number_of(self.folder)} {self.folder}"

    @property
    def disks(self) -> Disks:
        return Disks(self.listing, (self.folder.parent,))

    def put_into(self, browser: Browser) -> None:
        """Let this browser's console find it, and nothing of this machine."""
        # What the transport calls is the application; its state has the disks.
        browser.http._transport.app.state.disks = self.disks  # type: ignore[attr-defined]

    def says(self, *, kind: str = "vfat", options: str = "rw,nosuid", more: str = "") -> None:
        """Let the system list it so."""
        line = f"{number_of(self.folder)} 1 8:17 / {self.folder} {options} - {kind} /dev/sdb1 rw\n"
        self.listing.write_text(line + more)

    def pull(self) -> None:
        """Take it out: the system lists it no more."""
        self.listing.write_text("")

    def names(self) -> list[str]:
        """Return what is on it."""
        return sorted(one.name for one in self.folder.iterdir())


def number_of(folder: Path) -> int:
    """Return the number of the mount that a folder is on."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return mount_of(descriptor) or 0
    finally:
        os.close(descriptor)


@contextmanager
def put_in(tmp_path: Path) -> Iterator[Stick]:
    """Put one in."""
    disk = tmp_path.stat().st_dev
    other = next(one for one in PLACES if one.is_dir() and one.stat().st_dev != disk)
    with tempfile.TemporaryDirectory(dir=other) as place:
        folder = Path(place) / "STICK"
        folder.mkdir()
        stick = Stick(folder, tmp_path / "mountinfo")
        stick.says()
        yield stick
