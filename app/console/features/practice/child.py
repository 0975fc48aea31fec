"""Practice as a process of its own, beside a running console: neither can see the other's memory.

It ends with the console: it reads from a pipe that the system closes when the console is gone. A
console that locks begins anew (``app.cli.console.locking``), and is given the running practice.
"""

import json
import os
import select
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from app.console.errors import ConsoleError
from app.sentences.translatable import say

END_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Practising:
    """The process: its number, our ends of its input and output, and its address."""

    pid: int
    input: int
    output: int
    address: str


def folder_beside(vault: Path) -> Path:
    """Return where the practice beside a vault keeps how far people are."""
    return vault.with_name(f"{vault.name}-practice")


class PracticeChild:
    """At most one process, beside the console of ``vault``; progress stays in a folder there."""

    def __init__(self, vault: Path, running: Practising | None = None) -> None:
        self._folder = folder_beside(vault)
        self._running = running
        self._opening = threading.Lock()

    @property
    def running(self) -> Practising | None:
        """The process, if there is one that has not ended."""
        if self._running is not None and os.waitpid(self._running.pid, os.WNOHANG)[0]:
            _let_go(self._running)
            self._running = None
        return self._running

    def open(self) -> str:
        """Return an address for the browser.

        A link that signs it in once, where practice had to be started; the plain one where it runs.
        Raises ConsoleError.
        """
        with self._opening:  # two clicks start one
            running = self.running
            return running.address if running else self._start()

    def _start(self) -> str:
        command = ["console", "practice", str(self._folder), "--port", "0", "--with-console"]
        (its_input, our_end), (output, its_output) = os.pipe(), os.pipe()
        # -P: else a file in the folder where the console was started would be run as a module.
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-m", "app.cli.entry", *command],
            os.environ,
            # Everything else of ours is closed to it.
            file_actions=[
                (os.POSIX_SPAWN_DUP2, its_input, 0),
                (os.POSIX_SPAWN_DUP2, its_output, 1),
            ],
        )
        os.close(its_input)
        os.close(its_output)
        self._running = Practising(pid, our_end, output, "")
        with open(output, encoding="utf-8", closefd=False) as said:
            first = said.readline()
        try:
            facts = json.loads(first)
            self._running = Practising(pid, our_end, output, f"{facts['console']}/practice")
            return str(facts["login"])
        except (ValueError, KeyError, TypeError):
            self.end()
            raise ConsoleError(
                say(
                    "Practice did not start. At a terminal, this says why: quietline console "
                    "practice {folder}",
                    folder=self._folder,
                )
            ) from None

    def end(self) -> None:
        """End the process, if there is one; it removes its vault."""
        running, self._running = self.running, None
        if running is None:
            return
        os.kill(running.pid, signal.SIGTERM)
        # Its output ends when it does.
        if not select.select([running.output], [], [], END_SECONDS)[0]:
            os.kill(running.pid, signal.SIGKILL)
        os.waitpid(running.pid, 0)
        _let_go(running)


def _let_go(running: Practising) -> None:
    os.close(running.input)
    os.close(running.output)
