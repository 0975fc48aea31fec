"""One Tor, run as this user, for this console alone.

It is told everything at its standard input, and spoken to over a connection that it is given at its
start (``__OwningControllerFD``): there is no configuration file, no control port that others could
open, and no cookie. When that connection ends, however the console ends, Tor ends too. All of what
it is told waits for it before it is started: one that found less would run as the system's does, by
no bridge, with an open port, and after a console that was killed just then for ever. Its SOCKS port
is a Unix socket in a folder that only this user may enter.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from app.console.tor.tor_control import Control, TorGone

END_SECONDS = 2.0
KILLED_SECONDS = 0.5
_PLACES = os.pathsep.join(("/usr/bin", "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"))


def program() -> str | None:
    """Return the path of this computer's tor, None if there is none."""
    return shutil.which("tor") or shutil.which("tor", path=_PLACES)


class TorProcess:
    """A Tor that runs."""

    def __init__(self, process: subprocess.Popen[bytes], control: Control, sockets: Path) -> None:
        self._process = process
        self.control = control
        self._sockets = sockets

    @classmethod
    def start(cls, tor: str, data: Path, more: Sequence[str]) -> "TorProcess":
        """Start ``tor`` with its data in ``data`` and ``more`` lines of its configuration.

        Whether it runs is known once it answers (``greet``). Raises TorGone, OSError; then nothing
        of it is left.
        """
        if not all(line.isprintable() for line in more):
            raise TorGone("an impossible setting")
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        sockets = Path(tempfile.mkdtemp(prefix="quietline-tor-", dir=_runtime()))
        ours, its = socket.socketpair()
        try:
            lines = [
                f"DataDirectory {_quoted(data)}",
                f"SocksPort unix:{_quoted(sockets / 'socks')} IsolateSOCKSAuth ExtendedErrors",
                f"__OwningControllerFD {its.fileno()}",
                "ClientOnly 1",
                "AvoidDiskWrites 1",
                *more,
            ]
            with _waiting("".join(f"{line}\n" for line in lines).encode()) as configuration:
                process = subprocess.Popen(
                    # The system's own settings are for the system's Tor.
                    [tor, "--defaults-torrc", "/dev/null", "-f", "-", "--quiet"],
                    stdin=configuration.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=(its.fileno(),),
                    # Ctrl-C ends the console, which ends it.
                    start_new_session=True,
                )
        except BaseException:
            ours.close()
            shutil.rmtree(sockets, ignore_errors=True)
            raise
        finally:
            its.close()
        return cls(process, Control(ours), sockets)

    def greet(self) -> None:
        """Wait until it answers. Raises TorGone, TorRefuses."""
        self.control.ask("GETINFO version")

    @property
    def socks(self) -> str:
        """Return where its SOCKS port is, as a line's client takes it."""
        return f"unix:{self._sockets / 'socks'}"

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def give_key(self, onion: str, private: str) -> None:
        """Give it a key for an onion, which it keeps in memory. Raises TorGone, TorRefuses.

        ``onion`` is 56 characters, ``private`` base64. No setting may be changed afterwards: with
        each change Tor forgets the keys that are in no file.
        """
        self.control.ask(f"ONION_CLIENT_AUTH_ADD {onion} x25519:{private}")

    def end(self) -> None:
        """End it: it has lost its owner. Return when it has ended."""
        self.control.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def kill(self) -> None:
        """End it without asking, whoever speaks with it; wait for that no longer than a moment."""
        self.control.break_off()
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(KILLED_SECONDS)


@contextmanager
def _waiting(text: bytes) -> Iterator[socket.socket]:
    """Yield what a program reads a text from, all of which is in it already, and then its end.

    A socket: a pipe has room for less than twenty bridges where its user has many.

    Raises TorGone if there is no room for it.
    """
    ours, its = socket.socketpair()
    with ours, its:
        ours.setblocking(False)
        try:
            if ours.send(text) != len(text):
                raise TorGone("more than can be told")
        except BlockingIOError:
            raise TorGone("more than can be told") from None
        ours.close()
        yield its


def _runtime() -> str | None:
    """Return the user's folder in memory, where the system has one; a socket's path must be short.

    Else the system's folder for temporary files.
    """
    place = os.environ.get("XDG_RUNTIME_DIR", "")
    return place if place and os.access(place, os.W_OK) and len(place) < 60 else None


def _quoted(path: Path) -> str:
    """Return a path as a value of Tor's configuration."""
    text = str(path.absolute())
    if not text.isprintable():
        raise TorGone("an impossible path")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
