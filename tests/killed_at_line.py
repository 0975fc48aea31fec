"""A child that is killed at a line of certain code: what a power cut leaves in the middle."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Collection
from types import FrameType
from typing import Any


def comes_to_its_end(act: Callable[[], None], code: Collection[str | None], line: int) -> bool:
    """Run ``act`` in a child and kill it at a line of ``code`` (files), counted as they run.

    Return whether it came to its end before; one that fails raises ChildProcessError. Only
    in a process with one thread, which may fork.
    """
    child = os.fork()
    if child == 0:
        left = [line]

        def count(frame: FrameType, event: str, _: Any) -> Any:
            if frame.f_code.co_filename not in code:
                return None
            if event == "line":
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        failed = 1
        try:
            sys.settrace(count)
            act()
            failed = 0
        finally:
            os._exit(failed)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, -signal.SIGKILL):
        raise ChildProcessError(f"It ended with {ended} before line {line}.")
    return ended == 0
