"""How hard the work is: by what is to be stored, by the room in use, and by load. Pure arithmetic.

Room is what a flood takes for months, so its price counts when it is taken and not when a
challenge was fetched (``gate``). Load passes: it makes challenges harder, and no answer worse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.protocol.work import MOST_MAX

QUIET_SHARE = 0.25
"""Of the budget: below this rate of accepted proofs the line is at rest."""
LEAST_ENVELOPES = 25
"""A smaller batch costs as much as one of so many envelopes."""
_PARTS = 16
_FREE_PARTS = 4
"""Sixteenths of the room that cost what they do at rest; with each further one the work doubles."""
ROOM_DOUBLINGS = 8
"""What the last quarter of the room costs."""
_STEPS_PER_SECOND = 150
"""What the slowest phone that we think of does."""


@dataclass(frozen=True, slots=True)
class OccupiedSlots:
    """How many slots hold messages, and how many hold chunks."""

    messages: int = 0
    chunks: int = 0


def batch_steps(at_rest: int, envelopes: int) -> int:
    """Return the most steps that a batch of so many envelopes costs, with ``at_rest`` for few."""
    return math.ceil(at_rest * max(envelopes, LEAST_ENVELOPES) / LEAST_ENVELOPES)


def by_room(used: int, room: int) -> int:
    """Return how often the work is doubled where ``used`` of ``room`` slots are taken."""
    if used >= room:
        return ROOM_DOUBLINGS
    return min(ROOM_DOUBLINGS, max(0, used * _PARTS // room - _FREE_PARTS + 1))


def by_load(rate: float, budget: float) -> int:
    """Return how often the work is doubled at ``rate`` of a ``budget``, both by the second.

    A doubling begins at a quarter of the budget and with every doubling of the rate. Offers without
    valid work do not count in ``rate``: otherwise they could make the line hard for everyone at no
    cost.
    """
    quiet = budget * QUIET_SHARE
    return 0 if rate < quiet else 1 + math.floor(math.log2(rate / quiet))


def doubled(steps: int, doublings: int, most: int) -> int:
    """Return steps after so many doublings, at most ``most`` of them and what clients still do."""
    return min(steps << min(doublings, most), MOST_MAX)


def seconds_for(steps: int) -> int:
    """Return how long the slowest phone takes for so many steps."""
    return steps // _STEPS_PER_SECOND
