"""A table as shapes in pixels of a sheet 560 wide: ``pictures`` paints them as SVG or PNG alike.

Its words are said when it is drawn, in one language or with the English under them; in a language
from the right the whole sheet is mirrored.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.console.features.statistics.counting import HORIZONTAL, LINE, Table
from app.console.features.statistics.rounding import FEW, SMALL, words
from app.sentences.language import Language
from app.sentences.side_by_side import SideBySide
from app.sentences.translatable import say
from app.sentences.values import Listing, Moment

WIDTH = 560
_TOP, _PLOT, _FOOT = 18, 190, 26
_LEFT, _RIGHT = 36, 12
_ROW, _BAR, _NAMES = 26, 14, 250
_BESIDE = 13
"""How much lower the English stands, where it stands beside."""
_NUMBER = 64
_NAME_MAX = 38
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
    """Text; ``x`` is where it begins, has its middle or ends (``anchor``), ``y`` its base line.

    ``anchor`` is as its letters run: what runs from the right begins at its right end.
    """

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = SOFT
    direction: str = "ltr"
    small: bool = False
    """Whether it is the English under other words."""


Shape = Box | Path | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet and what stands on it; ``label`` is its table in one sentence."""

    height: float
    label: str
    shapes: list[Shape] = field(default_factory=list)


def draw(table: Table, language: Language, *, beside: bool = False) -> Drawing:
    """Return the table's picture, by its shape; ``beside`` puts the English under its words."""
    sheet = _Sheet(language, beside=beside and language.locale is not None)
    if table.shape == HORIZONTAL:
        return sheet.horizontal(table)
    return sheet.over_time(table, curve=table.shape == LINE)


class _Sheet:
    def __init__(self, language: Language, *, beside: bool) -> None:
        self._language, self._both = language, SideBySide(language)
        self._beside = _BESIDE if beside else 0

    def horizontal(self, table: Table) -> Drawing:
        """Return bars that lie, one for each group, with its name."""
        row = _ROW + self._beside
        shapes: list[Shape] = []
        most = _most(table)
        for number, (name, count) in enumerate(table.rows):
            y = number * row + 6
            shapes += self._words(_NAMES - 10, y + 12, name, "end", TEXT, short=True)
            long = _value(count) / most * (WIDTH - _NAMES - _NUMBER)
            if count:
                look = HATCHED if count == FEW else BAR
                shapes.append(Box(_NAMES, y, max(long, 2), _BAR, look))
            shown = f"<{SMALL}" if count == FEW else words(count)
            shapes.append(Words(_NAMES + max(long, 2) + 6, y + 12, shown))
        if not table.rows:
            shapes += self._words(WIDTH / 2, 20, say("Nothing in this time"), "middle")
        return self._drawn(max(1, len(table.rows)) * row + 8, table, shapes)

    def over_time(self, table: Table, *, curve: bool) -> Drawing:
        """Return bars that stand, or a line, by the week."""
        shapes: list[Shape] = []
        step = _step(_most(table))
        top = step * math.ceil(_most(table) / step)
        for tick in range(0, top + 1, step):
            y = _TOP + _PLOT * (1 - tick / top)
            shapes.append(Path(((_LEFT, y), (WIDTH - _RIGHT, y)), RULE))
            shapes.append(Words(_LEFT - 6, y + 4, str(tick), "end"))
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
                shapes.append(Box(middle - wide / 2, _TOP + _PLOT - high, wide, high, look))
            if number % every == 0:
                date = Moment.of(name.at, "short") if isinstance(name, Moment) else name
                shapes += self._words(middle, _TOP + _PLOT + 18, date, "middle")
        if curve:
            shapes.append(Path(tuple(points)))
        return self._drawn(_TOP + _PLOT + _FOOT + self._beside, table, shapes)

    def _words(
        self, x: float, y: float, text: str, anchor: str, look: str = SOFT, *, short: bool = False
    ) -> Iterable[Words]:
        said, source = self._both.pair(text)
        yield Words(x, y, _short(said) if short else said, anchor, look)
        if self._beside and source:
            shown = _short(source) if short else source
            yield Words(x, y + _BESIDE, shown, anchor, SOFT, small=True)

    def _drawn(self, height: float, table: Table, shapes: list[Shape]) -> Drawing:
        leftward = self._language.direction == "rtl"
        return Drawing(height, _label(table), list(map(_turned, shapes)) if leftward else shapes)


def _turned(shape: Shape) -> Shape:
    """Return a shape as in a mirror; its words keep the way in which they run."""
    if isinstance(shape, Box):
        return replace(shape, x=WIDTH - shape.x - shape.width)
    if isinstance(shape, Path):
        return replace(shape, points=tuple((WIDTH - x, y) for x, y in shape.points))
    x = WIDTH - shape.x
    if shape.small:
        other = {"start": "end", "end": "start"}.get(shape.anchor, shape.anchor)
        return replace(shape, x=x, anchor=other)
    return replace(shape, x=x, direction="rtl")


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
    """Return a name that has room beside its bar; a wide letter (UAX 11) takes that of two."""
    used = 0
    for place, char in enumerate(name):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > _NAME_MAX:
            return name[: max(1, place - 1)].rstrip() + "…"
    return name
