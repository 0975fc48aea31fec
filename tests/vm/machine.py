"""One virtual machine: started, typed into, killed like by a power cut, and started again.

It has no network card. What is typed goes over a virtio port to a shell of root's (``guest/hand``),
files are carried on a disk, like on a stick, and the serial console is kept in a file.

Where KVM starts no kernel, QEMU emulates the processor, and counts its instructions: one is a
nanosecond of the machine's clock. A busy host then makes the machine late, but not slow by its own
clock, and nothing in it runs out of time. ``CLOCK=host`` emulates two processors by the host's
clock instead: quicker where the host has nothing else to do.
"""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.vm.image import Image
from tests.vm.monitor import Monitor

MEMORY_MB = 2_048
_WITHIN = 3_600
"""Seconds that anything may take on a busy host; the machine's own clock sets narrower limits."""
_ENDS_WITHIN = 60
_KERNEL = (
    "root=/dev/vda rw console=ttyS0 net.ifnames=0 apparmor=1 security=apparmor panic=-1 "
    "mitigations=off"  # it has no secret that another user of the processor could want
)
_KVM = ("-accel", "kvm", "-cpu", "host", "-smp", "2")
_EMULATED = ("-accel", "tcg", "-icount", "shift=0", "-cpu", "max")
_EMULATED_ON_TIME = ("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2")
_TRIAL_SECONDS = 40


class Failed(AssertionError):
    """What was typed ended with another exit code than expected; the message has what was said."""


@dataclass(frozen=True)
class Said:
    """An exit code, and what was printed on either output."""

    code: int
    text: str


@dataclass
class Machine:
    """A machine on an overlay of the image; ``folder`` holds its disk, sockets and console."""

    name: str
    image: Image
    folder: Path
    how: tuple[str, ...]
    disks: list[Path] = field(default_factory=list)
    """Further disks (qcow2), like sticks: they may be put into another machine afterwards."""
    busy_before: float = 0.0
    """Processor seconds that are counted already."""
    _qemu: subprocess.Popen[bytes] | None = None
    _wire: socket.socket | None = None

    def start(self, kept: str | None = None) -> None:
        """Switch on, and wait until systemd has begun all that it will.

        With the name of what was kept, go on from there instead.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        disk = self.folder / "disk.qcow2"
        if not disk.exists():
            overlay = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2"]
            subprocess.run([*overlay, "-b", self.image.disk, disk], check=True)
        with (self.folder / "qemu").open("ab") as said:
            self._qemu = subprocess.Popen(
                self._command(disk) + ([] if kept is None else ["-loadvm", kept]),
                stdin=subprocess.DEVNULL,
                stderr=said,
            )
        self._wire = self._connect("hand")
        if kept is None:
            self.wait_until_up()

    def keep(self, name: str) -> None:
        """Keep it as it is, memory and disks, so that ``start`` can go on from there."""
        # What is read again from the disk at need is given back, and is no part of what is kept.
        self.look("sync; echo 3 >/proc/sys/vm/drop_caches")
        with self._monitor() as monitor:
            monitor.keep(name)

    def _command(self, disk: Path) -> list[str]:
        wires = (
            "-chardev", f"socket,id=hand,path={self.folder / 'hand'},server=on,wait=off",
            "-device", "virtserialport,chardev=hand,name=hand",
            "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off",
        )  # fmt: skip
        return [
            "qemu-system-x86_64", "-M", "q35", *self.how, "-m", str(MEMORY_MB),
            "-nodefaults", "-display", "none", "-nic", "none", "-rtc", "clock=vm",
            "-kernel", str(self.image.kernel), "-initrd", str(self.image.initrd),
            "-append", _KERNEL, "-device", "virtio-rng-pci",
            "-device", "virtio-balloon-pci,free-page-reporting=on",
            "-serial", f"file:{self.folder / 'console'}",
            *(word for one in [disk, *self.disks] for word in _drive(one)),
            "-device", "virtio-serial-pci", *wires,
        ]  # fmt: skip

    def wait_until_up(self) -> None:
        """Wait until what starts with the machine has started, or has failed."""
        self.look("systemctl is-system-running --wait || true")

    def type(self, script: str, user: str = "root") -> str:
        """Type a script of bash's; return what it says. Raises Failed unless it ends with 0."""
        said = self.try_to(script, user)
        if said.code != 0:
            raise Failed(f"{self.name}, {user}: {script}\nexit code {said.code}\n{said.text}")
        return said.text

    look = type
    """The same; said of what the test looks at, and no person types."""

    def try_to(self, script: str, user: str = "root") -> Said:
        """Type a script of bash's; return how it ended. Raises ConnectionError."""
        if user != "root":
            inner = base64.b64encode(script.encode()).decode()
            script = (
                f"base64 -d <<<{inner} >/run/script.{user}; "
                f"runuser -l {user} -c 'bash -euo pipefail /run/script.{user}'"
            )
        if self._wire is None:
            raise ConnectionError(f"{self.name} is off")
        self._wire.sendall(base64.b64encode(script.encode()) + b"\n")
        code, _, answer = self._line(self._wire).partition(b" ")
        said = Said(int(code), base64.b64decode(answer).decode(errors="replace"))
        with (self.folder / "typed").open("a") as kept:
            kept.write(f"$ {script}\n{said.text}\nexit code {said.code}\n\n")
        return said

    def seconds(self) -> float:
        """Return the machine's clock: seconds since 1970."""
        return float(self.look("date +%s.%N"))

    def reboot(self) -> None:
        """Start it anew, as ``reboot`` does."""
        with self._monitor() as monitor:
            self.look("systemctl reboot --no-block")
            monitor.wait_for("RESET")
        self.wait_until_up()

    def cut_the_power(self) -> None:
        """Take its power away, and give it back: nothing is ended, written or said before."""
        with self._monitor() as monitor:
            monitor.ask("system_reset")
            monitor.wait_for("RESET")
        self.wait_until_up()

    def end(self) -> None:
        """Take it away, whatever it does."""
        if self._qemu is None:
            return
        try:  # not killed, so that what it has kept is whole
            with self._monitor() as monitor:
                monitor.ask("quit")
            self._qemu.wait(_ENDS_WITHIN)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            self._qemu.kill()
            self._qemu.wait()
        self._gone()

    def busy_seconds(self) -> float:
        """Return the host's processor seconds that this machine has taken."""
        now = 0.0
        if self._qemu is not None:
            fields = Path(f"/proc/{self._qemu.pid}/stat").read_text().rsplit(") ", 1)[1].split()
            now = (int(fields[11]) + int(fields[12])) / 100
        return self.busy_before + now

    def console(self) -> str:
        """Return the end of what stood on its console."""
        return (self.folder / "console").read_text(errors="replace")[-6_000:]

    @contextlib.contextmanager
    def _monitor(self) -> Iterator[Monitor]:
        with self._connect("qmp") as wire, wire.makefile("rw") as lines:
            yield Monitor(lines)

    def _gone(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._qemu = self._wire = None

    def _connect(self, name: str) -> socket.socket:
        deadline = time.monotonic() + _WITHIN
        while True:
            wire = socket.socket(socket.AF_UNIX)
            wire.settimeout(_WITHIN)
            try:
                wire.connect(str(self.folder / name))
            except OSError:
                wire.close()
                if self._qemu is None or self._qemu.poll() is not None:
                    raise RuntimeError((self.folder / "qemu").read_text()) from None
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return wire

    def _line(self, wire: socket.socket) -> bytes:
        said = b""
        while not said.endswith(b"\n"):
            piece = wire.recv(65_536)
            if not piece:
                raise ConnectionError(f"{self.name} has ended\n{self.console()}")
            said += piece
        return said.rstrip(b"\n")


def ways(image: Image) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what QEMU can run the image's kernel by, the fastest first: a name, and its words."""
    if Path("/dev/kvm").exists() and _boots(image, _KVM):
        yield "kvm", _KVM
    if os.environ.get("CLOCK") == "host":
        yield "tcg, the host's clock", _EMULATED_ON_TIME
    else:
        yield "tcg", _EMULATED


def _boots(image: Image, how: tuple[str, ...]) -> bool:
    """Say whether the kernel comes so far that it misses its disk: KVM may be there and not do."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            ["qemu-system-x86_64", "-M", "q35", *how, "-m", "512", "-nodefaults", "-no-reboot",
             "-display", "none", "-serial", "stdio", "-kernel", str(image.kernel),
             "-append", "console=ttyS0 panic=-1"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_TRIAL_SECONDS,
        )  # fmt: skip
        return b"Unable to mount root fs" in done.stdout
    return False


def _drive(disk: Path) -> list[str]:
    return ["-drive", f"file={disk},if=virtio,format=qcow2,cache=unsafe"]
