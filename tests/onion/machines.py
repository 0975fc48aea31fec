"""The three machines of docs/by-hand.md as folders, into which its commands are typed.

Paths of a machine (/etc, /opt, /srv, /var, /run, /usr/local) are taken below its folder. Stood in
for is what belongs to a machine and not to Quietline: apt-get, users and their files' owners,
``make install`` (it was run before the tests), the person who types passphrases and says yes, and
systemd, which starts for real what the installed units and torrc say.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.onion.network import Network
from tests.onion.process import STOPS_WITHIN, Tor, until

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "docs" / "by-hand.md"
_PLACES = re.compile(r"(?<![\w.}/])/(?=(?:etc|opt|srv|var|run|usr/local)\b)")
_STARTS_WITHIN = 120
_QUICK = {
    "QUIETLINE_EPOCH_SECONDS": "3",
    "QUIETLINE_WORK_STEPS": "10",
    "QUIETLINE_SLOTS_INITIAL": "1024",
    "QUIETLINE_CONSOLE_JITTER": "0",
    "QUIETLINE_CONSOLE_BUNDLE_DAYS": "1",
}
_FOLDERS = (
    "bin", "home", "etc/tmpfiles.d", "etc/systemd/system", "etc/tor",
    "var/lib/tor", "usr/local/bin", "opt/quietline/.venv/bin",
)  # fmt: skip
"""What a bare Debian 13 with Tor has, and the sources. /etc/sysusers.d it does not have."""
_STANDS_IN = {
    "apt-get": "exit 0",
    "make": "exit 0",
    "systemd-sysusers": "exit 0",
    "systemd-tmpfiles": 'mkdir -p "$HERE/run/quietline-tor" "$HERE/run/quietline" '
    '"$HERE/var/lib/quietline" "$HERE/var/backups/quietline"',
    "chown": "exit 0",
    "systemctl": f'exec "{sys.executable}" -c "$ASKING" "$HERE/systemd" "$@"',
    # Owners are left out; all else of install is real.
    "install": 'words=(); while [ $# -gt 0 ]; do case $1 in -o|-g) shift ;; *) words+=("$1") ;; '
    'esac; shift; done; exec /usr/bin/install "${words[@]}"',
    "quietline": f'quietline="{Path(sys.executable).with_name("quietline")}"\n'
    'case "$1 $2" in\n'
    '  "agency enrol") echo y | exec "$quietline" "$@" ;;\n'
    '  "agency init"|"agency directory"|"agency site"|"console init"|"console sync")\n'
    '    exec "$quietline" "$@" --passphrase-file "$HERE/passphrase" ;;\n'
    '  *) exec "$quietline" "$@" ;;\n'
    "esac",
}
_ASKING = """
import socket, sys
wire = socket.socket(socket.AF_UNIX)
wire.connect(sys.argv[1])
wire.sendall("\\0".join(sys.argv[2:]).encode() + b"\\n")
said = wire.makefile().read()
print(said, end="", file=sys.stderr)
sys.exit(1 if said else 0)
"""


@dataclass(frozen=True)
class Step:
    """A block of the book: commands for one machine, or files to carry."""

    where: str
    text: str


def steps() -> list[Step]:
    """Read the book's blocks that are typed, in their order."""
    found = re.findall(r"^```(sh-\w+|carry)\n(.*?)^```", BOOK.read_text(), re.DOTALL | re.MULTILINE)
    return [Step(where.removeprefix("sh-"), text) for where, text in found]


class Machine:
    """One machine: a folder, programs that stand in, and what systemd runs on it."""

    def __init__(self, name: str, network: Network, torrc: list[str]) -> None:
        self.name = name
        self.here = network.folder / name
        self._network = network
        self._torrc = torrc
        self._tor: Tor | None = None
        self._services: list[subprocess.Popen[bytes]] = []
        for folder in _FOLDERS:
            (self.here / folder).mkdir(parents=True)
        (self.here / "opt/quietline/deploy").symlink_to(ROOT / "deploy")
        for program, script in _STANDS_IN.items():
            path = self.here / "bin" / program
            path.write_text(f"#!/bin/bash\n{script}\n")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        (self.here / "opt/quietline/.venv/bin/quietline").symlink_to(self.here / "bin/quietline")
        (self.here / "passphrase").write_text("six random words of a test\n")
        (self.here / "etc/tor/torrc").touch()
        self._systemd = threading.Thread(target=self._listen, daemon=True)
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.here / "systemd"))
        self._door.listen()
        self._systemd.start()

    def type(self, text: str) -> str:
        """Type a block into a shell; return what it prints. Raises AssertionError if it fails."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.at_home(text)],
            cwd=self.here / "home",
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{self.name}: {text}\n{done.stdout}{done.stderr}"
        return done.stdout

    def at_home(self, text: str) -> str:
        """Take the paths of a machine below this one's folder."""
        return _PLACES.sub(f"{self.here}/", text)

    def file(self, path: str) -> Path:
        """Return where a path of the book is: below the folder, or in the home folder."""
        return Path(self.at_home(path)) if path.startswith("/") else self.here / "home" / path

    def stop(self) -> None:
        """End what systemd runs here."""
        self._door.close()
        for service in self._services:
            service.send_signal(signal.SIGTERM)
            service.wait(STOPS_WITHIN)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name[:9] != "QUIETLINE"}
        path = f"{self.here / 'bin'}:{os.environ['PATH']}"
        return kept | _QUICK | {"PATH": path, "HERE": str(self.here), "ASKING": _ASKING}

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # closed: the machine is off
            while True:
                wire, _ = self._door.accept()
                with wire, wire.makefile("rw") as lines:
                    words = lines.readline().rstrip("\n").split("\0")
                    try:
                        self._carry_out(words)
                    except Exception as error:
                        lines.write(f"{type(error).__name__}: {error}\n")

    def _carry_out(self, words: list[str]) -> None:
        match words:
            case ["daemon-reload"] | ["reload-or-restart", "apparmor"]:
                return
            case ["restart", "tor@default"]:
                self._restart_tor()
            case ["reload", "tor@default"] if self._tor is not None:
                self._tor.ask("SIGNAL HUP")
            case ["enable", "--now", unit]:
                self._start(unit)
            case _:
                raise ValueError(f"there is no stand-in for: systemctl {' '.join(words)}")

    def _restart_tor(self) -> None:
        if self._tor is not None:
            self._tor.stop(signal.SIGTERM)
        installed = self.at_home((self.here / "etc/tor/torrc").read_text())
        lines = installed.replace("Log notice syslog", "").splitlines()
        self._tor = self._network.node(f"{self.name}-tor", [*lines, *self._torrc])
        onions = [line.split()[1] for line in lines if line.startswith("HiddenServiceDir")]
        with self._tor.events("HS_DESC") as events:
            missing = {Path(folder, "hostname").read_text().strip()[:56] for folder in onions}
            while missing:  # as after the minutes that the book's reader takes for the next step
                _, action, onion, *_ = next(events)
                missing -= {onion} if action == "UPLOADED" else set()

    def _start(self, unit: str) -> None:
        if unit.endswith(".timer"):
            assert (self.here / "etc/systemd/system" / unit).is_file()
            return
        text = (self.here / "etc/systemd/system" / f"{unit}.service").read_text()
        commands = dict(re.findall(r"^(ExecStart(?:Pre)?)=(.*)$", self.at_home(text), re.MULTILINE))
        config = self.here / "etc/quietline/server.toml"
        config.write_text(self.at_home(config.read_text()))
        environment = self._environment()
        subprocess.run(commands["ExecStartPre"].split(), env=environment, check=True)
        with (self.here / "journal").open("ab") as journal:
            service = subprocess.Popen(
                commands["ExecStart"].split(), env=environment, stderr=journal
            )
        self._services.append(service)
        socket_file = self.here / "run/quietline-tor/tor.sock"

        def up() -> bool:
            if service.poll() is not None:
                raise RuntimeError((self.here / "journal").read_text())
            return socket_file.exists()

        until(_STARTS_WITHIN, f"{unit} does not start", up)


def carry(text: str, machines: dict[str, Machine]) -> None:
    """Carry files between machines, each line ``FROM: PATH -> TO: PATH``; folders whole."""
    for line in text.splitlines():
        (source, path), (target, place) = (end.split(": ") for end in line.split(" -> "))
        there, here = machines[source].file(path), machines[target].file(place)
        words = ["cp", "-r", f"{there}/.", here] if path.endswith("/") else ["cp", there, here]
        subprocess.run([str(word) for word in words], check=True)


@contextlib.contextmanager
def three_machines(network: Network, socks_port: int) -> Iterator[dict[str, Machine]]:
    """Set the machines up; the investigator's Tor listens on a port of this test."""
    torrcs: dict[str, list[str]] = {
        "server": [],
        "agency": [],
        "investigator": [f"SocksPort 127.0.0.1:{socks_port} OnionTrafficOnly"],
    }
    machines = {name: Machine(name, network, torrc) for name, torrc in torrcs.items()}
    try:
        yield machines
    finally:
        for machine in machines.values():
            machine.stop()
