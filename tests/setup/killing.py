"""Kills a set-up at its effects, one after the other, and lets it go on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

_EFFECTS = {
    "os.rename",
    "os.mkdir",
    "os.link",
    "os.remove",
    "os.rmdir",
    "shutil.copyfile",
    "setup.call",
}


def killed_until_done(act: Callable[[], None], after_each: Callable[[], None]) -> int:
    """Run ``act`` in processes that are killed ever later, until one comes to its end.

    An effect is a file that gets its name, a folder, a copy, a program that is run. Return how
    often it was killed. ``after_each`` looks at what is there then.
    """
    kills = 0
    while True:
        child = os.fork()
        if child == 0:
            _end_after(act, int(2 * 1.5**kills))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            kills += 1
            after_each()
            continue
        assert status == 0, status
        return kills


def _end_after(act: Callable[[], None], effects: int) -> None:
    left = effects

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event in _EFFECTS:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        sys.addaudithook(hook)
        act()
        code = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(code)
