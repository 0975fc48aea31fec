"""A stick that the image was written to, and the test's hand on one that is only the tests'.

The hand (``tests/vm/guest``) comes as a second initrd beside the image's own, from the small
partition that UEFI reads: kernel, initrd and system are the image's, to the byte.
"""

from __future__ import annotations

import base64
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
_ESP = "hd0,msdos2"
_MENU = "hand.cfg"


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
    take_out(stick, "/boot/grub/grub.cfg", work / "menu")
    menu = (work / "menu").read_text()
    (identifier,) = {
        line.split("quietline.id=")[1].split()[0]
        for line in menu.splitlines()
        if "quietline.id=" in line
    }
    menu = menu.replace("initrd /live/initrd", "initrd /live/initrd ($esp)/hand.cpio")
    menu = menu.replace("timeout=-1", "timeout=0").replace(
        "default=investigator", f"default={mode}"
    )
    (work / "grub.cfg").write_text(
        f"set esp={_ESP}\nsearch --no-floppy --fs-uuid --set=root {identifier}\n"
        f"set prefix=($root)/boot/grub\n{menu}"
    )
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
    small = f"{stick}@@{esp_start(stick) * _SECTOR}"
    subprocess.run(["mcopy", "-o", "-i", small, work / "grub.cfg", f"::/{_MENU}"], check=True)
    subprocess.run(["mcopy", "-o", "-i", small, work / "hand.cpio", "::/hand.cpio"], check=True)


def start_with_hand(pc: Pc) -> None:
    """Switch a PC on, and type at GRUB's menu what starts with the hand, as anybody could."""
    pc.start()
    pc.wait_for_menu()
    pc.press("c")
    pc.type(f"configfile ({_ESP})/{_MENU}\n")


def esp_start(stick: Path) -> int:
    """Return the sector at which the second partition begins, from the table in front."""
    with stick.open("rb") as file:
        table = file.read(_SECTOR)
    entry = table[446 + 16 : 446 + 32]
    assert entry[4] == 0xEF, "The second partition is not UEFI's."
    return int.from_bytes(entry[8:12], "little")


def look(pc: Pc, script: str) -> str:
    """Run a script of bash's as root in a PC whose stick has the hand; return what it says."""
    with connected(pc.folder / "hand") as wire:
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
