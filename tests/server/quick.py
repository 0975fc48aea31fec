"""Real server processes that start in a fraction of a second, for tests that kill them often.

They are forked from a process that has imported everything already, on a Unix socket of their own.
What runs in them is ``quietline server run`` and nothing else.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from tests.working import Working


def run(environment: Mapping[str, str], words: list[str], said: Connection) -> None:
    """Become ``quietline server WORDS``; what it says on stderr goes to ``said``."""
    from app.cli.server.server_commands import app

    os.environ.update(environment)
    os.dup2(said.fileno(), 2)
    app(words)


class QuickServer:
    """A running server; ``said`` grows with what it writes to stderr."""

    def __init__(self, environment: Mapping[str, str], socket: Path, *options: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(
            ["app.cli.server.server_commands", "app.server.storage.postgres", "psycopg"]
        )
        reading, writing = context.Pipe(duplex=False)
        words = ["run", "--uds", str(socket), *options]
        self.socket = socket
        self.said: list[str] = []
        self.child = context.Process(target=run, args=(dict(environment), words, writing))
        self._started = threading.Event()
        self.child.start()
        writing.close()
        self._reader = threading.Thread(target=self._read, args=(reading,))
        self._reader.start()
        self._started.wait(240)
        if not any('"started"' in line for line in self.said):
            self.kill()
            raise AssertionError("".join(self.said))

    def _read(self, pipe: Connection) -> None:
        with contextlib.suppress(OSError), os.fdopen(os.dup(pipe.fileno()), "r") as lines:
            pipe.close()
            for line in lines:
                self.said.append(line)
                if '"started"' in line:
                    self._started.set()
        self._started.set()  # or it has ended, and said why

    def client(self) -> httpx.Client:
        """Return a client of this server."""
        transport = httpx.HTTPTransport(uds=str(self.socket))
        return httpx.Client(
            transport=transport, base_url="http://line", timeout=120, auth=Working()
        )

    def send(self, number: int) -> None:
        """Send a signal to the process, if it is still there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.child.pid, number)

    def kill(self) -> None:
        """Kill it at once."""
        self.stop(signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Stop it with a signal and return its exit code."""
        self.send(number)
        self.child.join(120)
        self._reader.join(120)
        return self.child.exitcode
