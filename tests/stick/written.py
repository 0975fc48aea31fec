"""A stick that the image was written to, and the test's hand on one that is only the tests'.

The hand (``tests/vm/guest``) comes as a second initrd beside the image's own, from the small
partition that UEFI reads, and the menu chooses by itself: loaders, kernel, initrd and system are
the image's, to the byte.
"""

from __future__ import annotations

import base64
import mmap
import shutil
import subprocess
from pathlib import Path

from tests.stick.pc import Pc, connected

GUEST = Path(__file__).parents[1] / "vm" / "guest"
_ORDER = """/scripts/init-bottom/udev "$@"
[ -e /conf/param.conf ] && . /conf/param.conf
/scripts/init-bottom/hand "$@"
"""
_SCRIPT = """#!/bin/sh
[ "$1" = prereqs ] && exit 0
mkdir -p "$rootmnt/usr/local/sbin" "$rootmnt/etc/systemd/system/sysinit.target.wants"
cp /hand/hand "$rootmnt/usr/local/sbin/"
cp /hand/hand.service "$rootmnt/etc/systemd/system/"
ln -s ../hand.service "$rootmnt/etc/systemd/system/sysinit.target.wants/hand.service"
"""
_SECTOR = 512
_MENU = "/boot/grub/grub.cfg"
_HAND = "/hand.cpio"
_SAID = {
    "BOOTX64.EFI": "Platform is in setup mode".encode("utf-16-le"),
    "grubx64.efi": b"Exit from GRUB.",
}
"""What shim and GRUB have in them to say, and do not say here."""


def write(image: Path, stick: Path, gigabytes: int = 8) -> None:
    """Write an image to a new stick, as everybody does: from its first byte on."""
    shutil.copy(image, stick)
    with stick.open("r+b") as file:
        file.truncate(gigabytes * 1_000_000_000)


def take_out(image: Path, name: str, file: Path) -> None:
    """Take a file out of the image."""
    words = ["xorriso", "-osirrox", "on", "-indev", f"stdio:{image}", "-extract", name, str(file)]
    subprocess.run(words, capture_output=True, check=True)
    file.chmod(0o644)


def give_a_hand(stick: Path, work: Path, mode: str) -> None:
    """Let a stick start in one of its ways at once, with the test's hand in it."""
    work.mkdir(parents=True, exist_ok=True)
    take_out(stick, _MENU, work / "menu")
    menu = (work / "menu").read_bytes()
    _write_over(stick, menu, _with_hand(menu.decode(), mode).encode())
    tree = work / "initrd"
    for name, text in (("ORDER", _ORDER), ("hand", _SCRIPT)):
        file = tree / "scripts/init-bottom" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
    (tree / "hand").mkdir(exist_ok=True)
    shutil.copy(GUEST / "hand", tree / "hand")
    (tree / "hand/hand").chmod(0o755)
    unit = (GUEST / "hand.service").read_text().replace("After=basic.target\n", "")
    (tree / "hand/hand.service").write_text(unit)
    names = "\n".join(str(one.relative_to(tree)) for one in sorted(tree.rglob("*")))
    archive = subprocess.run(
        ["cpio", "--quiet", "-o", "-H", "newc"],
        input=names.encode(),
        cwd=tree,
        check=True,
        capture_output=True,
    )
    (work / "hand.cpio").write_bytes(archive.stdout)
    subprocess.run(["mcopy", "-o", "-i", _esp(stick), work / "hand.cpio", f"::{_HAND}"], check=True)


def _with_hand(menu: str, mode: str) -> str:
    """Return a menu that goes on at once, by itself, with a second initrd."""
    menu = menu.replace("timeout=-1", f"timeout=0\nsearch --file --set=hand {_HAND}")
    menu = menu.replace("default=investigator", f"default={mode}")
    menu = menu.replace("initrd /live/initrd", f"initrd /live/initrd ($hand){_HAND}")
    return "".join(line for line in menu.splitlines(keepends=True) if line[0] not in "#\n")


def _write_over(stick: Path, before: bytes, now: bytes) -> None:
    """Write over a file of the image's where it lies; it keeps its length."""
    with stick.open("r+b") as file, mmap.mmap(file.fileno(), 0) as there:
        at = there.find(before)
        assert at >= 0
        assert there.find(before, at + 1) < 0
        assert len(now) <= len(before)
        there[at : at + len(before)] = now.ljust(len(before), b"\n")


def change_a_loader(stick: Path, work: Path, name: str) -> None:
    """Change a sentence of a loader's: it works as before, and its signature fits no longer."""
    file, place = work / name, f"::/EFI/BOOT/{name}"
    subprocess.run(["mcopy", "-n", "-i", _esp(stick), place, file], check=True)
    before, said = file.read_bytes(), _SAID[name]
    assert said in before
    file.write_bytes(before.replace(said, said.swapcase()))
    subprocess.run(["mcopy", "-o", "-i", _esp(stick), file, place], check=True)


def _esp(stick: Path) -> str:
    """Return the small partition that UEFI reads, as mtools name it."""
    return f"{stick}@@{esp_start(stick) * _SECTOR}"


def esp_start(stick: Path) -> int:
    """Return the sector at which the second partition begins, from the table in front."""
    with stick.open("rb") as file:
        table = file.read(_SECTOR)
    entry = table[446 + 16 : 446 + 32]
    assert entry[4] == 0xEF, "The second partition is not UEFI's."
    return int.from_bytes(entry[8:12], "little")


def look(pc: Pc, script: str) -> str:
    """Run a script of bash's as root in a PC whose stick has the hand; return what it says."""
    with connected(pc.wires / "hand") as wire:
        wire.sendall(base64.b64encode(script.encode()) + b"\n")
        said = b""
        while not said.endswith(b"\n"):
            piece = wire.recv(1 << 16)
            assert piece, "The PC is off."
            said += piece
    code, _, answer = said.rstrip(b"\n").partition(b" ")
    text = base64.b64decode(answer).decode(errors="replace")
    assert code == b"0", f"{script}\nexit code {code.decode()}\n{text}"
    return text
