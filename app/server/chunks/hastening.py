"""Word from ``quietline server prune`` to the server that writes: chunks of some days go sooner.

One process alone may write to the slots of chunks, so a command beside it leaves a file of three
days a line, which the server takes at its next epoch or start. It tells no more than what an
operator typed: which days, and until when.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from app.files.writing import PRIVATE, sync_folder, write_whole

_LEFT, _TAKEN = "sooner", "sooner.taken"


class Order(NamedTuple):
    """Chunks that expire from day ``first`` to ``last`` expire by ``until``; none lives longer."""

    first: int
    last: int
    until: int

    def means(self, day: int) -> bool:
        """Say whether it changes a chunk that expires on this day."""
        return self.first <= day <= self.last and day > self.until


def leave(folder: Path, order: Order) -> None:
    """Add an order, durably and whole."""
    lines = [" ".join(map(str, one)) for one in (*_read(folder / _LEFT), order)]
    text = "\n".join(lines) + "\n"
    # Typed by root, read by the server's user, whatever root's umask.
    write_whole(folder / _LEFT, text.encode(), mode=PRIVATE, like=folder)


def take(folder: Path) -> list[Order]:
    """Return what is to be done now; ``done`` says that it was. What is left meanwhile waits."""
    if not (folder / _TAKEN).exists() and (folder / _LEFT).exists():
        (folder / _LEFT).rename(folder / _TAKEN)
    return _read(folder / _TAKEN)


def done(folder: Path) -> None:
    """Forget what was taken."""
    (folder / _TAKEN).unlink(missing_ok=True)
    sync_folder(folder)


def _read(path: Path) -> list[Order]:
    """Return a file's orders. A line that is none is none."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return []
    parts = [line.split() for line in lines]
    return [
        Order(*map(int, one))
        for one in parts
        if len(one) == len(Order._fields) and all(word.isdecimal() for word in one)
    ]
