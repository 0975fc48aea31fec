"""The plan of the house stays one that can be drawn: bars that may sink and never rise.

Rooms are the modules and packages directly inside a folder, arrows the imports between them, floors
the longest chain of rooms, loose a room that is a single module (grimp, import-linter's own graph).
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import grimp
import pytest
from grimp import ImportGraph

DOUBLED_MAX = 0.03
"""The share of modules whose file name another module bears too."""
DOUBLED_CLASSES_MAX = 0.16
"""The share of public classes whose name another one bears too; it was 0.23."""


@dataclass(frozen=True)
class Plan:
    """What is counted of a folder; ``circles`` are rooms that reach themselves."""

    rooms: int
    floors: int
    arrows: int
    loose: int
    circles: frozenset[str]


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    return grimp.build_graph("app", cache_dir=None)


def uses(graph: ImportGraph, folder: str) -> dict[str, set[str]]:
    """Return the rooms of a folder, each with those that it imports from."""
    inside = [m for m in graph.modules if m.startswith(f"{folder}.")]

    def room(module: str) -> str:
        return module.removeprefix(f"{folder}.").split(".")[0]

    below: defaultdict[str, set[str]] = defaultdict(set, {room(m): set() for m in inside})
    for module in inside:
        for other in graph.find_modules_directly_imported_by(module):
            if other.startswith(f"{folder}.") and room(other) != room(module):
                below[room(module)].add(room(other))
    return below


def plan(graph: ImportGraph, folder: str) -> Plan:
    below = uses(graph, folder)
    rooms = set(below)
    heights: dict[str, int] = {}
    left = set(rooms)
    while ready := {one for one in left if below[one] <= heights.keys()}:
        heights |= {one: 1 + max((heights[o] for o in below[one]), default=0) for one in ready}
        left -= ready
    return Plan(
        rooms=len(rooms),
        floors=max(heights.values(), default=0),
        arrows=sum(len(to) for to in below.values()),
        loose=sum(not graph.find_children(f"{folder}.{one}") for one in rooms),
        circles=frozenset(left),
    )


@pytest.mark.parametrize(
    ("folder", "bars"),
    [
        ("app.console", Plan(18, 10, 78, 3, frozenset())),
        ("app.console.vault", Plan(14, 7, 32, 5, frozenset())),
        ("app.server", Plan(10, 5, 29, 2, frozenset())),
        ("app.cli", Plan(10, 3, 15, 3, frozenset())),
    ],
)
def test_a_folder_can_be_drawn(graph: ImportGraph, folder: str, bars: Plan) -> None:
    is_now = plan(graph, folder)
    assert is_now.circles == bars.circles
    assert is_now.rooms <= bars.rooms
    assert is_now.floors <= bars.floors
    assert is_now.arrows <= bars.arrows
    assert is_now.loose <= bars.loose


@pytest.mark.parametrize(
    ("folder", "left_out", "number"),
    [
        ("app.console", {"vault", "rules", "errors"}, 0),
        ("app.server", {"settings", "logs"}, 1),
        ("app.console.vault", {"database"}, 2),
    ],
)
def test_the_drawing_in_the_architecture_is_what_is_imported(
    graph: ImportGraph, folder: str, left_out: set[str], number: int
) -> None:
    text = Path("docs/architecture.md").read_text(encoding="utf-8")
    drawing = text.split("### Who uses whom")[1].split("```")[1::2][number]
    drawn = {}
    for row in drawing.strip().splitlines():
        room, _, named = row.partition("→")
        # What follows two blanks is a remark.
        drawn[room.strip()] = {*named.removeprefix(" ").split("  ")[0].split(", ")} - {""}
    imported = {room: below - left_out for room, below in uses(graph, folder).items()}
    assert drawn == {room: below for room, below in imported.items() if below or room in drawn}


def test_few_names_stand_twice(graph: ImportGraph) -> None:
    modules = [m for m in graph.modules if not graph.find_children(m)]
    stems = Counter(m.rsplit(".", 1)[1] for m in modules)
    twice = sum(count for count in stems.values() if count > 1)
    assert twice / len(modules) <= DOUBLED_MAX, sorted(s for s in stems if stems[s] > 1)


def test_few_classes_have_the_name_of_another() -> None:
    names = Counter(
        node.name
        for path in Path("app").rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    twice = sum(count for count in names.values() if count > 1)
    assert twice / names.total() <= DOUBLED_CLASSES_MAX, sorted(n for n in names if names[n] > 1)


def test_no_folder_has_rooms_that_reach_themselves() -> None:
    """What is imported for types alone does not count: a sentence may name its language."""
    graph = grimp.build_graph("app", cache_dir=None, exclude_type_checking_imports=True)
    folders = sorted({module.rpartition(".")[0] for module in graph.modules if "." in module})
    circles = {folder: plan(graph, folder).circles for folder in folders}
    assert {folder: rooms for folder, rooms in circles.items() if rooms} == {}


@pytest.mark.parametrize("folder", ["app.console", "app.server"])
def test_each_room_has_its_tests_in_a_room_of_the_same_name(
    graph: ImportGraph, folder: str
) -> None:
    packages = [one for one in graph.find_children(folder) if graph.find_children(one)]
    tried = [Path("tests", *one.split(".")[1:]) for one in packages]
    assert len(tried) > 5
    assert [str(one) for one in tried if not [*one.rglob("test_*.py")]] == []
