"""``quietline`` processes that start in a tenth of a second, for tests that start hundreds.

Each is forked from one process that has imported everything already, ``python -m
tests.journeys.forked``, which is started once for a process of tests and ends with it. What then
runs is ``main()`` with its words, its environment and its files, as if it were begun by itself.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from app.cli import entry
from app.protocol import challenges
from tests import small_sets

ROOT = Path(__file__).parents[2]
_LARGEST = 65_536
"""Bytes of a request: words, folder and environment."""
_PATIENCE_MS = 20_000
_PR_SET_PDEATHSIG = 1


class ForkedChildren:
    """Runs ``quietline`` commands like ``app.cli.demo.children.Children``, with small sets."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[int, int]] = {}

    def start(self, name: str, arguments: list[str], log: Path) -> None:
        """Start ``quietline ARGUMENTS``; what it says goes to the log."""
        with log.open("ab") as output:
            self._start(name, arguments, output.fileno(), output.fileno())

    def start_and_read(self, name: str, arguments: list[str], log: Path) -> str | None:
        """Start ``quietline ARGUMENTS`` and return the first line it prints, None if it ends."""
        read, write = os.pipe()
        with log.open("ab") as errors, os.fdopen(read, "rb") as said:
            self._start(name, arguments, write, errors.fileno())
            os.close(write)
            return said.readline().decode().strip() or None

    def _start(self, name: str, arguments: list[str], stdout: int, stderr: int) -> None:
        request = {"words": arguments, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        way = _way()
        socket.send_fds(way, [json.dumps(request).encode()], [stdout, stderr])
        pid = int(way.recv(20))
        self._running[name] = pid, os.pidfd_open(pid)

    def pid(self, name: str) -> int:
        """Return the number of a process."""
        return self._running[name][0]

    def stop(self) -> None:
        """End all children, last started first, and wait for them."""
        for _, process in reversed(self._running.values()):
            for number in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(process, number)
                if _ended(process):
                    break
            os.close(process)
        self._running.clear()


def _ended(process: int) -> bool:
    waiting = select.poll()
    waiting.register(process, select.POLLIN)
    return bool(waiting.poll(_PATIENCE_MS))


@functools.cache
def _way() -> socket.socket:
    """Return the way to the process that forks, which is started when it is first asked for."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        forking = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end() -> None:
        ours.close()
        forking.wait()

    atexit.register(end)
    return ours


def _serve(way: socket.socket) -> list[str]:
    """Fork a process for each request; returns in those, with their words."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    while True:
        request, files, _, _ = socket.recv_fds(way, _LARGEST, 2)
        if not request:
            sys.exit()
        if (pid := os.fork()) == 0:
            way.close()
            return _become(json.loads(request), *files)
        way.send(str(pid).encode())
        for one in files:
            os.close(one)


def _become(asked: dict[str, object], stdout: int, stderr: int) -> list[str]:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    for number, file in enumerate((stdout, stderr), start=1):
        os.dup2(file, number)
        os.close(file)
    os.chdir(str(asked["folder"]))
    environment, words = asked["environment"], asked["words"]
    assert isinstance(environment, dict)
    assert isinstance(words, list)
    os.environ.clear()
    os.environ.update(environment)
    return words


def _run(number: int) -> NoReturn:
    """Import what a server and a console need, and become whatever is asked for."""
    for machine in ("server", "console"):
        entry.build(machine)
    from app.console import web_application
    from app.server.http import application

    assert application
    assert web_application
    gc.freeze()
    words = _serve(socket.socket(fileno=number))
    challenges.MIN_ROWS = small_sets.ROWS
    # As it would be begun: a console that locks begins itself again.
    sys.argv, sys.orig_argv = ["-c", *words], [*small_sets.PROGRAM, *words]
    entry.main()
    sys.exit()


if __name__ == "__main__":
    _run(int(sys.argv[1]))
