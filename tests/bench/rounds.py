"""Measuring side by side: rounds in which each side has its turn, and the median of each.

Whatever else the machine does meets both sides alike, and one bad moment moves no median.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Protocol


class Bar(Protocol):
    """Shows how far a bench is."""

    def begin(self, steps: int) -> None:
        """Say how many steps there will be, more than those said before."""

    def step(self) -> None:
        """One more is done."""


@dataclass(frozen=True)
class Size:
    """How much is measured: rounds, and a share of each round's full number of requests."""

    rounds: int
    share: float

    @property
    def is_full(self) -> bool:
        """Whether the results are worth anything."""
        return self.share == 1

    def of(self, full: int, least: int = 2) -> int:
        """Return this size's number for a full one."""
        return max(least, round(full * self.share))


FULL = Size(7, 1)
SMOKE = Size(1, 0.02)
"""Just enough to run every line, for the tests."""


def interleave(rounds: int, sides: Mapping[str, Callable[[], float]], bar: Bar) -> dict[str, float]:
    """Return the median of what each side's turns returned.

    Every other round goes through the sides backwards, so that none always follows the same one.
    """
    bar.begin(rounds)
    results: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in names:
            results[name].append(sides[name]())
        bar.step()
    return {name: median(values) for name, values in results.items()}
