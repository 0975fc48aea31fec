"""One process that reads a hostile file: started, fed, bounded by a clock, ended with its children.

What it says is not looked at here, but for how much it is.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.console.errors import FileProblem


@dataclass(slots=True)
class Running:
    """The processes at work, so that all can be ended at once when the console locks."""

    _now: set[int] = field(default_factory=set)
    _stopped: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begun(self, pid: int) -> None:
        """Note that a process has begun."""
        with self._lock:
            self._now.add(pid)

    def ended(self, pid: int) -> bool:
        """Say whether it had been stopped from here."""
        with self._lock:
            self._now.discard(pid)
            stopped = pid in self._stopped
            self._stopped.discard(pid)
            return stopped

    def stop_all(self) -> None:
        """End every process that is at work."""
        with self._lock:
            for pid in self._now:
                _kill(pid)
            self._stopped |= self._now


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process said, at most one byte more than it might, and how it ended.

    ``code`` is its exit code, below zero or above 128 for a signal; ``late`` that its time was
    over, ``stopped`` that the console was locked. ``seconds`` are how long it was at work: of its
    processor time nobody tells who is outside its sandbox, and this is not less.
    """

    said: bytes
    code: int
    late: bool
    stopped: bool
    seconds: float


def run(
    command: Sequence[str], file: Iterable[bytes], *, most: int, patience: float, running: Running
) -> Ended:
    """Give it the file's bytes and take at most ``most`` of its own, for ``patience`` seconds.

    Raises FileProblem if the file's bytes cannot be had.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
        cwd="/",
        close_fds=True,
        start_new_session=True,
    )
    began, late = time.monotonic(), threading.Event()

    def end_it() -> None:
        late.set()
        _kill(process.pid)

    with process:
        running.begun(process.pid)
        _first_to_go(process.pid)
        timer = threading.Timer(patience, end_it)
        timer.start()
        lost: list[FileProblem] = []
        feeder = threading.Thread(target=_feed, args=(process, iter(file), lost), daemon=True)
        feeder.start()
        try:
            said = process.stdout.read(most + 1) if process.stdout else b""
            if len(said) <= most:
                # Ended, but not yet taken away: its number is still its own, and its group's.
                _await_end(process)
        finally:
            timer.cancel()
            stopped = running.ended(process.pid)
            _kill(process.pid)
            feeder.join()
        code = process.wait()
    if lost:
        raise lost[0]
    return Ended(said, code, late.is_set(), stopped, time.monotonic() - began)


def _await_end(process: "subprocess.Popen[bytes]") -> None:
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:
        process.wait()  # macOS before Python 3.13


def _kill(pid: int) -> None:
    """End the process and all that it started: within the sandbox they die with bubblewrap."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _first_to_go(pid: int) -> None:
    """Let the kernel end this process first where memory runs out, before any browser."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000")


def _feed(
    process: "subprocess.Popen[bytes]", pieces: Iterator[bytes], lost: list[FileProblem]
) -> None:
    # A process that has seen enough closes its end; that is not an error here.
    if process.stdin is None:
        return
    try:
        with suppress(BrokenPipeError), process.stdin:
            for piece in pieces:
                process.stdin.write(piece)
    except FileProblem as problem:
        lost.append(problem)
