"""The link chart: what is shared in one column, cases in the other, and fifty of them readable."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.console.features.links import link_walk
from app.console.features.links.link_walk import Walk, walk
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
    middle = {one.id: one.y for one in found.nodes}
    ends = [(middle[one.value], middle[one.case]) for one in found.edges]
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for n, a in enumerate(ends) for b in ends[n + 1 :])


def test_fifty_cases_stand_apart_in_one_column_and_what_they_share_in_the_other(
    ana: Vault,
) -> None:
    plates = [f"plate AB1{n} CDE" for n in range(4)]
    start = keep(ana, ", ".join((PHONE, *plates)))
    groups = [[keep(ana, plate) for _ in range(12)] for plate in plates]
    found = chart(ana, start, 2)
    cases = [one for one in found.nodes if one.case]
    assert {one.case for one in cases} == {start, *(case for some in groups for case in some)}
    assert len(cases) == 49
    assert found.more == 0
    for column in (cases, [one for one in found.nodes if not one.case]):
        assert len({one.x for one in column}) == 1
        places = sorted(one.y for one in column)
        assert all(b - a >= column[0].height for a, b in pairwise(places))
    assert len(found.edges) == 4 + 48
    assert max(one.x + one.width for one in found.nodes) <= found.width
    assert max(one.y + one.height for one in found.nodes) <= found.height
    # What shares a plate stands together: only the start's own lines cross any.
    assert crossings(found) <= 3 * 48
    order = [one.case for one in sorted(cases, key=lambda one: one.y)]
    assert order[0] == start
    for some in groups:
        among = sorted(order.index(case) for case in some)
        assert among == list(range(among[0], among[0] + len(some)))


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
