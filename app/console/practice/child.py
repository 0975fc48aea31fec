"""Practice as a process of its own, beside a running console: neither can see the other's memory.

It ends with the console: it reads from a pipe that the system closes when the console is gone.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

from app.console.errors import ConsoleError

END_SECONDS = 5


class PracticeChild:
    """At most one process; `folder` is where progress stays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._address = ""
        self._opening = threading.Lock()

    def open(self) -> str:
        """An address for the browser: a link that signs it in once, where practice had to be
        started; the plain one where it runs. Raises ConsoleError.
        """
        with self._opening:  # two clicks start one
            return self._open()

    def _open(self) -> str:
        if self._process is not None and self._process.poll() is None:
            return self._address
        command = ["console", "practice", str(self._folder), "--port", "0", "--with-console"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.entry", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = self._process.stdout.readline() if self._process.stdout else ""
        try:
            said = json.loads(first)
            self._address = f"{said['console']}/practice"
            return str(said["login"])
        except (ValueError, KeyError, TypeError):
            self.end()
            raise ConsoleError(
                "Practice did not start. At a terminal, this says why: "
                f"quietline console practice {self._folder}"
            ) from None

    def end(self) -> None:
        """Ends the process, if there is one; it removes its vault."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.communicate(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
