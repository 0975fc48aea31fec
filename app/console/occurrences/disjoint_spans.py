"""Stretches of a text that do not overlap: who comes first keeps the place. Pure."""

from __future__ import annotations

from bisect import bisect_left


class DisjointSpans:
    """They are kept in order: a text full of them costs by its length, not by its square."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> bool:
        """Take the characters from ``start`` to before ``end`` if all are free; say whether."""
        at = bisect_left(self._starts, end)
        if at and self._ends[at - 1] > start:
            return False
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True
