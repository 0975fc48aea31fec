"""The copy of the database that lies beside it for a backup (``app.console.vault.copies.archive``).

It holds all that the vault holds at that moment, also what is destroyed later: so it is overwritten
before it is removed, and one that a killed backup left goes when the vault is opened next.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.console.errors import ConsoleError
from app.files.erasing import erase
from app.files.locks import take_lock
from app.sentences.translatable import say

NAME = "copy.db"
HANDED_OUT = "backup.tar"
"""A whole copy that a browser is to download, and what is written of it."""
_LOCK_NAME = "backup.lock"


@contextmanager
def copying(folder: Path) -> Iterator[Path]:
    """Give a place for the copy, gone afterwards. Raises ConsoleError if one is being made."""
    with _held(folder) as held:
        if not held:
            raise ConsoleError(
                say("A backup of this case store is being made already. Nothing was done.")
            )
        _clear(folder)
        try:
            yield folder / NAME
        finally:
            _clear(folder)


def clear_left(folder: Path) -> None:
    """Remove what a killed backup left, not what one at work needs."""
    with _held(folder) as held:
        if held:
            _clear(folder)
            clear_handed_out(folder)


def clear_handed_out(folder: Path) -> None:
    """Remove what was made for a download: it was taken, or will not be."""
    for left in folder.glob(f"{HANDED_OUT}*"):
        erase(left)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    try:
        descriptor = take_lock(folder / _LOCK_NAME)
    except BlockingIOError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{NAME}*"):
        erase(left)
