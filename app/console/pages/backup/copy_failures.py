"""What went wrong with a copy, in words for who has no terminal; no half file is left then."""

import errno

from app.console.errors import ConsoleError
from app.console.pages.backup.disks import fat_words
from app.sentences.translatable import said_by, say

_FULL = (errno.ENOSPC, errno.EDQUOT)


class JobEnded(Exception):
    """Somebody, or a lock, told it to end."""


def in_words(error: BaseException, disk: str) -> str:
    """Say what went wrong; ``disk`` is what the disk is called, empty for a download."""
    if isinstance(error, JobEnded):
        return say("It was ended. There is no new copy.")
    if isinstance(error, ConsoleError):
        return said_by(error)
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return fat_words()
    if isinstance(error, OSError) and error.errno in _FULL and disk:
        return say("{disk} is full. There is no copy on it. Make room, or take another.", disk=disk)
    if isinstance(error, OSError) and error.errno in _FULL:
        return say("This computer's disk is full. There is no copy. Make room, then try again.")
    if isinstance(error, OSError) and disk:
        return say(
            "{disk} was pulled out, or cannot be written to. There is no copy on it. Put it in "
            "again, or take another.",
            disk=disk,
        )
    return say(
        "The copy could not be made ({name}). Nothing was changed. Try again; if it keeps "
        "happening, tell whoever looks after Quietline.",
        name=type(error).__name__,
    )
