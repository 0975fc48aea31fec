"""The system as two compressed files: everything, and beside it what reaches a network.

An investigator's start lays the second over the first. The other two do not open it, so that their
kernel finds no driver of a network: not that it is switched off, there is none.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from deploy.release.source import run

NETWORK_MODULES = (
    "drivers/net", "drivers/bluetooth", "drivers/infiniband", "drivers/isdn", "drivers/thunderbolt",
    "drivers/vhost", "drivers/staging", "drivers/usb/class/cdc-wdm*", "drivers/usb/gadget",
    "drivers/usb/serial", "drivers/usb/class/cdc-acm*", "drivers/bus/mhi", "drivers/hv",
    "drivers/xen", "drivers/ptp", "drivers/atm", "drivers/tty/n_gsm*", "drivers/slimbus",
    "drivers/nfc", "drivers/ssb", "drivers/bcma", "drivers/ntb", "drivers/comedi",
    "net/wireless", "net/mac80211", "net/mac802154", "net/bluetooth", "net/ieee802154", "net/nfc",
    "net/rfkill", "net/can", "net/atm", "net/6lowpan", "net/appletalk", "net/ax25", "net/bridge",
    "net/batman-adv", "net/l2tp", "net/openvswitch", "net/vmw_vsock", "net/qrtr", "net/rds",
    "net/sctp", "net/tipc", "net/smc", "net/wireguard", "net/8021q", "net/lapb", "net/x25",
)  # fmt: skip
"""Of the kernel's modules, as patterns: networks, modems, what carries one (Thunderbolt)."""
FIRMWARE_THAT_STAYS = ("amdgpu", "radeon", "i915", "xe", "intel/sof*", "intel/avs", "intel/catpt")
"""Firmware of screens and of sound; all other is for networks."""
_INDEXES = "modules.*"
_PACKING = ("-comp", "zstd", "-b", "1M", "-noappend", "-no-progress", "-quiet")
_TIGHTLY, _QUICKLY = "19", "3"


def split(root: Path, modules: Path, network: Path) -> None:
    """Move what reaches a network out of a system into a folder of its own. Raises Failed."""
    _depmod(root, modules)
    there = network / modules.relative_to(root)
    there.mkdir(parents=True)
    # Over the first file lies the index of all modules; under it that of what is there without it.
    for index in modules.glob(_INDEXES):
        shutil.copy2(index, there)
    for pattern in NETWORK_MODULES:
        for path in sorted((modules / "kernel").glob(pattern)):
            target = there / path.relative_to(modules)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
    firmware, given = root / "usr/lib/firmware", network / "usr/lib/firmware"
    shutil.copytree(firmware, given, symlinks=True)
    stay = {path for pattern in FIRMWARE_THAT_STAYS for path in firmware.glob(pattern)}
    _keep_only(firmware, stay)
    _depmod(root, modules)


def pack(folder: Path, file: Path, moment: str, *, quick: bool) -> None:
    """Compress a folder into a file that mounts, the same for the same content. Raises Failed."""
    level = _QUICKLY if quick else _TIGHTLY
    run(
        "mksquashfs", folder, file, *_PACKING, "-Xcompression-level", level,
        "-mkfs-time", moment, "-all-time", moment,
        "-wildcards", "-e", "proc/*", "sys/*", "dev/*", "run/*", "tmp/*",
    )  # fmt: skip


def _depmod(root: Path, modules: Path) -> None:
    run("depmod", "--all", "--basedir", root, modules.name)


def _keep_only(folder: Path, stay: set[Path]) -> None:
    for name, folders, files in os.walk(folder, topdown=False):
        here = Path(name)
        for each in [*files, *folders]:
            path = here / each
            kept = any(one == path or one in path.parents for one in stay)
            if kept:
                continue
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
            else:
                path.unlink()
