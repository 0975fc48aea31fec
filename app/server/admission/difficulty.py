"""How hard the work is: it doubles with load, and with occupancy above half. Pure arithmetic."""

from __future__ import annotations

import math

QUIET_SHARE = 0.25
"""Of the budget: below this rate of accepted proofs the line is at rest."""


def doublings(rate: float, budget: float, used: int, room: int, most: int) -> int:
    """Return how often the work at rest is doubled, at most ``most`` times.

    ``rate`` and ``budget`` are reports a second; ``used`` of ``room`` slots hold messages. A
    doubling begins at a quarter of the budget and with every doubling of the rate, and at half
    full and with every halving of what is left. Offers without valid work do not count in
    ``rate``: otherwise they could make the line hard for everyone at no cost.
    """
    return min(most, _by_load(rate, budget) + _by_room(used, room))


def _by_load(rate: float, budget: float) -> int:
    quiet = budget * QUIET_SHARE
    if rate < quiet:
        return 0
    return 1 + math.floor(math.log2(rate / quiet))


def _by_room(used: int, room: int) -> int:
    if used * 2 <= room:
        return 0
    left = max(room - used, 1)
    return 1 + math.floor(math.log2(room / 2 / left))
