"""A console that is started again finds the one that runs, and leads there.

Which address that is stands in a file in the folder that the system gives each user's programs
while they are signed in (XDG_RUNTIME_DIR): in memory, for its user alone, gone afterwards. What
runs holds the file's lock, also while it locks itself and begins anew. So an address is believed
only while its process lives: nobody else can have taken its port. Where the system gives no such
folder, nothing is written, and nothing is found.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.files.locks import take_lock

_ADDRESS_MAX: Final = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Whether a console is the first one of a case store on this computer.

    ``held`` is the descriptor that says so, kept as long as the process; None for a second one, and
    where the system has no place for it. ``running`` is the address of the one that runs, "" where
    there is none or it has none yet.
    """

    held: int | None
    running: str = ""

    def announce(self, address: str) -> None:
        """Let a second start find this console at ``address``. Raises OSError."""
        if self.held is not None:
            os.ftruncate(self.held, 0)
            os.pwrite(self.held, address.encode(), 0)


def take_place(folder: Path) -> Place:
    """Become the console of a case store, or learn where the one is that runs. Raises OSError."""
    runtime = _runtime_folder()
    if runtime is None:
        return Place(None)
    name = hashlib.sha256(bytes(folder.resolve())).hexdigest()[:16]
    file = runtime / f"quietline-console-{name}"
    try:
        held = take_lock(file)
    except BlockingIOError:
        with file.open() as opened:
            return Place(None, opened.read(_ADDRESS_MAX))
    os.ftruncate(held, 0)  # the address of one that was killed
    return Place(held)


def _runtime_folder() -> Path | None:
    """Return the folder of this user's running programs; None where it is not theirs alone."""
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if not named.startswith("/"):
        return None
    try:
        found = os.lstat(named)
    except OSError:
        return None
    theirs = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return Path(named) if theirs and not found.st_mode & 0o077 else None
