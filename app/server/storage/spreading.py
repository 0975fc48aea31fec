"""Keeping what is in random slots spread over all of them alike when slots are added.

If only new arrivals went into new slots, being there would say "came later". So with each added
slot something moves into it with just the probability that it would be there had the slot always
existed: at every moment each arrangement is as likely as any other, whatever came when. (Fisher and
Yates' shuffle, continued one slot at a time.)
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TypeVar

from app.protocol.group import Rng

Item = TypeVar("Item")


def moves(held: Sequence[Item], first: int, count: int, rng: Rng) -> dict[int, Item]:
    """Return what moves into the added slots ``first`` to ``first + count - 1``, by slot.

    ``held``: everything that lies, each thing in a slot of its own, in the ``first`` slots so far.
    """
    moving: dict[int, int] = {}
    taken: dict[int, int] = {}
    for slot in range(first, first + count):
        at = below(slot + 1, rng)  # of so many slots this is one
        if at < len(held):
            moving.pop(taken.get(at, -1), None)  # it moves on from a slot added just before
            moving[slot] = at
            taken[at] = slot
    return {slot: held[at] for slot, at in moving.items()}


def below(number: int, rng: Rng) -> int:
    """Return a random number from 0 to ``number - 1``."""
    return int.from_bytes(rng(8)) % number


def draws(count: int, number: int, rng: Rng) -> list[int]:
    """Return ``count`` random numbers from 0 to ``number - 1``."""
    return [drawn % number for drawn in struct.unpack(f">{count}Q", rng(8 * count))]
