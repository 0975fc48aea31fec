"""An office PC in QEMU: with disks of its own, network cards, and a stick that it starts from.

What is on its screen is a picture (QEMU's), what is typed are keys. The firmware is UEFI with
Secure Boot on and Microsoft's keys (Debian's OVMF), or a BIOS (SeaBIOS).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.vm.monitor import Monitor

OVMF = Path("/usr/share/OVMF")
_FIRMWARE = OVMF / "OVMF_CODE_4M.secboot.fd"
"""The one that knows Secure Boot: ``OVMF_CODE_4M.fd`` takes Microsoft's keys and ignores them. It
wants the processor's SMM."""
MEMORY_MB = 3_072
KVM = ("-accel", "kvm", "-cpu", "host", "-smp", "2")
EMULATED = ("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2")
"""By the host's clock, unlike ``tests/vm/machine.py``: counting instructions takes twice as long,
and in a BIOS, whose menu goes to and fro between two modes of the processor, ten times."""
_WITHIN = 3_600
"""Seconds that anything may take on a busy host."""
_KEYS = {
    " ": "spc",
    "\n": "ret",
    "\t": "tab",
    "-": "minus",
    ".": "dot",
    "/": "slash",
    ",": "comma",
}
_KEYS_AT_ONCE = 3
_SECONDS_AT_REST = 5
_LEAST_OF_A_PICTURE = 6_000
"""Bytes: a dark screen has less."""
_INNER_MIB = 64
MENU_SIZE = (1_024, 768)


@dataclass
class Pc:
    """One PC; ``folder`` holds its own disks, its firmware's memory and pictures of its screen."""

    folder: Path
    stick: Path
    uefi: bool = True
    secure_boot: bool = True
    beside: Path | None = None
    """A second stick."""
    how: tuple[str, ...] = EMULATED
    wires: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="quietline-pc-")))
    """A folder for its sockets, whose names must be short."""
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
        memory = "OVMF_VARS_4M.ms.fd" if self.secure_boot else "OVMF_VARS_4M.fd"
        shutil.copy(OVMF / memory, self.folder / "vars.fd")

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
            "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={_FIRMWARE}",
            "-drive", f"if=pflash,unit=1,format=raw,file={self.folder / 'vars.fd'}",
            "-global", "driver=cfi.pflash01,property=secure,value=on",
        ) if self.uefi else ()  # fmt: skip
        return [
            "qemu-system-x86_64", "-M", "q35,smm=on", *self.how,
            "-m", str(MEMORY_MB), "-nodefaults", "-vga", "std", "-display", "none", *firmware,
            "-device", "qemu-xhci,id=usb", "-device", "usb-kbd", "-device", "usb-tablet",
            *_drive("stick", self.stick, "usb-storage,bus=usb.0,removable=on,bootindex=0"),
            *(_drive("beside", self.beside, "usb-storage,bus=usb.0,removable=on")
              if self.beside else ()),
            *_drive("nvme", nvme, "nvme,serial=own"),
            *_drive("sata", sata, "ide-hd,bus=ide.0"),
            *_drive("virtio", virtio, "virtio-blk-pci"),
            "-nic", "user,restrict=on,model=e1000e",
            "-nic", "user,restrict=on,model=virtio-net-pci",
            "-chardev", f"socket,id=hand,path={self.wires / 'hand'},server=on,wait=off",
            "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=hand,name=hand",
            "-qmp", f"unix:{self.wires / 'qmp'},server=on,wait=off",
        ]  # fmt: skip

    def cut_power(self) -> None:
        """Take its power away; it can be switched on again."""
        if self._qemu is not None:
            self._qemu.kill()
            self._qemu.wait()
            self._qemu = None

    def end(self) -> None:
        """Take its power away for good."""
        self.cut_power()
        shutil.rmtree(self.wires, ignore_errors=True)

    def reset(self) -> None:
        """Start it anew, as its button does."""
        with self._monitor() as monitor:
            monitor.ask("system_reset")

    def busy_seconds(self) -> float:
        """Return the host's processor seconds that it has taken since it was switched on."""
        assert self._qemu is not None
        fields = Path(f"/proc/{self._qemu.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

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

    def still_picture(self, name: str, *but: str) -> Path:
        """Wait until the screen shows something, is at rest, and is not what others show.

        At rest: the same for some seconds by its own clock, since emulated it is slow.
        """
        deadline, before = time.monotonic() + _WITHIN, b""
        others = [(self.folder / f"{one}.png").read_bytes() for one in but]
        rested: list[object] = []
        while time.monotonic() < deadline:
            file = self.picture(name)
            now = file.read_bytes()
            if now != before or now in others or len(now) < _LEAST_OF_A_PICTURE:
                rested.clear()
            with self._monitor() as monitor:
                clock = _clock(monitor)
            if clock not in rested:
                rested.append(clock)
            if len(rested) > _SECONDS_AT_REST:
                return file
            before = now
            time.sleep(0.5)
        raise AssertionError(f"The screen did not come to rest: {self.folder / name}.png")

    def wait_for_menu(self) -> Path:
        """Wait until GRUB's menu is there: it alone has a screen of this size."""
        deadline = time.monotonic() + _WITHIN
        while time.monotonic() < deadline:
            if self.shows_menu():
                return self.still_picture("menu")
            time.sleep(1)
        raise AssertionError("The menu did not come.")

    def shows_menu(self) -> bool:
        """Say whether GRUB's menu is on the screen."""
        return _size(self.picture("menu")) == MENU_SIZE

    def type(self, text: str) -> None:
        """Type on its keyboard, which is an American one."""
        self.press(*(_KEYS.get(letter, letter) for letter in text))

    def press(self, *keys: str) -> None:
        """Press keys by QEMU's names, one after the other; ``alt-f4`` is two together."""
        with self._monitor() as monitor:
            for number, key in enumerate(keys, 1):
                held = [{"type": "qcode", "data": one} for one in key.split("-")]
                monitor.ask("send-key", keys=held, **{"hold-time": 30})
                if number % _KEYS_AT_ONCE == 0 or number == len(keys):
                    self._let_a_second_begin(monitor)

    def _let_a_second_begin(self, monitor: Monitor) -> None:
        """Let its own clock go on: emulated it is slow, and a keyboard keeps few keys for it."""
        before = _clock(monitor)
        deadline = time.monotonic() + _WITHIN
        while _clock(monitor) == before:
            assert time.monotonic() < deadline, "Its clock stands still."
            time.sleep(0.05)

    @contextlib.contextmanager
    def _monitor(self) -> Iterator[Monitor]:
        with connected(self.wires / "qmp") as wire, wire.makefile("rw") as lines:
            yield Monitor(lines)


def _clock(monitor: Monitor) -> object:
    """Return what its clock shows, which goes on once in a second of its own."""
    return monitor.ask("qom-get", path="/machine", property="rtc-time")


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
