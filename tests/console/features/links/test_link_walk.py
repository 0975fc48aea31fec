"""The link chart: what is shared in one column, cases beside it, and fifty of them readable."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.console.features.links import link_walk
from app.console.features.links.link_walk import Node, Walk, walk
from app.console.features.links.linking import Rules
from app.console.features.links.storage import link_index
from app.console.line import trusted_line
from app.console.vault import Vault
from tests.console.features.links.test_linking import PHONE, ana, keep

__all__ = ["ana"]


def chart(vault: Vault, start: str, steps: int) -> Walk:
    link_index.read_on(vault, 1)
    known = trusted_line.load(vault)
    with vault.read() as tx:
        return walk(tx, Rules(tx, known), start, steps)


def crossings(found: Walk) -> int:
    """Return how many lines cross, on each side of what is shared."""
    place = {one.id: (one.x, one.y) for one in found.nodes}
    ends = [(place[one.value][1], *place[one.case]) for one in found.edges]
    pairs = ((a, b) for n, a in enumerate(ends) for b in ends[n + 1 :] if a[1] == b[1])
    return sum((a[0] - b[0]) * (a[2] - b[2]) < 0 for a, b in pairs)


def columns(found: Walk) -> list[list[Node]]:
    """Return what stands below one another, from left to right, each from the top."""
    at = sorted({one.x for one in found.nodes})
    return [sorted((n for n in found.nodes if n.x == x), key=lambda n: n.y) for x in at]


def test_fifty_cases_stand_apart_on_both_sides_of_what_they_share(ana: Vault) -> None:
    plates = [f"plate AB1{n} CDE" for n in range(4)]
    start = keep(ana, ", ".join((PHONE, *plates)))
    groups = [[keep(ana, plate) for _ in range(12)] for plate in plates]
    found = chart(ana, start, 2)
    left, shared, right = columns(found)
    assert not any(one.case for one in shared)
    every = [one.case for one in (*left, *right)]
    assert sorted(every) == sorted([start, *(case for some in groups for case in some)])
    assert found.more == 0
    assert found.height <= 900, "fifty are seen at once on a screen of 1080 pixels"
    assert found.width <= 1_100, "and beside one another on one of 1366"
    for column in (left, shared, right):
        assert all(b.y - a.y >= a.height for a, b in pairwise(column))
    for one, other in pairwise((left, shared, right)):
        assert one[0].x + one[0].width < other[0].x
    assert len(found.edges) == 4 + 48
    assert max(one.x + one.width for one in found.nodes) <= found.width
    assert max(one.y + one.height for one in found.nodes) <= found.height
    # What shares a plate stands together: only the start's own lines cross any.
    assert crossings(found) <= 3 * 24
    assert left[0].case == start
    for column in (left, right):
        order = [one.case for one in column]
        for some in groups:
            among = sorted(order.index(case) for case in some if case in order)
            assert among == list(range(among[0], among[0] + len(among)))
            assert len(among) == 6


def test_a_few_cases_stand_below_one_another(ana: Vault) -> None:
    start = keep(ana, PHONE)
    for _ in range(link_walk.ONE_SIDE - 1):
        keep(ana, PHONE)
    shared, cases = columns(chart(ana, start, 1))
    assert [bool(one.case) for one in shared] == [False]
    assert cases[0].case == start
    keep(ana, PHONE)
    assert len(columns(chart(ana, start, 1))) == 3


def test_what_has_no_place_is_counted(ana: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    start = keep(ana, "plate AB12 CDE, plate AB13 CDE")
    for number in (12, 13):
        for _ in range(18):
            keep(ana, f"plate AB{number} CDE")
    found = chart(ana, start, 1)
    assert found.more == 0
    monkeypatch.setattr(link_walk, "CASES_MOST", 10)
    found = chart(ana, start, 1)
    assert sum(bool(one.case) for one in found.nodes) == 10
    assert found.more == 27
    assert len(found.edges) == 2 + 9
