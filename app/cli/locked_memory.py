"""What every command does first: its memory ends on no disk, and no other program may read it."""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4


def keep_to_itself() -> None:
    """Let no core dump of this process be made, and none but root look into it.

    On Linux the second holds the first too where a program takes the dumps, which a limit of 0 does
    not stop (core(5), prctl(2)). Programs that are started get the limit alone.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
