"""One Tor process, and a conversation with it over its control socket."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn, TextIO, TypeVar

import pytest

STOPS_WITHIN = 60
_BETWEEN_LOOKS = 0.05
_BETWEEN_LONG_LOOKS = 2.0
_SILENT_FOR = 120
T = TypeVar("T")


def needed(*programs: str) -> str:
    """Return where the first of these programs that is here is.

    Skips where there is none, which under CI is a failure.
    """
    places = (shutil.which(one) or shutil.which(one, path="/usr/sbin:/sbin") for one in programs)
    found = next(filter(None, places), None)
    if found is None:
        not_installed(" or ".join(programs))
    return found


def not_installed(what: str) -> NoReturn:
    """Leave the test out that needs it; under CI, and in ``make test-fast``, that is a failure."""
    reason = f"{what} is not installed: what needs it is left out"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def until(seconds: float, what: str, look: Callable[[], T | None]) -> T:
    """Look until there is something to see; return it. Raises TimeoutError that says ``what``.

    A look that works hard, a sync or a search, is not begun again at once: others need the machine.
    """
    deadline = time.monotonic() + seconds
    while (began := time.monotonic()) < deadline:
        seen = look()
        if seen:
            return seen
        took = time.monotonic() - began
        time.sleep(min(max(_BETWEEN_LOOKS, 4 * took), _BETWEEN_LONG_LOOKS))
    raise TimeoutError(what)


class Tor:
    """A Tor process with a data folder of its own; started, stopped, and started again."""

    def __init__(self, folder: Path, torrc: Sequence[str]) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.torrc = [
            f"DataDirectory {folder}",
            f"ControlSocket {folder / 'control'}",
            "CookieAuthentication 0",
            f"__OwningControllerProcess {os.getpid()}",
            f"Log notice file {folder / 'log'}",
            *torrc,
        ]
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start; ``wait`` then waits until the control socket answers."""
        (self.folder / "torrc").write_text("\n".join(self.torrc) + "\n")
        empty = self.folder / "defaults-torrc"  # Debian's own would get in the way
        empty.touch()
        self._child = subprocess.Popen(
            [needed("tor"), "--defaults-torrc", empty, "-f", self.folder / "torrc", "--quiet"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Wait until it answers over its control socket."""
        until(120, f"tor in {self.folder} does not start: {self.log()}", self._answers)

    def stop(self, how: int = signal.SIGKILL) -> None:
        """End the process, at once unless told otherwise."""
        if self._child is not None:
            self._child.send_signal(how)
            try:
                self._child.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
            self._child = None

    def log(self) -> str:
        """Return the end of what it wrote."""
        path = self.folder / "log"
        return path.read_text()[-2_000:] if path.exists() else ""

    def ask(self, command: str) -> str:
        """Send one control command; return the whole answer. Raises RuntimeError if refused."""
        with self._control() as lines:
            return _say(lines, command)

    @contextlib.contextmanager
    def events(self, kind: str, silent_for: float = _SILENT_FOR) -> Iterator[Iterator[list[str]]]:
        """Listen; yields the events of a kind from now on, as words, without an end.

        Raises TimeoutError after so many seconds without one.
        """
        with self._control(silent_for) as lines:
            _say(lines, f"SETEVENTS {kind}")
            yield (line.split()[1:] for line in lines if line.startswith("650"))

    @contextlib.contextmanager
    def _control(self, silent_for: float = _SILENT_FOR) -> Iterator[TextIO]:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(silent_for)
            wire.connect(str(self.folder / "control"))
            with wire.makefile("rw", newline="\r\n") as lines:
                _say(lines, "AUTHENTICATE")
                yield lines

    def _answers(self) -> bool:
        try:
            return self.ask("GETINFO version").startswith("250")
        except (OSError, RuntimeError):
            return False


def _say(lines: TextIO, command: str) -> str:
    lines.write(command + "\n")
    lines.flush()
    return "".join(_answer(lines))


def _answer(lines: Iterator[str]) -> Iterator[str]:
    """Yield an answer's lines up to its last one, which has a space after the number."""
    inside = False
    for line in lines:
        yield line
        if inside:
            inside = line.rstrip() != "."
        elif line[3:4] == "+":
            inside = True
        elif line[3:4] == " ":
            if line[0] != "2":
                raise RuntimeError(line.strip())
            return
    raise RuntimeError("Tor closed the conversation.")
