"""Who forks, watches and replaces: the process that was started, where there are helpers.

It has no thread, no event loop and no data, so it can fork at any time. It forks one keeper and
helpers for it, and forks again whoever dies: a helper alone; with a keeper its helpers, which were
nothing without it, and whose spent work is forgotten, so that work is asked for anew. Meanwhile
callers wait at the listening sockets, which stay open. It ends with the keeper when told to stop,
or when the keeper could not start; when it dies itself, keeper and helpers end.

Between it and the keeper is a socket pair (``watch``): HELPER with the end of a new helper's
channel, and STOP, go to the keeper; STARTED comes back.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from app.protocol.group import Rng
from app.server.admission.gate import WORK_KEY_BYTES
from app.server.logs import say

HELPER, STOP, STARTED = b"helper", b"stop", b"started"
SIGNALS = (signal.SIGTERM, signal.SIGINT)

_EARLY_SECONDS = 5.0
_PAUSE_SECONDS = 1.0
"""Who died within the first seconds is replaced after a pause: what fails at once fails again."""

Serve = Callable[[socket.socket, bytes], None]
"""Serves until told to stop, with this process's end of a socket pair and the key of work."""


class Crew:
    """A keeper and ``helpers`` helpers of it, in processes of their own."""

    def __init__(self, helpers: int, keep: Serve, help_at: Serve, rng: Rng) -> None:
        self._count = helpers
        self._keep = keep
        self._help_at = help_at
        self._rng = rng
        self._stopping = False
        self._watch: socket.socket | None = None
        self._born: dict[int, float] = {}
        """When each process of the crew was forked."""

    def run(self) -> int:
        """Keep a crew at work until SIGTERM or SIGINT; returns an exit code."""
        for one in SIGNALS:
            signal.signal(one, self._stop)
        while (code := self._lead_one()) is None:
            say(logging.ERROR, "keeper-replaced")
        return code

    def _lead_one(self) -> int | None:
        """Lead a crew until its keeper ends; None: it died and another must follow."""
        watch, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._watch, key = watch, self._rng(WORK_KEY_BYTES)
        try:
            keeper = self._fork(self._keep, theirs, watch, key)
            theirs.close()
            for _ in range(self._count):
                self._add_helper(key)
            while True:
                pid, status = os.waitpid(-1, 0)
                lived = time.monotonic() - self._born.pop(pid)
                if not self._stopping and lived < _EARLY_SECONDS:
                    time.sleep(_PAUSE_SECONDS)
                if pid == keeper:
                    break
                if not self._stopping:
                    say(logging.ERROR, "helper-replaced")
                    self._add_helper(key)
            self._see_off()
            return self._exit_code(status, watch)
        finally:
            self._watch = None
            watch.close()

    def _add_helper(self, key: bytes) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._fork(self._help_at, theirs, ours, key)
            if self._watch is not None:
                with suppress(OSError):  # the keeper has died: the next turn of waiting says so
                    socket.send_fds(self._watch, [HELPER], [ours.fileno()])

    def _fork(self, serve: Serve, end: socket.socket, other: socket.socket, key: bytes) -> int:
        pid = os.fork()
        if pid == 0:
            for mine in {other, self._watch}:  # else it would go unnoticed that the other is gone
                if mine is not None:
                    mine.close()
            _work(serve, end, key)
        self._born[pid] = time.monotonic()
        return pid

    def _see_off(self) -> None:
        """End helpers and wait for them: their keeper is gone, they hold nothing."""
        for pid in self._born:
            os.kill(pid, signal.SIGKILL)
        for pid in self._born:
            os.waitpid(pid, 0)
        self._born.clear()

    def _exit_code(self, status: int, watch: socket.socket) -> int | None:
        """Return how the whole ends with this keeper; None if it shall be replaced."""
        code = os.waitstatus_to_exitcode(status)
        try:
            started = watch.recv(len(STARTED), socket.MSG_DONTWAIT) == STARTED
        except OSError:
            started = False
        if code == 0 and started:
            return 0
        if started and not self._stopping:
            return None
        return code if code > 0 else 1

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        if self._watch is not None:
            with suppress(OSError):
                self._watch.send(STOP)


def ignore_signals() -> None:
    """Let SIGTERM and SIGINT pass: uvicorn raises them once more when it has stopped gracefully."""
    for one in SIGNALS:
        signal.signal(one, lambda *_: None)


def _work(serve: Serve, end: socket.socket, key: bytes) -> NoReturn:
    code = 1
    try:
        ignore_signals()
        serve(end, key)
        code = 0
    except SystemExit as ended:  # uvicorn's word for a start that failed, and why is logged
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # nothing of this process may go on in the other's code
        traceback.print_exc(limit=0)
    finally:
        os._exit(code)
