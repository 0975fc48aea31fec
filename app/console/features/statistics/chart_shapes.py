"""A table as shapes in pixels of a sheet 560 wide: ``pictures`` paints them as SVG or PNG alike."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from app.console.features.statistics.counting import HORIZONTAL, LINE, VERTICAL, Table
from app.console.features.statistics.rounding import FEW, SMALL, words
from app.sentences.translatable import say
from app.sentences.values import Listing, Moment

WIDTH = 560
_TOP, _PLOT, _FOOT = 18, 190, 26
_LEFT, _RIGHT = 36, 12
_ROW, _BAR, _NAMES = 26, 14, 250
_NUMBER = 64
_LABELS = 6
"""So many dates at most stand under bars or a line."""
BAR, HATCHED, RULE, CURVE, TEXT, SOFT = "bar", "few", "rule", "curve", "text", "soft"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    look: str = BAR


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    look: str = CURVE


@dataclass(frozen=True, slots=True)
class Words:
    """Text; ``x`` is where it begins, has its middle or ends (``anchor``), ``y`` its base line."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = SOFT


Shape = Box | Path | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet and what stands on it; ``label`` is its table in one sentence."""

    height: float
    label: str
    shapes: list[Shape] = field(default_factory=list)


def draw(table: Table) -> Drawing:
    """Return the table's picture, by its shape."""
    if table.shape == VERTICAL:
        return _over_time(table, curve=False)
    return _over_time(table, curve=True) if table.shape == LINE else _horizontal(table)


def _horizontal(table: Table) -> Drawing:
    drawing = Drawing(max(1, len(table.rows)) * _ROW + 8, _label(table))
    most = _most(table)
    for number, (name, count) in enumerate(table.rows):
        y = number * _ROW + 6
        drawing.shapes.append(Words(_NAMES - 10, y + 12, _short(name), "end", TEXT))
        long = _value(count) / most * (WIDTH - _NAMES - _NUMBER)
        if count:
            look = HATCHED if count == FEW else BAR
            drawing.shapes.append(Box(_NAMES, y, max(long, 2), _BAR, look))
        shown = f"<{SMALL}" if count == FEW else words(count)
        drawing.shapes.append(Words(_NAMES + max(long, 2) + 6, y + 12, shown))
    if not table.rows:
        drawing.shapes.append(Words(WIDTH / 2, 20, say("Nothing in this time"), "middle"))
    return drawing


def _over_time(table: Table, *, curve: bool) -> Drawing:
    drawing = Drawing(_TOP + _PLOT + _FOOT, _label(table))
    step = _step(_most(table))
    top = step * math.ceil(_most(table) / step)
    for tick in range(0, top + 1, step):
        y = _TOP + _PLOT * (1 - tick / top)
        drawing.shapes.append(Path(((_LEFT, y), (WIDTH - _RIGHT, y)), RULE))
        drawing.shapes.append(Words(_LEFT - 6, y + 4, str(tick), "end"))
    room = (WIDTH - _LEFT - _RIGHT) / max(1, len(table.rows))
    points = []
    every = math.ceil(len(table.rows) / _LABELS)
    for number, (name, count) in enumerate(table.rows):
        middle = _LEFT + room * (number + 0.5)
        high = _PLOT * _value(count) / top
        if curve:
            points.append((middle, _TOP + _PLOT - high))
        elif count:
            look = HATCHED if count == FEW else BAR
            wide = max(1.5, room * 0.7)
            drawing.shapes.append(Box(middle - wide / 2, _TOP + _PLOT - high, wide, high, look))
        if number % every == 0:
            date = Moment.of(name.at, "short") if isinstance(name, Moment) else name
            drawing.shapes.append(Words(middle, _TOP + _PLOT + 18, date, "middle"))
    if curve:
        drawing.shapes.append(Path(tuple(points)))
    return drawing


def _label(table: Table) -> str:
    rows = table.rows
    if not rows:
        return say("{title}: nothing in this time.", title=table.title)
    if table.shape != HORIZONTAL and len(rows) > 2 * _LABELS:
        low, high = min(map(_plain, rows)), max(map(_plain, rows))
        return say(
            "{title}, {weeks} weeks: from {low} to {high} a week. All in the table.",
            title=table.title,
            weeks=len(rows),
            low=low,
            high=high,
        )
    said = Listing.of(
        say("{name} {number}", name=name, number=words(count)) for name, count in rows
    )
    return say("{title}: {numbers}.", title=table.title, numbers=said)


def _plain(row: tuple[str, int]) -> int:
    return 0 if row[1] == FEW else row[1]


def _value(count: int) -> float:
    return SMALL / 2 if count == FEW else count


def _most(table: Table) -> float:
    return max((_value(count) for _, count in table.rows), default=0) or 1


def _step(most: float) -> int:
    """Return the step at which four or five lines at most stand, at round numbers."""
    rough = max(1.0, most / 4)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(one * power for one in (1, 2, 5, 10) if one * power >= rough))


def _short(name: str) -> str:
    return name if len(name) <= 38 else name[:37].rstrip() + "…"
