"""Where versions of the system lie on the stick, and which of them the menu starts next.

Slot 1 is the image that the stick was written with; nothing writes over it. Two partitions behind
the storage take later versions by turns. What was decided lies in a block of GRUB's in the small
partition that UEFI reads: it is written over in its place, and what counts is in one sector of it.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from storage import RUN, Refused, run

FIRST = 1
LATER = (5, 6)
SLOT_MIB = 1_534
"""Of each of the two: the largest image, in the room that is left behind a storage."""
TRIES = 2
_STORAGE, _EXTENDED = 3, 4
_FIRST_BYTES = 65_536
"""Without them it is no image."""
_BLOCK = 1_024
_SECTOR = 512
_HEADER = b"# GRUB Environment Block\n"
_VALID = re.compile(rb"# GRUB Environment Block\n(?:[a-z]+=[0-9]*\n)*#*")
_VOLUME = 16 * 2_048
_MADE = slice(830, 846)
"""In an ISO's first descriptor the time of its commit, in digits: so its order."""


@dataclass(frozen=True)
class Decided:
    """Which version is used, and which new one is tried before, how often at most."""

    slot: int = FIRST
    trying: int = 0
    tries: int = 0

    def block(self) -> bytes:
        """Return it as GRUB reads it."""
        rows = f"slot={self.slot}\n"
        if self.trying:
            rows += f"trying={self.trying}\ntries={self.tries}\n"
        return (_HEADER + rows.encode()).ljust(_BLOCK, b"#")

    @classmethod
    def of(cls, block: bytes) -> Decided:
        """Read what GRUB, or this, has written."""
        said = dict(row.split(b"=", 1) for row in block.splitlines() if b"=" in row)
        number = {name: int(said.get(name.encode()) or 0) for name in ("slot", "trying", "tries")}
        return cls(number["slot"] or FIRST, number["trying"], number["tries"])

    @property
    def failed(self) -> bool:
        """Say whether the new version was tried as often as it may be, and did not come up."""
        return bool(self.trying) and not self.tries


@dataclass(frozen=True)
class Slots:
    """The versions on the disk that was started from."""

    disk: str
    running: int

    @classmethod
    def this(cls) -> Slots:
        """Return those of the running stick."""
        return cls((RUN / "disk").read_text().strip(), int((RUN / "slot").read_text()))

    def device(self, slot: int) -> Path:
        """Return a slot's partition."""
        return Path(f"{self.disk}{slot}")

    def decided(self) -> Decided:
        """Return what was decided. Raises Refused: it cannot be read."""
        return Decided.of(self._block()[1])

    def decide(self, now: Decided) -> None:
        """Decide anew. Raises Refused: it cannot be written."""
        at, _ = self._block()
        with self._state().open("r+b", buffering=0) as small:
            small.seek(at)
            small.write(now.block())
            os.fsync(small.fileno())

    def prove(self) -> None:
        """Use the running version from now on, if it is the one that was being tried."""
        if self.decided().trying == self.running:
            self.decide(Decided(self.running))

    def newest(self) -> str:
        """Return the identifier of the newest version that came up here, or can still be tried."""
        decided = self.decided()
        waits = {decided.trying} if decided.tries else set()
        return max(made(self.device(one)) for one in {self.running, decided.slot} | waits)

    def free(self) -> int:
        """Return the slot for a new version: it neither runs nor is used; of two the older one.

        Raises Refused: an old version was chosen by hand, and the other slot has the used one.
        """
        free = [one for one in LATER if one not in (self.running, self.decided().slot)]
        if not free:
            raise Refused("not-now")
        return min(free, key=lambda slot: made(self.device(slot)))

    def make_room(self) -> None:
        """Make the two partitions where they are not yet.

        Raises Refused: no room for them, or no storage yet, whose place they would take.
        """
        if not self._is_there(_STORAGE):
            raise Refused("no-storage")
        there = [one for one in (_EXTENDED, *LATER) if self._is_there(one)]
        if there == [_EXTENDED, *LATER]:
            return
        rows = "" if _EXTENDED in there else "type=5\n"
        rows += "".join(f"size={SLOT_MIB}MiB, type=83\n" for one in LATER if one not in there)
        try:  # all of it, or nothing where it does not fit
            run("sfdisk", "--quiet", "--append", "--no-reread", "--no-tell-kernel", "--force",
                self.disk, said=rows.encode())  # fmt: skip
        except subprocess.CalledProcessError:
            raise Refused("no-room") from None
        run("partx", "--update", "--nr", f"{_EXTENDED}:{LATER[-1]}", self.disk)
        run("udevadm", "settle")
        for one in LATER:
            if one not in there:
                self._empty(one)

    def _empty(self, slot: int) -> None:
        """Let a new slot hold no version: one may lie there from before the stick was written."""
        with self.device(slot).open("r+b", buffering=0) as file:
            file.write(bytes(_FIRST_BYTES))
            os.fsync(file.fileno())

    def _is_there(self, slot: int) -> bool:
        return Path("/sys/class/block", self.device(slot).name).exists()

    def _state(self) -> Path:
        return Path(f"{self.disk}2")

    def _block(self) -> tuple[int, bytes]:
        """Return the block and where it lies. It is there once, or nothing is done."""
        small = self._state().read_bytes()
        found = [
            (at, small[at : at + _BLOCK])
            for at in range(0, len(small) - _BLOCK + 1, _SECTOR)
            if small.startswith(_HEADER, at) and _VALID.fullmatch(small, at, at + _BLOCK)
        ]
        if len(found) != 1:
            raise Refused("undecided")
        return found[0]


def made(image: Path) -> str:
    """Return when an image was made, in digits; empty where there is none."""
    try:
        with image.open("rb") as file:
            file.seek(_VOLUME)
            descriptor = file.read(2_048)
    except OSError:
        return ""
    return made_of(descriptor)


def made_of(descriptor: bytes) -> str:
    """Return the time that an ISO's first descriptor says; empty where it is none."""
    said = descriptor[_MADE]
    return said.decode() if descriptor[1:6] == b"CD001" and said.isdigit() else ""
