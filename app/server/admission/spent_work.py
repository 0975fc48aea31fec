"""Which proofs were spent, until they expire anyway: in this process's memory, never on a disk.

``SharedStore`` is what several servers need besides, to count as one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

_SWEEP_SECONDS = 30


class StoreDown(Exception):
    """The store that servers share did not answer."""


class SharedStore(Protocol):
    """A store that several servers share. Every call may raise StoreDown."""

    @property
    def is_up(self) -> bool:
        """Whether it may be asked: it answered last time, or has had time to recover."""

    async def spend(self, nonce: bytes, uses: int, expires: int) -> bool:
        """Take one of an answer's ``uses``, good until a Unix second; False if none is left."""

    async def give_back(self, nonce: bytes) -> None:
        """Return a use that bought nothing."""

    async def take(self, what: str, per_second: float) -> bool:
        """Take one of the line's ``per_second`` of ``what``, if one is left."""

    async def close(self) -> None:
        """Let go of the store."""


class SpentWork:
    """Counts the uses of proofs. It holds only proofs whose work was done, so work bounds it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._spent: dict[bytes, tuple[int, int]] = {}
        self._next_sweep = 0.0

    def __len__(self) -> int:
        return len(self._spent)

    def __contains__(self, nonce: bytes) -> bool:
        return nonce in self._spent

    def spend(self, nonce: bytes, uses: int, expires: int) -> bool:
        """Take one of a proof's ``uses``; it expires at a Unix second. False if none is left."""
        self._sweep()
        before, _ = self._spent.get(nonce, (0, expires))
        if before >= uses:
            return False
        self._spent[nonce] = (before + 1, expires)
        return True

    def give_back(self, nonce: bytes) -> None:
        """Return a use that bought nothing: the server refused for a reason of its own."""
        if nonce in self._spent:
            before, expires = self._spent[nonce]
            self._spent[nonce] = (max(0, before - 1), expires)

    def _sweep(self) -> None:
        now = self._clock()
        if now < self._next_sweep:
            return
        self._next_sweep = now + _SWEEP_SECONDS
        self._spent = {
            nonce: (uses, expires)
            for nonce, (uses, expires) in self._spent.items()
            if expires > now
        }
