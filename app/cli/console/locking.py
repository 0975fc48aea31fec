"""A console that locks becomes another process: nothing of what it had in memory is there any more.

Python cannot wipe what it read (ADR 0040). So the program is begun anew in the same process (exec):
the system takes all memory away at once, and what is begun is given the listening socket, the
address that open pages know, how many passphrases were wrong, and practice that runs beside it. It
comes through a pipe: arguments and environment of a process are not its own secret.
"""

import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

from app.console.features.practice.child import PracticeChild, Practising
from app.console.web.alarm.duty import Left
from app.console.web.passphrase_attempts import Guesses, boot_seconds
from app.console.web.running_console import Console

FLAG = "--locked"
FIRST_OWN = 3
"""Files before it are input, output and errors."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a locked console is given by the one that was open; nothing in it is of the vault.

    ``listening`` is the socket's number, ``root`` the path before all addresses, ``until`` seconds
    since the machine was started. ``left`` says since when nothing is looked for, ``commands`` are
    the agency's that still run, ``asleep`` is for how many seconds the machine has slept. ``place``
    is the descriptor by which a second start finds the console, if there is one.
    """

    listening: int
    root: str
    wrong: int
    until: float
    practice: dict[str, Any] | None
    left: dict[str, Any] | None
    commands: list[dict[str, Any]]
    asleep: float
    place: int | None

    @classmethod
    def of(cls, console: Console, listening: int, place: int | None) -> "Handed":
        """Take down what a console and its practice leave to the next process."""
        beside = console.companion
        running = beside.running if isinstance(beside, PracticeChild) else None
        practice = asdict(running) if running and running.address else None
        guesses = console.guesses
        alarm = console.alarm
        return cls(
            listening,
            console.access.root,
            guesses.wrong,
            guesses.until,
            practice,
            asdict(console.left) if console.left else None,
            alarm.commands.handed(),
            alarm.deafness.asleep,
            place,
        )

    @classmethod
    def take(cls, number: int) -> "Handed":
        """Read it from the pipe of this number, once."""
        with os.fdopen(number, "rb") as pipe:
            return cls(**json.loads(pipe.read()))

    def socket(self) -> socket.socket:
        """Return the listening socket; callers that came meanwhile wait in it."""
        os.set_inheritable(self.listening, False)
        return socket.socket(fileno=self.listening)

    def settle(self, console: Console) -> None:
        """Let the new console go on where the other one was.

        It goes on counting wrong passphrases, knows since when it does not look, and has the
        practice and the commands that run.
        """
        if self.place is not None:
            os.set_inheritable(self.place, False)
        console.guesses = Guesses(boot_seconds, self.wrong, self.until)
        console.left = Left(**self.left) if self.left else None
        console.alarm.commands.take_over(self.commands)
        console.alarm.deafness.asleep = self.asleep
        if self.practice is not None:
            running = Practising(**self.practice)
            for number in (running.input, running.output):
                os.set_inheritable(number, False)
            console.companion = PracticeChild(console.folder, running)


def begin_anew(handed: Handed) -> NoReturn:
    """End everything that this process does and has, and begin it as a locked console.

    What is durable stays, as after a kill; nothing is acknowledged before it is durable. Where the
    program cannot be begun, the process ends.
    """
    read, write = os.pipe()
    os.write(write, json.dumps(asdict(handed)).encode())
    kept = {handed.listening, read}
    if handed.place is not None:
        kept.add(handed.place)
    if handed.practice:
        kept |= {handed.practice["input"], handed.practice["output"]}
    try:
        for number in _open_files():
            with suppress(OSError):
                os.set_inheritable(number, number in kept)
        os.execv(sys.executable, _command(read))
    finally:
        os._exit(1)


def _open_files() -> list[int]:
    return [int(one) for one in os.listdir("/dev/fd") if int(one) >= FIRST_OWN]  # noqa: PTH208


def _command(number: int) -> list[str]:
    """Return the command as it was given, with the interpreter's options, for a locked console."""
    given = [one for one in sys.argv[1:] if not one.startswith(f"{FLAG}=")]
    before = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv) + 1]
    place = given.index("run") + 1
    return [sys.executable, *before, *given[:place], f"{FLAG}={number}", *given[place:]]
