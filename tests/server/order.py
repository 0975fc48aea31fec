"""How much one order says about another: Kendall's tau, and its spread if it says nothing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence


def kendall_tau(order: Sequence[int]) -> float:
    """Return tau of a sequence against its own positions: 1 the same order, 0 nothing, -1 reverse.

    Ties count for neither.
    """
    pairs = list(itertools.combinations(order, 2))
    return sum((second > first) - (second < first) for first, second in pairs) / len(pairs)


FAR = 5
"""So many standard deviations are no chance: unrelated orders are so once in a million runs."""


def sigma(n: int) -> float:
    """Return the standard deviation of tau between two unrelated orders of n things."""
    return math.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))
