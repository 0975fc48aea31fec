"""One image for both kinds of firmware, which is written to a stick as it is.

It is an ISO 9660 with a partition table in front: the first partition is the image itself, the
second holds Debian's signed loaders. What is behind them on the stick is free for the storage, and
for two later versions (``slots.py`` on the stick).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path

from deploy.release.source import Failed, run

MENU = Path(__file__).with_name("grub.cfg")
START = Path(__file__).with_name("start.cfg")
NOTHING_DECIDED = b"# GRUB Environment Block\n".ljust(1_024, b"#")
"""What the menu and the running system tell each other: GRUB's own format, of one fixed length."""
LABEL = "QUIETLINE"
LARGEST = 1_600_000_000
"""Bytes, so that a small stick has room for the storage."""
ESP_MIB = 16
_BIOS_MODULES = (
    "biosdisk", "part_msdos", "iso9660", "search", "search_fs_uuid", "linux", "normal",
    "configfile", "test", "echo", "all_video", "gfxterm", "font", "minicmd", "halt", "reboot",
    "fat", "loadenv", "regexp",
)  # fmt: skip


def identifier(moment: str) -> str:
    """Return the image's identifier, which is a time: the commit's, as xorriso wants it."""
    return dt.datetime.fromtimestamp(int(moment), dt.UTC).strftime("%Y%m%d%H%M%S00")


def as_uuid(digits: str) -> str:
    """Return the identifier as blkid and GRUB print it."""
    parts = (digits[:4], *(digits[at : at + 2] for at in range(4, 16, 2)))
    return "-".join(parts)


def make(live: Path, loaders: Path, work: Path, moment: str, version: str, out: Path) -> None:
    """Make the image of a folder with kernel, initrd and squashfs files. Raises Failed."""
    tree = work / "iso"
    grub = tree / "boot/grub"
    (grub / "fonts").mkdir(parents=True)
    shutil.move(live, tree / "live")
    number = identifier(moment)
    (tree / "live/version").write_text(version + "\n")
    for file in (MENU, START):
        text = file.read_text().replace("@ID@", as_uuid(number)).replace("@VERSION@", version)
        (grub / file.name).write_text(text)
    shutil.copy(loaders / "usr/share/grub/unicode.pf2", grub / "fonts")
    bios = loaders / "usr/lib/grub/i386-pc"
    run(
        "grub-mkimage", "-O", "i386-pc-eltorito", "-d", bios, "-p", "/boot/grub", "-o",
        grub / "bios.img", *_BIOS_MODULES,
    )  # fmt: skip
    shutil.copytree(bios, grub / "i386-pc", ignore=lambda _, names: [
        name for name in names if not name.endswith((".mod", ".lst"))
    ])  # fmt: skip
    esp = work / "esp.img"
    _esp(loaders, work, esp, as_uuid(number), moment)
    run("find", tree, "-exec", "touch", "--no-dereference", f"--date=@{moment}", "{}", "+")
    draft = out.with_suffix(".new")  # what is not whole is not taken for an image
    draft.unlink(missing_ok=True)
    run(
        "xorriso", "-as", "mkisofs", "-quiet", "-o", draft, "-V", LABEL, "-R", "-J",
        f"--modification-date={number}",
        "-partition_offset", "16",
        "--grub2-mbr", bios / "boot_hybrid.img",
        "-b", "boot/grub/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
        "--grub2-boot-info",
        "-append_partition", "2", "0xef", esp,
        "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot",
        "-uid", "0", "-gid", "0", tree,
        SOURCE_DATE_EPOCH=moment,
    )  # fmt: skip
    size = draft.stat().st_size
    if size > LARGEST:
        raise Failed(f"The image has {size:,} bytes; {LARGEST:,} is the most.")
    draft.rename(out)


def _esp(loaders: Path, work: Path, esp: Path, uuid: str, moment: str) -> None:
    """Make the small FAT from which UEFI starts: shim and GRUB, signed by Microsoft and Debian."""
    files = work / "esp"
    boot = files / "EFI/BOOT"
    boot.mkdir(parents=True)
    shutil.copy(loaders / "usr/lib/shim/shimx64.efi.signed", boot / "BOOTX64.EFI")
    shutil.copy(loaders / "usr/lib/shim/mmx64.efi.signed", boot / "mmx64.efi")
    signed = loaders / "usr/lib/grub/x86_64-efi-signed"
    shutil.copy(signed / "gcdx64.efi.signed", boot / "grubx64.efi")
    (files / "boot/grub").mkdir(parents=True)
    # The disk that this lies on comes first: everybody can give a partition of a PC's own disk the
    # image's identifier, and a menu with it.
    (files / "boot/grub/grub.cfg").write_text(
        "regexp --set=1:disk '^([^,]+),' $root\n"
        f"search --no-floppy --fs-uuid --set=root --hint=$disk, {uuid}\n"
        "set prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n"
    )
    (files / "boot/grub/grubenv").write_bytes(NOTHING_DECIDED)
    run("find", files, "-exec", "touch", f"--date=@{moment}", "{}", "+")
    with esp.open("wb") as file:
        file.truncate(ESP_MIB << 20)
    volume = hashlib.sha256(uuid.encode()).hexdigest()[:8]
    run("mkfs.vfat", "--invariant", "-i", volume, "-n", "EFI", esp, SOURCE_DATE_EPOCH=moment)
    run(
        "mcopy",
        "-s",
        "-m",
        "-i",
        esp,
        files / "EFI",
        files / "boot",
        "::/",
        SOURCE_DATE_EPOCH=moment,
        TZ="UTC",
    )
