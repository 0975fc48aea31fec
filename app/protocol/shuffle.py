"""Putting things into a random order that an observer learns nothing from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from app.protocol.group import Rng

Item = TypeVar("Item")


def shuffled(items: Iterable[Item], rng: Rng) -> list[Item]:
    """Return the items in a uniform random order: sorted by 16 fresh random bytes each."""
    return [item for _, _, item in sorted((rng(16), i, item) for i, item in enumerate(items))]
