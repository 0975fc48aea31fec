"""The field: a machine with a package on a stick, the people who use it, and their Tor clients.

One machine stands for the server, the agency's, an investigator's and a reporter's: each of the
four has a user of its own there. What is carried between them lies on a second stick.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.vm import journal, people, sticks
from tests.vm.image import Image
from tests.vm.machine import Machine, ways

PACKAGES, STICK = "/mnt/packages", "/mnt/stick"
OLDER = "0.0.1~last"
"""The number of a stand-in for the last package, where none is given: the same files."""
REPORTERS_SOCKS = 9_250
_STICKS = "packages.qcow2", "stick.qcow2"
_USERS = (people.AGENCY, people.INVESTIGATOR, people.REPORTER)


@dataclass
class Field:
    """Machine, sticks, people, and what they have found out so far."""

    machine: Machine
    folder: Path
    package: str
    last: str
    way: str
    book: people.Book = field(default_factory=people.Book)
    known: dict[str, str] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    """The words of each report that was acknowledged."""

    def second_machine(self) -> None:
        """Take the machine away as if it broke, and go on with a new one and the same sticks."""
        old = self.machine
        busy = old.busy_seconds()
        old.end()
        shutil.rmtree(self.folder / "second", ignore_errors=True)  # of a run that went on from here
        self.machine = _machine("second", old.image, self.folder, old.how)
        prepare(self.machine)
        self.machine.busy_before = busy

    def keep(self, stage: str) -> None:
        """Keep the machine and what is known as they are after a stage, for ``go_on``."""
        self.machine.keep(stage)
        kept = {
            "machine": self.machine.name,
            "package": self.package,
            "last": self.last,
            "known": self.known,
            "sent": self.sent,
            "typed": [asdict(one) for one in self.book.typed],
            "busy": self.machine.busy_seconds(),
        }
        (self.folder / f"{stage}.json").write_text(json.dumps(kept))

    def go_back(self, stage: str) -> None:
        """Go back to how the machine was when a stage was kept; what is known stays known."""
        busy = self.machine.busy_seconds()
        self.machine.end()
        self.machine.busy_before = busy
        self.machine.start(kept=stage)

    def note_as_tried(self, file: Path) -> None:
        """Write down the SHA-256 of the package that went through: a signed release looks."""
        package = self.folder / "packages" / Path(self.package).name
        file.write_text(f"{hashlib.sha256(package.read_bytes()).hexdigest()}  {package.name}\n")

    def close(self, counted: Path) -> None:
        """End everything; keep what was counted."""
        if self.book.typed:
            self.book.write(
                counted, way=self.way, emulator_seconds=round(self.machine.busy_seconds())
            )
        self.machine.end()


def go_on(image: Image, folder: Path, stage: str) -> Field:
    """Go on after a stage of an earlier run. Raises FileNotFoundError where it was not kept."""
    kept = json.loads((folder / f"{stage}.json").read_text())
    way, how = next(ways(image))
    machine = _machine(kept["machine"], image, folder, how)
    machine.busy_before = kept["busy"]
    machine.start(kept=stage)
    book = people.Book([people.Typed(**one) for one in kept["typed"]])
    packages = kept["package"], kept["last"]
    return Field(machine, folder, *packages, way, book, kept["known"], kept["sent"])


def open_field(image: Image, folder: Path, package: Path, last: Path | None) -> Field:
    """Start the first machine, with the packages and an empty stick in it."""
    way, how = next(ways(image))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    carried = folder / "packages"
    carried.mkdir()
    shutil.copy(package, carried)
    older = last or _older(package, folder)
    shutil.copy(older, carried)
    (folder / "empty").mkdir()
    sticks.make(carried, folder / _STICKS[0], "PACKAGES")
    sticks.make(folder / "empty", folder / _STICKS[1], "STICK")
    machine = _machine("first", image, folder, how)
    try:
        prepare(machine)
    except BaseException:
        machine.end()
        raise
    return Field(machine, folder, f"{PACKAGES}/{package.name}", f"{PACKAGES}/{older.name}", way)


def _machine(name: str, image: Image, folder: Path, how: tuple[str, ...]) -> Machine:
    return Machine(name, image, folder / name, how, [folder / stick for stick in _STICKS])


def prepare(machine: Machine) -> None:
    """Switch on; make the people's users, put the sticks in; see that AppArmor refuses."""
    machine.start()
    # There is no network to wait for: Caddy and nginx would be two minutes late, and this failed.
    machine.look("systemctl mask systemd-networkd-wait-online.service")
    for user in _USERS:
        machine.look(f"id {user} || useradd --create-home --shell /bin/bash {user}")
    machine.look(
        f"mkdir -p {PACKAGES} {STICK}\n"
        f"echo 'LABEL=PACKAGES {PACKAGES} ext4 ro,nofail 0 0' >>/etc/fstab\n"
        f"echo 'LABEL=STICK {STICK} ext4 rw,nofail 0 0' >>/etc/fstab\n"
        f"systemctl daemon-reload; mount {PACKAGES}; mount {STICK}; chmod 1777 {STICK}"
    )
    journal.provoke(machine)


def _older(package: Path, folder: Path) -> Path:
    """Make a package of the same files with an older number."""
    tree, made = folder / "older", folder / f"quietline_{OLDER}_all.deb"
    subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    lines = control.read_text().splitlines()
    control.write_text(
        "".join(
            f"Version: {OLDER}\n" if one.startswith("Version:") else f"{one}\n" for one in lines
        )
    )
    subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "-b", tree, made], check=True)
    shutil.rmtree(tree)
    return made
