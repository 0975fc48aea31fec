"""The link chart: what cases have in common in one column, the cases beside it, lines between.

Many cases stand on both sides of it, so that fifty are seen at once. Cases are those that a start
is linked with, and for a further step those that they are linked with. Each column is sorted so
that what belongs together stands together and few lines cross. Where each stands is worked out
here; drawing is the template's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.console.features.links import link_views, linking
from app.console.features.links.linking import Link, Rules
from app.console.features.links.storage.links import Value
from app.console.occurrences.link_kinds import Sure
from app.console.rules import vocabulary
from app.console.vault import Transaction
from app.console.vault.records import cases
from app.console.web import case_views
from app.sentences.translatable import say
from app.sentences.values import Listing

STEPS = (1, 2)
CASES_MOST, VALUES_MOST = 60, 60
"""Boxes of each column; more are counted, and left to another start or to fewer kinds."""
_VALUE, _GAP, _CASE, _HIGH, _PITCH, _EDGE = 300, 130, 230, 28, 34, 12
ONE_SIDE = 16
"""So many cases stand below one another; more stand on both sides."""
_SORTED = 6
"""How often both columns are sorted by each other: the order of fifty hardly changes later."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box, of a case with its address or of a value; its place and size in pixels.

    ``id`` counts through the chart, ``near`` are those that a line leads to, ``name`` is what is
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
    """A line between two boxes, by id: an SVG path, and how sure it is (same, likely, maybe)."""

    path: str
    tone: str
    value: int
    case: int


@dataclass(frozen=True, slots=True)
class WalkRow:
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
    lines: list[WalkRow] = field(default_factory=list)
    width: int = 0
    height: int = 0
    more: int = 0


def walk(tx: Transaction, rules: Rules, start: str, steps: int, kinds: Iterable[str] = ()) -> Walk:
    """Go from a case so many steps; ``kinds`` narrows by what links, nothing shows all."""
    wanted = set(kinds)
    found = Walk()
    reached: dict[str, None] = {start: None}
    values: dict[str, Value] = {}
    joined: dict[tuple[str, str], Sure] = {}
    edge = [start]
    for _ in range(min(steps, STEPS[-1])):
        further: list[str] = []
        for case in edge:
            for value, some in linking.of_case(tx, rules, case).links:
                if wanted and value.kind not in wanted:
                    continue
                key = _key(value, some)
                if key not in values:
                    if len(values) == VALUES_MOST:
                        found.more += 1
                        continue
                    values[key] = value
                    found.lines.append(_line(case, value, some))
                joined[key, case] = some[0].sure
                for link in some:
                    if link.other not in reached:
                        if len(reached) == CASES_MOST:
                            found.more += 1
                            continue
                        reached[link.other] = None
                        further.append(link.other)
                    joined[key, link.other] = link.sure
        edge = further
    if values:
        _place(tx, found, start, list(reached), values, joined)
    return found


def _key(value: Value, some: list[Link]) -> str:
    return f"value-{min([value.id, *(link.theirs.id for link in some)])}"


def _line(case: str, value: Value, some: list[Link]) -> WalkRow:
    what = link_views.named(value)
    others = [
        (link.other, case_views.case_name(link.other), link_views.SURE[link.sure]) for link in some
    ]
    return WalkRow(case, case_views.case_name(case), what, others)


def _place(
    tx: Transaction,
    found: Walk,
    start: str,
    reached: list[str],
    values: dict[str, Value],
    joined: dict[tuple[str, str], Sure],
) -> None:
    keys, reached = _ordered(list(values), reached, joined, start)
    ids = {key: number for number, key in enumerate((*keys, *reached))}
    near: dict[str, list[str]] = {key: [] for key in ids}
    for value, case in joined:
        near[value].append(case)
        near[case].append(value)
    columns = _columns(keys, reached)
    high = _PITCH * max(len(column) for column, _, _ in columns)
    at: dict[str, Node] = {}
    for column, x, width in columns:
        for place, key in enumerate(column):
            is_case = key not in values
            words, below = _case_words(tx, key) if is_case else _value_words(values[key])
            at[key] = Node(
                id=ids[key],
                near=tuple(sorted(ids[one] for one in near[key])),
                name=_spoken(words, below, near[key], values),
                words=link_views.short(words),
                below=below,
                case=key if is_case else "",
                x=x,
                # A shorter column is spread over the height of the longest.
                y=round(_EDGE + (place + 0.5) * high / len(column) - _HIGH / 2, 1),
                width=width,
                start=key == start,
            )
    found.nodes = list(at.values())
    _, x, width = columns[-1]
    found.width, found.height = x + width + _EDGE, 2 * _EDGE + high
    for (value, case), sure in joined.items():
        path = _path(at[value], at[case])
        found.edges.append(Edge(path, link_views.tone(sure), ids[value], ids[case]))


def _columns(keys: list[str], reached: list[str]) -> list[tuple[list[str], int, int]]:
    """Return the columns from left to right: what stands in each, its place and width in pixels.

    Cases take turns between the sides, so that those that belong together stay at one height.
    """
    if len(reached) <= ONE_SIDE:
        return [(keys, _EDGE, _VALUE), (reached, _EDGE + _VALUE + _GAP, _CASE)]
    middle = _EDGE + _CASE + _GAP
    return [
        (reached[::2], _EDGE, _CASE),
        (keys, middle, _VALUE),
        (reached[1::2], middle + _VALUE + _GAP, _CASE),
    ]


def _ordered(
    keys: list[str], reached: list[str], joined: Iterable[tuple[str, str]], start: str
) -> tuple[list[str], list[str]]:
    """Sort each column by where, on average, the other end of its lines stands; the start first."""
    of_value: dict[str, list[str]] = {key: [] for key in keys}
    of_case: dict[str, list[str]] = {case: [] for case in reached}
    for value, case in joined:
        of_value[value].append(case)
        of_case[case].append(value)
    for _ in range(_SORTED):
        keys = sorted(keys, key=_middle(of_value, reached))
        reached = sorted(reached, key=_middle(of_case, keys))
        reached.remove(start)
        reached.insert(0, start)
    return keys, reached


def _middle(near: Mapping[str, Sequence[str]], other: Sequence[str]) -> Callable[[str], float]:
    places = {key: place / len(other) for place, key in enumerate(other)}
    return lambda key: sum(places[one] for one in near[key]) / max(1, len(near[key]))


def _case_words(tx: Transaction, case: str) -> tuple[str, str]:
    listed = cases.find(tx, case)
    return case_views.case_name(case), vocabulary.status_words(listed.status) if listed else ""


def _value_words(value: Value) -> tuple[str, str]:
    return link_views.shown(value), link_views.kind_words(value.kind)


def _spoken(words: str, below: str, near: list[str], values: dict[str, Value]) -> str:
    """Return what a box says aloud, for who does not see the lines.

    In its own words first, then what it is joined with.
    """
    others = [
        link_views.shown(values[one]) if one in values else case_views.case_name(one)
        for one in near
    ]
    box = say("{name}, {about}", name=words, about=below) if below else words
    if not others:
        return box
    return say("{box}; linked with {others}", box=box, others=Listing.of(others))


def _path(one: Node, other: Node) -> str:
    left, right = (one, other) if one.x < other.x else (other, one)
    x1, y1 = left.x + left.width, left.y + left.height / 2
    x2, y2 = right.x, right.y + right.height / 2
    middle = (x1 + x2) // 2
    return f"M{x1} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2} {y2:g}"
