"""A stick that the image was written to, and the test's hand on one that is only the tests'.

The hand (``tests/vm/guest``) comes as a second initrd beside the image's own, from the small
partition that UEFI reads, and the menu chooses by itself: loaders, kernel, initrd and system are
the image's, to the byte.
"""

from __future__ import annotations

import base64
import json
import mmap
import re
import shutil
import subprocess
from pathlib import Path

from deploy.stick import debian, image
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
[ ! -e /hand/allowed_signers ] || cp /hand/allowed_signers "$rootmnt/usr/share/quietline-stick/"
ln -s ../hand.service "$rootmnt/etc/systemd/system/sysinit.target.wants/hand.service"
"""
_SECTOR = 512
_MENU = "/boot/grub/grub.cfg"
_START = "/boot/grub/start.cfg"
_HAND = "/hand.cpio"
_SAID = {
    "BOOTX64.EFI": "Platform is in setup mode".encode("utf-16-le"),
    "grubx64.efi": b"Exit from GRUB.",
}
"""What shim and GRUB have in them to say, and do not say here."""


def write(iso: Path, stick: Path, gigabytes: int = 8) -> None:
    """Write an image to a new stick, as everybody does: from its first byte on."""
    shutil.copy(iso, stick)
    with stick.open("r+b") as file:
        file.truncate(gigabytes * 1_000_000_000)


def make_later(now: Path, work: Path, kept: Path, seconds: int, version: str) -> Path:
    """Make an image of the same system as another one has, as if it were of a later commit."""
    work.mkdir(parents=True)
    for name in ("live", "loaders"):
        (work / name).mkdir()
    for name in ("vmlinuz", "initrd", "base.squashfs", "network.squashfs", "packages.txt"):
        take_out(now, f"/live/{name}", work / "live" / name)
    moment = str(seconds)
    subprocess.run(["tar", "-C", work / "loaders", "-xf", debian.loaders(kept, moment)], check=True)
    out = work / f"quietline-stick_{version}_amd64.iso"
    image.make(work / "live", work / "loaders", work, moment, version, out)
    return out


def put_on_another_stick(files: Path, stick: Path, gigabytes: int = 3) -> None:
    """Make a stick as it is bought, with the files of a folder on it."""
    with stick.open("wb") as file:
        file.truncate(gigabytes * 1_000_000_000)
    subprocess.run(["mkfs.vfat", stick], check=True, capture_output=True)
    subprocess.run(["mcopy", "-s", "-i", stick, *sorted(files.iterdir()), "::/"], check=True)


def damage(stick: Path, slot: int, file: Path) -> None:
    """Take away the end of a file in a slot, as if it had been cut off."""
    end = file.read_bytes()[-65_536:]
    start = _partitions(stick)[slot - 1] * _SECTOR
    with stick.open("r+b") as there, mmap.mmap(there.fileno(), 0) as bytes_of_it:
        at = bytes_of_it.find(end, start)
        assert at >= 0
        bytes_of_it[at : at + len(end)] = bytes(len(end))


def decided(stick: Path) -> dict[str, int]:
    """Return what menu and system have told each other, as it lies on the stick."""
    with stick.open("rb") as file:
        file.seek(esp_start(stick) * _SECTOR)
        small = file.read(image.ESP_MIB << 20)
    (block,) = re.findall(rb"# GRUB Environment Block\n((?:[a-z]+=\d*\n)*)#{99}", small)
    rows = (row.split("=") for row in block.decode().split())
    return {name: int(number) for name, number in rows}


def _partitions(stick: Path) -> list[int]:
    """Return the sectors at which its partitions begin."""
    done = subprocess.run(["sfdisk", "--json", stick], capture_output=True, check=True)
    table = json.loads(done.stdout)["partitiontable"]["partitions"]
    return [int(one["start"]) for one in table]


def take_out(iso: Path, name: str, file: Path) -> None:
    """Take a file out of the image."""
    words = ["xorriso", "-osirrox", "on", "-indev", f"stdio:{iso}", "-extract", name, str(file)]
    subprocess.run(words, capture_output=True, check=True)
    file.chmod(0o644)


def give_a_hand(stick: Path, work: Path, mode: str, signers: Path | None = None) -> None:
    """Let a stick start in one of its ways at once, with the test's hand in it.

    The hand brings the key of a release, too, so that an image with another one or none can be
    tried.
    """
    work.mkdir(parents=True, exist_ok=True)
    take_out(stick, _MENU, work / "menu")
    menu = (work / "menu").read_bytes()
    _write_over(stick, menu, _that_chooses(menu.decode(), mode).encode())
    take_the_hand(stick, work)
    tree = work / "initrd"
    for name, text in (("ORDER", _ORDER), ("hand", _SCRIPT)):
        file = tree / "scripts/init-bottom" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
    (tree / "hand").mkdir(exist_ok=True)
    shutil.copy(GUEST / "hand", tree / "hand")
    (tree / "hand/hand").chmod(0o755)
    if signers is not None:
        shutil.copy(signers, tree / "hand/allowed_signers")
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


def take_the_hand(iso: Path, work: Path) -> None:
    """Let a version be started with the hand that the menu of its stick has found."""
    work.mkdir(parents=True, exist_ok=True)
    take_out(iso, _START, work / "start")
    start = (work / "start").read_bytes()
    there = start.decode().replace("/live/initrd\n", f"/live/initrd ($hand){_HAND}\n")
    _write_over(iso, start, _without_remarks(there).encode())


def _that_chooses(menu: str, mode: str) -> str:
    """Return a menu that goes on at once, by itself, and knows where the hand is."""
    found = f"timeout=0\nsearch --file --set=hand {_HAND}\nexport hand"
    menu = menu.replace("timeout=-1", found)
    return _without_remarks(menu.replace("default=investigator", f"default={mode}"))


def _without_remarks(script: str) -> str:
    return "".join(line for line in script.splitlines(keepends=True) if line[0] not in "#\n")


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
