"""An office PC in QEMU: with disks of its own, network cards, and a stick that it starts from.

What is on its screen is a picture (QEMU's), what is typed are keys. The firmware is UEFI with
Secure Boot on and Microsoft's keys (Debian's OVMF), or a BIOS (SeaBIOS).
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.vm.monitor import Monitor

OVMF = Path("/usr/share/OVMF")
"""Its code that does without the processor's SMM, which KVM in a virtual machine may lack; with
keys in its memory it enforces Secure Boot as the other does."""
MEMORY_MB = 3_072
KVM = ("-accel", "kvm", "-cpu", "host", "-smp", "2")
EMULATED = ("-accel", "tcg", "-icount", "shift=0", "-cpu", "max", "-rtc", "clock=vm")
"""By its own clock (tests/vm/machine.py): with a busy host's, the kernel finds its timer broken."""
_WITHIN = 1_800
"""Seconds that anything may take on a busy host."""
_KEYS = {
    " ": "spc",
    "\n": "ret",
    "\t": "tab",
    "-": "minus",
    ".": "dot",
    "/": "slash",
    ",": "comma",
    "(": "shift-9",
    ")": "shift-0",
}
_INNER_MIB = 64
MENU_SIZE = (800, 600)


@dataclass
class Pc:
    """One PC; ``folder`` holds its own disks, its firmware's memory and pictures of its screen."""

    folder: Path
    stick: Path
    uefi: bool = True
    how: tuple[str, ...] = EMULATED
    hand: bool = False
    """Whether the stick that is in it has the test's hand."""
    _qemu: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def build(self) -> None:
        """Make its own disks, as an office's are: one with files, one with swap, one with a FAT."""
        self.folder.mkdir(parents=True)
        for disk, format_it in zip(
            self.inner_disks(),
            (["mke2fs", "-q", "-t", "ext4"], ["mkswap", "-q"], ["mkfs.vfat"]),
            strict=True,
        ):
            disk.write_bytes(b"")
            with disk.open("r+b") as file:
                file.truncate(_INNER_MIB << 20)
            subprocess.run([*format_it, str(disk)], check=True, capture_output=True)
        shutil.copy(OVMF / "OVMF_VARS_4M.ms.fd", self.folder / "vars.fd")

    def inner_disks(self) -> list[Path]:
        """Return its own disks: at NVMe, SATA and virtio."""
        return [self.folder / name for name in ("nvme", "sata", "virtio")]

    def inner_hashes(self) -> list[str]:
        """Return what is on its own disks, as hashes."""
        return [hashlib.sha256(disk.read_bytes()).hexdigest() for disk in self.inner_disks()]

    def start(self) -> None:
        """Switch it on."""
        with (self.folder / "qemu").open("ab") as said:
            self._qemu = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, stderr=said)

    def _command(self) -> list[str]:
        nvme, sata, virtio = self.inner_disks()
        firmware = (
            "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={OVMF / 'OVMF_CODE_4M.fd'}",
            "-drive", f"if=pflash,unit=1,format=raw,file={self.folder / 'vars.fd'}",
        ) if self.uefi else ()  # fmt: skip
        return [
            "qemu-system-x86_64", "-M", "q35,smm=off", *self.how,
            "-m", str(MEMORY_MB), "-nodefaults", "-vga", "std", "-display", "none", *firmware,
            "-device", "qemu-xhci,id=usb", "-device", "usb-kbd", "-device", "usb-tablet",
            *_drive("stick", self.stick, "usb-storage,bus=usb.0,removable=on,bootindex=0"),
            *_drive("nvme", nvme, "nvme,serial=own"),
            *_drive("sata", sata, "ide-hd,bus=ide.0"),
            *_drive("virtio", virtio, "virtio-blk-pci"),
            "-nic", "user,restrict=on,model=e1000e",
            "-nic", "user,restrict=on,model=virtio-net-pci",
            "-chardev", f"socket,id=hand,path={self.folder / 'hand'},server=on,wait=off",
            "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=hand,name=hand",
            "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off",
        ]  # fmt: skip

    def end(self) -> None:
        """Take its power away."""
        if self._qemu is not None:
            self._qemu.kill()
            self._qemu.wait()
            self._qemu = None

    def wait_until_off(self) -> None:
        """Wait until it has switched itself off."""
        assert self._qemu is not None
        self._qemu.wait(_WITHIN)
        self._qemu = None

    def picture(self, name: str) -> Path:
        """Take a picture of the screen."""
        file = self.folder / f"{name}.png"
        with self._monitor() as monitor:
            monitor.ask("screendump", filename=str(file), format="png")
        return file

    def still_picture(self, name: str, but: str = "") -> Path:
        """Wait until the screen shows something, is at rest, and is not what ``but`` shows."""
        deadline, before = time.monotonic() + _WITHIN, b""
        other = (self.folder / f"{but}.png").read_bytes() if but else b""
        same = 0
        while time.monotonic() < deadline:
            file = self.picture(name)
            now = file.read_bytes()
            same = same + 1 if now == before and now != other and len(now) > 6_000 else 0
            if same >= 3:
                return file
            before = now
            time.sleep(1)
        raise AssertionError(f"The screen did not come to rest: {self.folder / name}.png")

    def wait_for_menu(self) -> Path:
        """Wait until GRUB's menu is there: it alone has a screen of this size."""
        deadline = time.monotonic() + _WITHIN
        while time.monotonic() < deadline:
            if _size(self.picture("menu")) == MENU_SIZE:
                return self.still_picture("menu")
            time.sleep(1)
        raise AssertionError("The menu did not come.")

    def type(self, text: str) -> None:
        """Type on its keyboard, which is an American one."""
        with self._monitor() as monitor:
            for letter in text:
                self._press(monitor, _KEYS.get(letter, letter))

    def press(self, *keys: str) -> None:
        """Press keys by QEMU's names, one after the other; ``alt-f4`` is two together."""
        with self._monitor() as monitor:
            for key in keys:
                self._press(monitor, key)

    @staticmethod
    def _press(monitor: Monitor, key: str) -> None:
        held = [{"type": "qcode", "data": one} for one in key.split("-")]
        monitor.ask("send-key", keys=held, **{"hold-time": 30})
        time.sleep(0.3)  # an emulated PC is slow, and a keyboard holds few keys for it

    @contextlib.contextmanager
    def _monitor(self) -> Iterator[Monitor]:
        with connected(self.folder / "qmp") as wire, wire.makefile("rw") as lines:
            yield Monitor(lines)


def _size(picture: Path) -> tuple[int, int]:
    """Return width and height of a PNG."""
    return struct.unpack(">II", picture.read_bytes()[16:24])


def _drive(name: str, file: Path, device: str) -> list[str]:
    return ["-drive", f"id={name},if=none,format=raw,cache=unsafe,file={file}",
            "-device", f"{device},drive={name}"]  # fmt: skip


def connected(path: Path) -> socket.socket:
    """Return a wire to one of its sockets, which are there a moment after it was switched on."""
    deadline = time.monotonic() + 60
    while True:
        wire = socket.socket(socket.AF_UNIX)
        try:
            wire.connect(str(path))
        except OSError:
            wire.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return wire
