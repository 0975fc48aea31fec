"""The demo's child processes: started together, ended together, none left behind."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
_PATIENCE = 10
"""Seconds that a child may take to end before it is killed."""
# -P: no file of the folder where the demo was started is run as a module.
PROGRAM = (sys.executable, "-P", "-m", "app.cli.entry")


class Children:
    """Runs ``quietline`` commands; their output goes to files, never to the terminal.

    ``program`` is what stands before a command's own words.
    """

    def __init__(self, program: Sequence[str] = PROGRAM) -> None:
        self._program = program
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, arguments: list[str], log: Path) -> None:
        """Start ``quietline ARGUMENTS``; what it says goes to the log."""
        with log.open("ab") as output:
            self._start(name, arguments, log, output)

    def start_and_read(self, name: str, arguments: list[str], log: Path) -> str | None:
        """Start ``quietline ARGUMENTS`` and return the first line it prints, None if it ends.

        That line never reaches the log: it may be a secret, such as a link that signs in.
        """
        process = self._start(name, arguments, log, subprocess.PIPE)
        if process.stdout is None:
            return None
        with process.stdout:
            return process.stdout.readline().decode().strip() or None

    def _start(
        self, name: str, arguments: list[str], log: Path, stdout: BinaryIO | int
    ) -> subprocess.Popen[bytes]:
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [*self._program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=errors,
                # Its own group: Ctrl-C reaches the demo alone, which then ends the children in
                # order. If the demo itself is killed, the kernel ends them.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        self._running[name] = process
        return process

    def ended(self) -> str | None:
        """Return the name of a child that ended by itself, if one did."""
        for name, process in self._running.items():
            if process.poll() is not None:
                return name
        return None

    def stop(self) -> None:
        """End all children, last started first, and wait for them."""
        for process in reversed(self._running.values()):
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Interrupted(Exception):
    """Ctrl-C or SIGTERM."""


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turn the first SIGINT or SIGTERM into ``Interrupted``.

    Later ones are ignored from then on: a second Ctrl-C must not leave data behind.
    """
    both = (signal.SIGINT, signal.SIGTERM)

    def stop(*_: object) -> None:
        for one in both:
            signal.signal(one, signal.SIG_IGN)
        raise Interrupted

    for one in both:
        signal.signal(one, stop)
    yield
