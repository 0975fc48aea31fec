"""The encrypted storage behind the image: made, opened, laid where programs look for data.

It is a LUKS2 partition of the stick itself, labelled by the way to start that made it: what an
agency keeps offline is never opened by a start that has a network. Runs as root.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RUN = Path("/run/quietline")
MAPPED = "quietline-storage"
STORE = Path("/var/lib/quietline-stick")
USER = 1_000
"""The id of the one user, who sits at the screen."""
HOME = Path("/home/user")
MIB = 1 << 20
LEAST_MIB = 1_024
"""A storage smaller than this is not made."""
FOR_UPDATE_MIB = 3_072
"""So much is left free behind the storage for two later versions of the system (``slots.py``)."""
_SECTOR = 512
_LABELS = {"investigator": "quietline-investigator", "agency": "quietline-agency"}
_UNFINISHED = "quietline-unfinished"
"""The label until there is a file system in it: what was broken off before is made anew."""
_SECONDS = 300
_IN_ORDER = (0, 1)
_LEFT = (4, 5)
"""e2fsck's exit codes: nothing was wrong, it was mended; some of it was left as it was."""
_NOT_RUNNING = 8
"""nmcli's exit code while NetworkManager has not started: it reads its networks when it does."""


class Refused(Exception):
    """It cannot be done; the text is a word that the screen has a sentence for."""


@dataclass(frozen=True)
class Stick:
    """The disk that was started from, and the way to start that was chosen."""

    disk: str
    mode: str

    @classmethod
    def this(cls) -> Stick:
        """Return the running one."""
        return cls((RUN / "disk").read_text().strip(), (RUN / "mode").read_text().strip())

    def state(self) -> str:
        """Return ``open``, ``closed``, ``none``, ``small``; ``other``: of another way to start."""
        # Not that it is decrypted: only what lies in its place is kept, the rest would be memory.
        if all(place.is_mount() for place, _ in self._places().values()):
            return "open"
        label = self._label(self._partition())
        if label == _LABELS.get(self.mode):
            return "closed"
        if label not in ("", _UNFINISHED):
            return "other"
        return "none" if self._partition_is_there() or self._room_mib() >= LEAST_MIB else "small"

    def make(self, passphrase: bytes) -> None:
        """Make the storage and open it. Raises Refused: there is one, or there is no room."""
        if self.state() != "none":
            raise Refused("not-now")
        if not self._partition_is_there():
            size = size_mib(self._room_mib())
            run("sfdisk", "--quiet", "--append", "--no-reread", "--no-tell-kernel", "--force",
                self.disk, said=f"size={size}MiB, type=83\n".encode())  # fmt: skip
            run("partx", "--add", "--nr", "3", self.disk)
            run("udevadm", "settle")
        run(
            "cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--pbkdf", "argon2id",
            "--pbkdf-memory", "524288", "--iter-time", "3000", "--label", _UNFINISHED,
            "--key-file", "-", self._partition(),
            said=passphrase,
        )  # fmt: skip
        self._unlock(passphrase)
        with self._closed_if_it_fails():
            run("mke2fs", "-q", "-t", "ext4", "-m", "0", f"/dev/mapper/{MAPPED}")
            run("cryptsetup", "config", "--label", _LABELS[self.mode], self._partition())
            self._lay_out()
        self._use_networks()

    def open(self, passphrase: bytes) -> None:
        """Open the storage. Raises Refused: ``wrong`` passphrase."""
        if self.state() != "closed":
            raise Refused("not-now")
        if not passphrase:
            raise Refused("wrong")
        self._unlock(passphrase)
        with self._closed_if_it_fails():
            self._lay_out()
        self._use_networks()

    def _unlock(self, passphrase: bytes) -> None:
        try:
            run("cryptsetup", "open", "--type", "luks2", "--key-file", "-", self._partition(),
                MAPPED, said=passphrase)  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise Refused("wrong" if error.returncode == 2 else "damaged") from None

    def _lay_out(self) -> None:
        """Mount it, and lay each part where it is looked for: these, and nothing else, stay."""
        STORE.mkdir(mode=0o700, exist_ok=True)
        _check(f"/dev/mapper/{MAPPED}")
        run("mount", "-o", "noatime,nosuid,nodev,noexec", f"/dev/mapper/{MAPPED}", str(STORE))
        for name, (place, owner) in self._places().items():
            _lay(STORE / name, place, owner)

    def _places(self) -> dict[str, tuple[Path, int]]:
        """Return what stays, by its name in the storage: where it is looked for, and its owner."""
        if self.mode == "agency":
            return {"agency": (HOME / "quietline", USER)}
        return {
            "console": (HOME / ".local/share/quietline", USER),
            "networks": (Path("/etc/NetworkManager/system-connections"), 0),
        }

    @contextmanager
    def _closed_if_it_fails(self) -> Iterator[None]:
        """Close the storage again when it cannot be laid out: nobody is to work beside it."""
        try:
            yield
        except (OSError, subprocess.SubprocessError):
            for place in (*(place for place, _ in self._places().values()), STORE):
                if place.is_mount():
                    run("umount", str(place))
            run("cryptsetup", "close", MAPPED)
            raise

    def _use_networks(self) -> None:
        """Let NetworkManager read the networks that it knew."""
        if self.mode == "investigator":
            run("nmcli", "connection", "reload", fine=(0, _NOT_RUNNING))

    def _partition(self) -> str:
        return f"{self.disk}3"

    def _partition_is_there(self) -> bool:
        return Path("/sys/class/block", Path(self._partition()).name).exists()

    def _label(self, partition: str) -> str:
        """Return the label of a LUKS partition, ``?`` where it has none; empty: it is no LUKS."""
        done = subprocess.run(
            ["/usr/sbin/blkid", "-p", "-o", "export", partition],
            capture_output=True,
            text=True,
            check=False,
        )
        found = dict(row.split("=", 1) for row in done.stdout.splitlines() if "=" in row)
        return found.get("LABEL", "?") if found.get("TYPE") == "crypto_LUKS" else ""

    def _room_mib(self) -> int:
        """Return the free room behind the last partition."""
        entry = Path("/sys/class/block", Path(self.disk).name)
        ends = [
            int((part / "start").read_text()) + int((part / "size").read_text())
            for part in entry.glob(f"{entry.name}[0-9]*")
        ]
        return (int((entry / "size").read_text()) - max(ends)) * _SECTOR // MIB


def size_mib(room: int) -> int:
    """Return how large a storage is made in so much room: later versions have some, if it fits."""
    return room - FOR_UPDATE_MIB if room >= FOR_UPDATE_MIB + 2 * LEAST_MIB else room - 1


def _check(file_system: str) -> None:
    """Put a file system in order, as after a stick that was pulled out. Raises CalledProcessError.

    What it does not dare by itself is repaired as well: nobody at the screen could answer it
    better, and unrepaired the storage would stay closed for good. What belongs nowhere is put into
    the storage's ``lost+found``; the console says of each case whether it is whole.
    """
    try:
        run("e2fsck", "-p", file_system, fine=_IN_ORDER)
    except subprocess.CalledProcessError as error:
        if error.returncode not in _LEFT:
            raise
        run("e2fsck", "-f", "-y", file_system, fine=_IN_ORDER)


def _lay(kept: Path, place: Path, owner: int) -> None:
    kept.mkdir(mode=0o700, exist_ok=True)
    os.chown(kept, owner, owner)
    # Folders on the way to it are the user's as well: programs make others beside it.
    for folder in reversed([one for one in place.parents if one.is_relative_to(HOME)]):
        folder.mkdir(exist_ok=True, mode=0o700)
        os.chown(folder, owner, owner)
    place.mkdir(mode=0o700, exist_ok=True)
    run("mount", "--bind", str(kept), str(place))


def run(*command: str, said: bytes = b"", fine: tuple[int, ...] = (0,)) -> None:
    """Run a program with something on its standard input. Raises CalledProcessError."""
    done = subprocess.run(command, input=said, check=False, timeout=_SECONDS)
    if done.returncode not in fine:
        raise subprocess.CalledProcessError(done.returncode, command[0])


def answer(request: bytes, stick: Stick) -> dict[str, str]:
    """Do what the screen asks, one of four things, and say how it came out."""
    try:
        order = json.loads(request)
        what = str(order["do"])
        passphrase = str(order.get("passphrase", "")).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"error": "not-understood"}
    try:
        match what:
            case "look":
                pass
            case "make":
                stick.make(passphrase)
            case "open":
                stick.open(passphrase)
            case "off":
                run("systemctl", "--no-block", "poweroff")
            case _:
                return {"error": "not-understood"}
    except Refused as refused:
        return {"error": str(refused)}
    except (OSError, subprocess.SubprocessError):
        return {"error": "failed"}
    return {"mode": stick.mode, "storage": stick.state()}
