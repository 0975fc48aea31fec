"""A person at a terminal: a real pseudo-terminal, read until a prompt, then typed into."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PATIENCE_SECONDS = 280
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

Reply = str | Callable[[str], str]


class Typist:
    """Runs ``quietline`` on a terminal; ``said`` is all that it printed."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        self.said = ""
        self._child, self._wire = pty.fork()
        if self._child == 0:
            os.chdir(folder)
            os.environ.update(environment)
            # As a shell at a terminal does; a run in the background has them ignored.
            for number in (signal.SIGINT, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)
            os.execv(sys.executable, [sys.executable, "-m", "app.cli.entry", *words])

    def wait_for(self, prompt: str) -> str:
        """Return what was said since the last call, up to a prompt. Raises AssertionError."""
        before = len(self.said)
        ends = time.monotonic() + _PATIENCE_SECONDS
        while not (found := re.search(prompt, self.said[before:])):
            assert time.monotonic() < ends, f"no {prompt!r}: {self.said[-2_000:]}"
            assert self._read(), f"it ended without {prompt!r}: {self.said[-2_000:]}"
        return self.said[before:][: found.end()]

    def type(self, text: str) -> None:
        os.write(self._wire, text.encode())

    def answer(self, turns: Sequence[tuple[str, Reply]]) -> None:
        """Wait for each prompt in turn and answer it."""
        for prompt, reply in turns:
            heard = self.wait_for(prompt)
            self.type((reply if isinstance(reply, str) else reply(heard)) + "\n")

    def end(self) -> int:
        """Read to the end; return the exit code."""
        while self._read():
            pass
        os.close(self._wire)
        return os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])

    def break_off(self) -> int:
        """Press Ctrl-C, again where nobody listened yet, until it ends; return the exit code."""
        self.type("\x03")
        while True:
            if not select.select([self._wire], [], [], 1)[0]:
                self.type("\x03")
            elif not self._read():
                return self.end()

    def kill(self) -> None:
        """Pull the plug."""
        os.kill(self._child, signal.SIGKILL)
        self.end()

    def _read(self) -> bool:
        ready, _, _ = select.select([self._wire], [], [], _PATIENCE_SECONDS)
        try:
            data = os.read(self._wire, 65_536) if ready else b""
        except OSError:  # Linux: the other side is closed
            return False
        self.said += _ESCAPES.sub("", data.decode(errors="replace"))
        return bool(data)
