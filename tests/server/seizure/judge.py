"""What the analyst's findings are worth, against what really happened. All as z: 0 is chance.

Everything is compared within a day only, since the day is known: to the analyst that is generous.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import eq

from tests.server.seizure.analyst import Evidence
from tests.server.seizure.week import Sent, Truth, Uploaded

ARRIVAL, OTHERS = 4.0, 5.0
"""Beyond so many sigma it is no chance: what is promised. Of the many other questions one passes 4
now and then. By chance alone one run in a thousand passes one of them, and is looked at again."""
_SHUFFLES = 100
_NEAR = 3
"""So many places apart counts as near."""

Thing = Sent | Uploaded


def order(places: Mapping[Hashable, float], things: Mapping[Hashable, Thing]) -> float:
    """Return z of Kendall's tau between a physical order and that of arrival, day by day."""
    total, variance = 0.0, 0.0
    for day in _by_day(places, things).values():
        points = [(things[one].turn, places[one]) for one in day]
        n = len(points)
        for i in range(n):
            turn, place = points[i]
            for j in range(i):
                later = turn - points[j][0]
                if later:
                    beyond = place - points[j][1]
                    total += ((beyond > 0) - (beyond < 0)) * (1 if later > 0 else -1)
        ties = defaultdict(int)
        for turn, _ in points:
            ties[turn] += 1
        tied = sum(t * (t - 1) * (2 * t + 5) for t in ties.values())
        variance += (n * (n - 1) * (2 * n + 5) - tied) / 18
    return total / math.sqrt(variance) if variance else 0.0


def told(
    feature: Mapping[Hashable, float],
    things: Mapping[Hashable, Thing],
    label: Callable[[Thing], bool],
) -> float:
    """Return z of the rank-sum test between those with a label and those without, day by day."""
    total, variance = 0.0, 0.0
    for day in _by_day(feature, things).values():
        ranked = _ranks([feature[one] for one in day])
        mine = [rank for rank, one in zip(ranked, day, strict=True) if label(things[one])]
        n, m = len(day), len(mine)
        if 0 < m < n:
            mean = sum(ranked) / n
            spread = sum((rank - mean) ** 2 for rank in ranked) / (n - 1)
            total += sum(mine) - m * mean
            variance += m * (n - m) / n * spread
    return total / math.sqrt(variance) if variance else 0.0


class Labels:
    """Whom each thing belongs to, and the same after labels changed places within each day."""

    def __init__(
        self,
        found: Iterable[Hashable],
        things: Mapping[Hashable, Thing],
        group: Callable[[Thing], Hashable],
    ) -> None:
        rng = random.Random(4)
        there = dict.fromkeys(found)
        days = _by_day(there, things).values()
        self.true = {one: group(things[one]) for day in days for one in day}
        self.mixed: list[dict[Hashable, Hashable]] = []
        for _ in range(_SHUFFLES):
            mixed: dict[Hashable, Hashable] = {}
            for day in days:
                moved = [self.true[one] for one in day]
                rng.shuffle(moved)
                mixed |= zip(day, moved, strict=True)
            self.mixed.append(mixed)

    def near(self, places: Mapping[Hashable, float]) -> float:
        """Return z of how often things of one group lie near each other."""
        row = [one for one in sorted(places, key=lambda one: places[one]) if one in self.true]

        def count(labels: Mapping[Hashable, Hashable]) -> int:
            held = list(map(labels.__getitem__, row))
            return sum(sum(map(eq, held, held[n:])) for n in range(1, _NEAR + 1))

        return self._z(count)

    def alike(self, values: Mapping[Hashable, Hashable]) -> float:
        """Return z of how often things of one group have the same value."""
        row = [one for one in values if one in self.true]

        def count(labels: Mapping[Hashable, Hashable]) -> int:
            pairs = Counter((labels[one], values[one]) for one in row)
            return sum(n * (n - 1) // 2 for n in pairs.values())

        return self._z(count)

    def _z(self, count: Callable[[Mapping[Hashable, Hashable]], int]) -> float:
        others = [count(mixed) for mixed in self.mixed]
        mean = sum(others) / len(others)
        spread = math.sqrt(sum((one - mean) ** 2 for one in others) / (len(others) - 1))
        return (count(self.true) - mean) / (spread or 1.0)


def guessed(
    features: Mapping[Hashable, Sequence[float]],
    things: Mapping[Hashable, Thing],
    label: Callable[[Thing], bool],
) -> float:
    """Return z of a classifier (naive Bayes) over all features, taught on every other message."""
    row = [one for one in features if one in things]
    random.Random(5).shuffle(row)
    scores: dict[Hashable, float] = {}
    for half in (0, 1):
        taught, asked = row[half::2], row[1 - half :: 2]
        models = []
        for wanted in (True, False):
            members = [features[one] for one in taught if label(things[one]) == wanted]
            models.append([_moments(column) for column in zip(*members, strict=True)])
        for one in asked:
            yes, no = (_likelihood(features[one], model) for model in models)
            scores[one] = yes - no
    return told(scores, things, label)


def _moments(column: Iterable[float]) -> tuple[float, float]:
    values = list(column)
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / len(values) + 1e-9


def _likelihood(values: Sequence[float], model: Sequence[tuple[float, float]]) -> float:
    return sum(
        -math.log(variance) / 2 - (value - mean) ** 2 / (2 * variance)
        for value, (mean, variance) in zip(values, model, strict=True)
    )


def _by_day(
    found: Mapping[Hashable, object], things: Mapping[Hashable, Thing]
) -> dict[int, list[Hashable]]:
    days: dict[int, list[Hashable]] = defaultdict(list)
    for one in found:
        if one in things:
            days[things[one].day].append(one)
    return days


def _ranks(values: Sequence[float]) -> list[float]:
    where: dict[float, list[int]] = defaultdict(list)
    for position, value in enumerate(sorted(values)):
        where[value].append(position)
    return [sum(where[value]) / len(where[value]) for value in values]


LABELS: dict[str, Callable[[Sent], bool]] = {
    "report or not": lambda one: one.kind == "report",
    "reply or not": lambda one: one.kind == "reply",
    "desk message or not": lambda one: one.kind == "desk",
    "which desk": lambda one: one.desk == 1,
    "for a reporter or not": lambda one: one.owner == -1,
}
GROUPS: dict[str, Callable[[Sent], Hashable]] = {
    "one reporter": lambda one: one.reporter if one.reporter >= 0 else (one.turn,),
    "one batch": lambda one: one.turn,
}


def verdict(evidence: Evidence, truth: Truth) -> dict[str, float]:
    """Return z for everything that the analyst must not know, by name."""
    z = {}
    for what, orders, values, things in (
        ("messages", evidence.orders, evidence.values, truth.messages),
        ("chunks", evidence.chunk_orders, evidence.chunk_values, truth.chunks),
    ):
        groups = GROUPS if what == "messages" else {"one reporter": lambda one: one.reporter}
        found = {one for held in (orders | values).values() for one in held}
        labels = {name: Labels(sorted(found), things, group) for name, group in groups.items()}
        for feature, held in (orders | values).items():
            z[f"{what}: arrival by {feature}"] = order(held, things)
            # Of places, and of values that are hardly ever equal, near counts.
            scattered = len(set(held.values())) > len(held) / 8
            for name, of in labels.items():
                z[f"{what}: {name} by {feature}"] = of.near(held) if scattered else of.alike(held)
    for name, label in LABELS.items():
        for feature, held in (evidence.orders | evidence.values).items():
            z[f"messages: {name} by {feature}"] = told(held, truth.messages, label)
        z[f"messages: {name} by everything"] = guessed(evidence.features(), truth.messages, label)
    return z


def better_than_chance(z: Mapping[str, float]) -> dict[str, float]:
    """Return what lies beyond chance."""
    return {
        name: round(value, 1)
        for name, value in z.items()
        if abs(value) >= (ARRIVAL if "arrival" in name else OTHERS)
    }
