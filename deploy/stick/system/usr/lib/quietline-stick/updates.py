"""A new version from another stick: found, believed by its signature, written into a free slot.

What is written is not bootable until all of it was read back and is what was signed: the first
sectors come last. Storage and running version are never touched. Runs as root.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from slots import SLOT_MIB, TRIES, Decided, Slots, made_of
from storage import MIB, RUN, Refused

SIGNERS = Path("/usr/share/quietline-stick/allowed_signers")
"""The release's key, given when this image was made; without it nothing is believed."""
MEDIA = Path("/media")
LIST, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
_SMALL = 65_536
"""Bytes that list and signature may have at most, each."""
_ROW = re.compile(r"([0-9a-f]{64}) [ *](quietline-stick_[\w.+~-]{1,120}\.iso)", re.ASCII)
_HEAD = 32 * 2_048
"""Bytes in front of an image's files: loaders of a BIOS, then its descriptors."""
_BIOS = 16 * 2_048
_BOOT_RECORD = slice(17 * 2_048 + 7, 17 * 2_048 + 39)
_AT_ONCE = 64 * MIB
_SECONDS = 60
_NAMES = 9
"""So many are shown: an answer has a limit (``asking.py``)."""


@dataclass(frozen=True)
class Offer:
    """A file on another stick, and what its list says that it must be."""

    file: Path
    sha256: str


@dataclass(frozen=True)
class Image:
    """A file that was what it must be, its first bytes as they were then, its size in bytes."""

    offer: Offer
    head: bytes
    size: int


def answer(request: bytes) -> dict[str, str]:
    """Do what the screen asks of versions, one of three things; nothing for what is another's."""
    try:
        what = json.loads(request)["do"]
    except (ValueError, KeyError, TypeError):
        return {}
    if what not in ("versions", "take", "works"):
        return {}
    slots = Slots.this()
    try:
        match what:
            case "take":
                take(slots)
            case "works" if not _practises():
                prove(slots)
        return look(slots)
    except Refused as refused:
        return {"error": str(refused)}
    except (OSError, ValueError, subprocess.SubprocessError):
        return {"error": "failed"}


def look(slots: Slots) -> dict[str, str]:
    """Return this version, the file that lies ready, what became of the last one; ``no-key``."""
    decided = slots.decided()
    offer, last = ", ".join(offered()), ""
    if not SIGNERS.exists():
        offer, last = "", "no-key"
    elif decided.trying not in (0, slots.running):
        last = "failed" if decided.failed else "written"
    return {
        "version": (RUN / "medium/live/version").read_text().strip(),
        "offer": offer,
        "last": last,
    }


def offered() -> list[str]:
    """Return the names of the files that lie on other sticks, believed or not."""
    names = []
    for folder in _folders():
        try:
            names += [offer.file.name for offer in _offers(folder, _read(folder / LIST))[:1]]
        except (OSError, Refused):
            continue
    return names[:_NAMES]


def _folders() -> list[Path]:
    return [listed.parent for listed in sorted(MEDIA.glob(f"*/{LIST}"))]


def take(slots: Slots) -> None:
    """Write what lies on another stick into the free slot, to be tried at the next start.

    Raises Refused: ``no-key``, ``none``, ``not-signed``, ``older``, ``no-room``, ``no-storage``,
    ``not-now``: the running version is not the used one, or ``busy``: it is already being written.
    """
    if _practises():
        raise Refused("no-storage")
    with _alone(fcntl.LOCK_NB):
        if slots.decided().trying == slots.running:
            raise Refused("not-now")
        image = believed(slots)
        slots.make_room()
        free, decided = slots.free(), slots.decided()
        # No longer one that could be tried, whatever comes in between.
        slots.decide(Decided(decided.slot))
        write(image, slots.device(free))
        slots.decide(Decided(decided.slot, free, TRIES))


def prove(slots: Slots) -> None:
    """Use the running version for good, if it is on trial."""
    # Asked before: what is taken meanwhile takes minutes, and nobody waits for it for nothing.
    if slots.decided().trying == slots.running:
        with _alone():
            slots.prove()


def _practises() -> bool:
    return (RUN / "mode").read_text().strip() == "practise"


@contextmanager
def _alone(how: int = 0) -> Iterator[None]:
    """Let nothing else be decided meanwhile. Raises Refused, by ``LOCK_NB``: ``busy``."""
    with (RUN / "taking").open("w") as alone:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | how)
        except BlockingIOError:
            raise Refused("busy") from None
        yield


def believed(slots: Slots) -> Image:
    """Return the first image on another stick that is signed and newer than what is on this one.

    Raises Refused, where there is none: why the first one that lies there is not taken.
    """
    why = []
    for folder in _folders():
        try:
            return _checked(folder, slots)
        except Refused as refused:
            why.append(str(refused))
        except OSError:
            why.append("failed")
    raise Refused(next((one for one in why if one != "none"), "none"))


def _checked(folder: Path, slots: Slots) -> Image:
    offer = signed(folder)
    with offer.file.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not _HEAD < size <= SLOT_MIB * MIB:
            raise Refused("not-signed")
        # Read once: what says how new it is was hashed, and is what is written. Whoever sits at
        # the screen could change the file between two readings.
        head = file.read(_HEAD)
        if _sum(file, size - _HEAD, head).hexdigest() != offer.sha256:
            raise Refused("not-signed")
    if made_of(head[_BIOS : _BIOS + 2_048]) <= slots.newest():
        raise Refused("older")
    return Image(offer, head, size)


def signed(folder: Path) -> Offer:
    """Return what a folder offers, believed by the signature of its list. Raises Refused."""
    if not SIGNERS.exists():
        raise Refused("no-key")
    listed, signature = _read(folder / LIST), _read(folder / SIGNATURE)
    with tempfile.TemporaryDirectory() as place:
        kept = Path(place, SIGNATURE)
        kept.write_bytes(signature)
        done = subprocess.run(
            ["/usr/bin/ssh-keygen", "-Y", "verify", "-f", str(SIGNERS), "-I", "quietline",
             "-n", "quietline-release", "-s", str(kept)],
            input=listed, check=False, timeout=_SECONDS,
        )  # fmt: skip
    if done.returncode:
        raise Refused("not-signed")
    for offer in _offers(folder, listed):
        return offer
    raise Refused("none")


def write(image: Image, device: Path) -> None:
    """Write an image into a slot. Raises Refused: what is read back is not what was signed."""
    size, shown = image.size, _not_bootable(image.head)
    with image.offer.file.open("rb") as file, device.open("r+b", buffering=0) as slot:
        file.seek(_HEAD)
        _put(slot, 0, bytes(_HEAD))
        for at in range(_HEAD, size, MIB):
            _all(slot, file.read(min(MIB, size - at)))
            if at // MIB % (_AT_ONCE // MIB) == 0:
                os.fdatasync(slot.fileno())
        _from_the_stick(slot)
        slot.seek(_HEAD)
        if _sum(slot, size - _HEAD, image.head).hexdigest() != image.offer.sha256:
            raise Refused("not-signed")
        _put(slot, 0, shown)
        _from_the_stick(slot)
        slot.seek(0)
        if slot.read(_HEAD) != shown:
            raise Refused("failed")


def _not_bootable(head: bytes) -> bytes:
    """Return it without what firmware starts from: a slot is started by the stick's menu alone."""
    shown = bytearray(head)
    shown[:_BIOS] = bytes(_BIOS)
    shown[_BOOT_RECORD] = bytes(_BOOT_RECORD.stop - _BOOT_RECORD.start)
    return bytes(shown)


def _sum(file: BinaryIO, size: int, before: bytes = b"") -> hashlib._Hash:
    """Return the sum of ``before`` and of the next ``size`` bytes, or of what there is of them."""
    digest, left = hashlib.sha256(before), size
    while left and (piece := file.read(min(MIB, left))):
        digest.update(piece)
        left -= len(piece)
    return digest


def _put(slot: BinaryIO, at: int, data: bytes) -> None:
    slot.seek(at)
    _all(slot, data)
    os.fsync(slot.fileno())


def _all(slot: BinaryIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[slot.write(left) :]


def _from_the_stick(slot: BinaryIO) -> None:
    """Let what is read next come from the stick, not from memory."""
    os.fsync(slot.fileno())
    os.posix_fadvise(slot.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _offers(folder: Path, listed: bytes) -> list[Offer]:
    rows = (_ROW.fullmatch(row) for row in listed.decode(errors="replace").splitlines())
    named = [Offer(folder / row[2], row[1]) for row in rows if row]
    return [one for one in named if one.file.is_file() and not one.file.is_symlink()]


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as there:
            data = there.read(_SMALL + 1)
    except OSError:
        raise Refused("none") from None
    if len(data) > _SMALL:
        raise Refused("not-signed")
    return data
