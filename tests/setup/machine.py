"""A server's machine as a folder: programs of the system stand in, all files are real.

What the programs do to files is done; what they would start is noted below ``stands-in/``. A server
that answers is a socket that says yes: that a real one starts is tested through the command.
"""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.setup.server.server_host import Host

ONIONS = ("quietline", "quietline-desk")


class FakeMachine:
    """A bare Debian below ``root``. ``programs`` are installed on it."""

    def __init__(self, root: Path, *programs: str) -> None:
        self.root = root
        self.noted = root / "stands-in"
        self.programs = {"tor", *programs}
        for folder in ("stands-in", "etc/tor", "var/lib/tor", "var/lib/quietline"):
            (root / folder).mkdir(parents=True, exist_ok=True)

    def host(self) -> Host:
        return Host(self.root, self.call, self.programs.__contains__)

    def calls(self) -> list[str]:
        """Return what was run, but for what only looks."""
        log = self.noted / "log"
        lines = log.read_text().splitlines() if log.is_file() else []
        return [one for one in lines if not one.startswith(("getent", "systemctl is-"))]

    def call(self, words: Sequence[str]) -> str | None:
        sys.audit("setup.call", *words)
        with (self.noted / "log").open("a") as log:
            log.write(" ".join(words).replace(str(self.root), "") + "\n")
        match words:
            case ["getent", *_]:
                return None if (self.noted / "user").is_file() else "no such user"
            case ["systemd-sysusers"]:
                (self.noted / "user").touch()
            case ["setpriv", *_, "install", "-d", "-m", "0700", folder]:
                Path(folder).mkdir(parents=True, exist_ok=True)
            case ["apt-get", "install", *_, program]:
                self.programs.add(program)
            case ["systemctl", "restart", "tor@default"]:
                self._start_tor()
            case ["systemctl", "restart" | "start" | "enable", *_, unit]:
                (self.noted / unit).touch()
            case ["systemctl", "is-active" | "is-enabled", *_, unit]:
                return None if (self.noted / unit).is_file() else "inactive"
            case [tool, folder, *_] if tool.endswith("desk-keys"):
                return self._desk_keys(words)
        return None

    def _start_tor(self) -> None:
        torrc = (self.root / "etc/tor/torrc").read_text()
        for name in ONIONS:
            if f"\nHiddenServiceDir /var/lib/tor/{name}\n" in torrc:
                hostname = self.root / "var/lib/tor" / name / "hostname"
                hostname.parent.mkdir(parents=True, exist_ok=True)
                if not hostname.is_file():
                    made = base64.b32encode(os.urandom(35)).decode().lower()
                    hostname.write_text(f"{made}.onion\n")
        (self.noted / "tor@default").touch()

    def _desk_keys(self, words: Sequence[str]) -> str | None:
        """Run the real one."""
        done = subprocess.run([*words], capture_output=True, text=True)
        return None if done.returncode == 0 else done.stderr


@contextlib.contextmanager
def answering(machine: FakeMachine) -> Iterator[None]:
    """Let something answer at the server's socket as a server that is well."""
    path = machine.root / "run/quietline/server.sock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as door:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path is short
        door.bind(path.name)
        os.chdir(here)
        door.listen()

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    wire, _ = door.accept()
                    with wire:
                        wire.recv(4_096)
                        wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        try:
            yield
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join(10)
            path.unlink()


if __name__ == "__main__":
    wrong = FakeMachine(Path(sys.argv[1])).call(sys.argv[2:])
    sys.exit(wrong)
