"""The picture of links, from one case to others: columns of cases and of what they share.

A column of cases, one of what they have in common with others, one of those cases, and for a
further step the same again. Where each stands is worked out here; drawing is the template's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.console.features.links import link_views, linking
from app.console.features.links.linking import Link, Rules
from app.console.features.links.storage.links import Value
from app.console.occurrences.link_kinds import Sure
from app.console.rules import vocabulary
from app.console.vault import Transaction, cases
from app.console.web import view_models

STEPS = (1, 2)
COLUMN_MOST = 24
"""Nodes of a column; more are counted and left to the walk."""
_CASE, _VALUE, _GAP, _HIGH, _PITCH, _EDGE = 136, 214, 64, 44, 56, 14


@dataclass(frozen=True, slots=True)
class Node:
    """A box, of a case with its address or of a value; its place and size in pixels.

    ``id`` counts through the picture, ``near`` are those that a line leads to, ``name`` is what is
    said of it aloud.
    """

    id: int
    near: tuple[int, ...]
    name: str
    words: str
    below: str
    case: str
    x: int
    y: float
    width: int
    height: int = _HIGH
    start: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from box to box: an SVG path, and how sure it is (same, likely, maybe)."""

    path: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """The same as a sentence: a case, what it shares, with which cases."""

    case: str
    name: str
    what: str
    others: list[tuple[str, str, str]]


@dataclass(slots=True)
class Walk:
    """All that the page shows; ``more`` counts what found no place."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    width: int = 0
    height: int = 0
    more: int = 0


def walk(tx: Transaction, rules: Rules, start: str, steps: int, kinds: Iterable[str] = ()) -> Walk:
    """Walk from a case so many steps; ``kinds`` narrows by what links, nothing shows all."""
    wanted = set(kinds)
    found = Walk()
    columns: list[list[str]] = [[start]]
    placed: dict[str, int] = {start: 0}
    joined: dict[tuple[str, str], Sure] = {}
    values: dict[str, Value] = {}
    for step in range(min(steps, STEPS[-1])):
        between: list[str] = []
        reached: list[str] = []
        for case in columns[-1]:
            for value, some in linking.of_case(tx, rules, case).links:
                if wanted and value.kind not in wanted:
                    continue
                key = _key(value, some)
                if key not in placed:
                    if len(between) == COLUMN_MOST:
                        found.more += 1
                        continue
                    placed[key] = 2 * step + 1
                    values[key] = value
                    between.append(key)
                    found.lines.append(_line(case, value, some))
                joined[case, key] = some[0].sure
                for link in some:
                    if link.other not in placed:
                        if len(reached) == COLUMN_MOST:
                            found.more += 1
                            continue
                        placed[link.other] = 2 * step + 2
                        reached.append(link.other)
                    joined[link.other, key] = link.sure
        if not between:
            break
        columns += [between, reached]
        if not reached:
            break
    _place(tx, found, columns, values, joined)
    return found


def _key(value: Value, some: list[Link]) -> str:
    return f"value-{min([value.id, *(link.theirs.id for link in some)])}"


def _line(case: str, value: Value, some: list[Link]) -> Line:
    what = f"{link_views.kind_words(value.kind)} {link_views.shown(value)}"
    others = [
        (link.other, view_models.case_name(link.other), link_views.SURE[link.sure]) for link in some
    ]
    return Line(case, view_models.case_name(case), what, others)


def _place(
    tx: Transaction,
    found: Walk,
    columns: list[list[str]],
    values: dict[str, Value],
    joined: dict[tuple[str, str], Sure],
) -> None:
    tallest = max(map(len, columns))
    ids = {key: number for number, key in enumerate(key for column in columns for key in column)}
    # Of what found no place, no line is drawn either.
    drawn = {pair: sure for pair, sure in joined.items() if ids.keys() >= set(pair)}
    at: dict[str, Node] = {}
    x = _EDGE
    for number, column in enumerate(columns):
        width = _VALUE if number % 2 else _CASE
        top = _EDGE + (tallest - len(column)) * _PITCH / 2
        for place, key in enumerate(column):
            near = [other for pair in drawn if key in pair for other in pair if other != key]
            words, below = _value_words(values[key]) if number % 2 else _case_words(tx, key)
            at[key] = Node(
                id=ids[key],
                near=tuple(sorted(ids[one] for one in near)),
                name=_spoken(words, below, near, values),
                words=link_views.short(words),
                below=below,
                case="" if number % 2 else key,
                x=x,
                y=top + place * _PITCH,
                width=width,
                start=x == _EDGE,
            )
        x += width + _GAP
    found.nodes = list(at.values())
    found.width, found.height = x - _GAP + _EDGE, 2 * _EDGE + tallest * _PITCH - (_PITCH - _HIGH)
    for (case, key), sure in drawn.items():
        found.edges.append(Edge(_path(at[case], at[key]), link_views.tone(sure)))


def _case_words(tx: Transaction, case: str) -> tuple[str, str]:
    listed = cases.find(tx, case)
    return view_models.case_name(case), vocabulary.status_words(listed.status) if listed else ""


def _value_words(value: Value) -> tuple[str, str]:
    return link_views.shown(value), link_views.kind_words(value.kind)


def _spoken(words: str, below: str, near: list[str], values: dict[str, Value]) -> str:
    """Return what a box says aloud, for who does not see the lines.

    In its own words first, then what it is joined with.
    """
    others = ", ".join(
        link_views.shown(values[one]) if one in values else view_models.case_name(one)
        for one in near
    )
    return f"{words} {below}; linked with {others}" if others else f"{words} {below}"


def _path(one: Node, other: Node) -> str:
    left, right = (one, other) if one.x < other.x else (other, one)
    x1, y1 = left.x + left.width, left.y + left.height / 2
    x2, y2 = right.x, right.y + right.height / 2
    middle = (x1 + x2) / 2
    return f"M{x1} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2} {y2:g}"
