"""A conversation with Tor (control-spec): a command, its answer, one after the other.

Only what the console needs, over a connection that Tor was given at its start and that nobody else
has. An answer is bounded in bytes and time: Tor is ours, but what it says comes from a network.
"""

import re
import socket
from contextlib import suppress
from typing import IO

ANSWER_MAX = 64 * 1024
SECONDS = 10.0
_PHASE = re.compile(r'PROGRESS=(\d{1,3})\b.*?\bTAG=([a-z0-9_]{1,40})\b(?:.*?\bWARNING="([^"]*)")?')


class TorGone(Exception):
    """Tor does not answer, or not as Tor does; it is at its end."""


class TorRefuses(Exception):
    """Tor says no to a command; the text is its reason."""


class Control:
    """One connection; not for two threads at once, but for ``break_off``."""

    def __init__(self, wire: socket.socket) -> None:
        wire.settimeout(SECONDS)
        self._wire = wire
        self._lines: IO[bytes] = wire.makefile("rb")

    def ask(self, command: str) -> list[str]:
        """Send a command of one line; return its answer's lines. Raises TorGone, TorRefuses."""
        if not command.isprintable():
            raise TorRefuses("more than one line")
        try:
            self._wire.sendall(command.encode("ascii") + b"\r\n")
            return self._answer()
        except (OSError, ValueError) as error:
            raise TorGone(type(error).__name__) from None

    def phase(self) -> tuple[int, str, str]:
        """Return how far Tor is on its way into the network.

        As percent, its own word for the step, and what hinders it, if it says so.
        """
        found = _PHASE.search(" ".join(self.ask("GETINFO status/bootstrap-phase")))
        return (min(int(found[1]), 100), found[2], found[3] or "") if found else (0, "", "")

    def break_off(self) -> None:
        """End it for whoever waits for an answer, too: by any thread, and it waits for none."""
        with suppress(OSError):
            self._wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it; a Tor that was started with this connection ends with it."""
        self._lines.close()
        self._wire.close()

    def _answer(self) -> list[str]:
        said: list[str] = []
        left = ANSWER_MAX
        while True:
            raw = self._lines.readline(left)
            left -= len(raw)
            if not raw.endswith(b"\n"):
                raise TorGone("cut off")
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            said.append(line[4:])
            if line[3:4] == " ":
                if not line.startswith("2"):
                    raise TorRefuses(line[4:])
                return said
