"""The agency's own commands, on danger and on deafness: a program's file, run as it is.

It is given no argument, no input and nothing of a case: that it runs is all it is told. No shell
reads its name. It has half a minute, one of a kind runs at a time, and not more often than once a
minute: what comes meanwhile has it run once more. What became of it is told on the console.

A console that locks becomes another process while one may run (ADR 0040): it is handed over, by
its number, and ended in time all the same.
"""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.sentences.translatable import say

RUN_SECONDS, PAUSE_SECONDS = 30.0, 60.0
_NOWHERE = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
]


@dataclass(slots=True)
class Running:
    """A command at work: by which option, its process, until when (seconds of the clock)."""

    option: str
    pid: int
    until: float
    ended: bool = False
    """Whether it took too long and was told to end."""


class Commands:
    """Commands that are wanted, and those that run.

    ``ticks`` is a clock of seconds that is never set back; ``clock`` gives the time of day in
    words.
    """

    def __init__(self, ticks: Callable[[], float], clock: Callable[[], str]) -> None:
        self._ticks = ticks
        self._clock = clock
        self._wanted: dict[str, Path] = {}
        self._began: dict[str, float] = {}
        self._running: dict[str, Running] = {}
        self._troubles: dict[str, str] = {}

    @property
    def trouble(self) -> str:
        """What went wrong with the last run of each, in words; empty for nothing."""
        troubles = list(self._troubles.values())
        # At most two: of danger, and of a console that hears nothing.
        return (
            say("{first} {second}", first=troubles[0], second=troubles[1])
            if troubles[1:]
            else (troubles[0] if troubles else "")
        )

    def want(self, option: str, program: Path | None) -> None:
        """Have a command run, at once or as soon as it may; none for None."""
        if program is not None:
            self._wanted[option] = program

    def go_on(self) -> None:
        """Begin what is wanted, end what takes too long, and note what became of it."""
        for one in list(self._running.values()):
            self._look_after(one)
        for option, program in list(self._wanted.items()):
            rested = self._ticks() - self._began.get(option, -PAUSE_SECONDS) >= PAUSE_SECONDS
            if rested and option not in self._running:
                del self._wanted[option]
                self._begin(option, program)

    def handed(self) -> list[dict[str, Any]]:
        """Return what runs, for the process that comes after this one."""
        return [
            {"option": o.option, "pid": o.pid, "until": o.until} for o in self._running.values()
        ]

    def take_over(self, handed: Sequence[dict[str, Any]]) -> None:
        """Look after what the process before this one began."""
        self._running |= {one["option"]: Running(**one) for one in handed}

    def end(self) -> None:
        """End what runs, at once: the console ends."""
        for one in self._running.values():
            _kill(one.pid)
            with suppress(ChildProcessError):
                os.waitpid(one.pid, 0)
        self._running.clear()

    def _begin(self, option: str, program: Path) -> None:
        now = self._began[option] = self._ticks()
        # What is set for the console is no business of what it starts.
        own = {k: v for k, v in os.environ.items() if not k.startswith("QUIETLINE_")}
        try:
            pid = os.posix_spawn(
                program, [str(program)], own, file_actions=[*_NOWHERE, *_inherited()], setsid=True
            )  # fmt: skip
        except OSError as error:
            self._troubles[option] = say(
                "The command of {option} could not be started ({reason}), at {time}.",
                option=option, reason=error.strerror, time=self._clock(),
            )  # fmt: skip
            return
        self._running[option] = Running(option, pid, now + RUN_SECONDS)

    def _look_after(self, one: Running) -> None:
        try:
            done, status = os.waitpid(one.pid, os.WNOHANG)
        except ChildProcessError:
            done, status = one.pid, 0
        if not done:
            if self._ticks() >= one.until and not one.ended:
                one.ended = True
                _kill(one.pid)
            return
        del self._running[one.option]
        code = os.waitstatus_to_exitcode(status)
        if one.ended:
            self._troubles[one.option] = say(
                "The command of {option} took longer than {seconds} seconds and was ended, at "
                "{time}.",
                option=one.option, seconds=round(RUN_SECONDS), time=self._clock(),
            )  # fmt: skip
        elif code < 0:
            self._troubles[one.option] = say(
                "The command of {option} was ended by signal {number}, at {time}.",
                option=one.option, number=-code, time=self._clock(),
            )  # fmt: skip
        elif code:
            self._troubles[one.option] = say(
                "The command of {option} failed with exit code {number}, at {time}.",
                option=one.option, number=code, time=self._clock(),
            )  # fmt: skip
        else:
            self._troubles.pop(one.option, None)


def _inherited() -> list[tuple[int, int]]:
    """Return what closes each file of ours that a program would be given besides its three."""
    found = []
    for number in map(int, os.listdir("/dev/fd")):  # noqa: PTH208
        with suppress(OSError):
            if number > 2 and os.get_inheritable(number):
                found.append((os.POSIX_SPAWN_CLOSE, number))
    return found


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
