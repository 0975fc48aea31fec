"""When a case that a desk gave up is destroyed, and which is proposed: the rules alone."""

from __future__ import annotations

import pytest

from app.console.rules import keeping
from app.console.rules.changes import STATUS
from app.console.rules.merge import CaseState
from tests.console.running_line import DAY

NOW_HERE = 1_800_000_000
CLOSED_NOW = {STATUS: "closed/referred", keeping.DESTROY_ON: keeping.destruction_day(NOW_HERE)}
WEEK = keeping.UNDO_DAYS * DAY


def a_state(**others: str) -> CaseState:
    said = CLOSED_NOW | {name.replace("_", "-"): value for name, value in others.items()}
    stamp = (NOW_HERE, 0, "ana", 1, 0)
    return CaseState(fields={name: (stamp, value) for name, value in said.items() if value})


@pytest.mark.parametrize(
    ("states", "changed", "due"),
    [
        ([a_state()], {}, True),
        ([a_state()], {"now": NOW_HERE + WEEK - DAY}, False),
        ([], {}, False),
        ([a_state(status="in-progress")], {}, False),
        ([a_state(status="")], {}, False),
        ([a_state(hold="A court")], {}, False),
        ([a_state(destroy_on="")], {}, False),
        ([a_state(destroy_on="2000-01-01")], {}, True),
        ([a_state(destroy_on="2000-01-01")], {"now": NOW_HERE + WEEK - DAY}, False),
        ([a_state(), a_state()], {}, True),
        ([a_state(), a_state(hold="A court")], {}, False),
        ([a_state()], {"unread": 1}, False),
        ([a_state()], {"last_in": NOW_HERE + 1}, False),
        ([a_state()], {"heard": NOW_HERE + DAY}, False),
        ([a_state()], {"heard": 0}, True),
    ],
)
def test_a_case_is_due_only_if_nothing_speaks_against_it(
    states: list[CaseState], changed: dict[str, int], due: bool
) -> None:
    said = {"last_in": NOW_HERE, "unread": 0, "heard": NOW_HERE, "now": NOW_HERE + WEEK}
    assert keeping.is_due(states, **(said | changed)) is due


def test_what_speaks_for_destroying_a_case_is_not_proposed_twice() -> None:
    months, late = 2, NOW_HERE + 61 * DAY
    bare = a_state(destroy_on="")
    assert keeping.is_proposed(bare, NOW_HERE, months, late)
    for state, last_at in (
        (a_state(), NOW_HERE),
        (a_state(destroy_on="", hold="A court"), NOW_HERE),
        (a_state(destroy_on="", status="waiting"), NOW_HERE),
        (bare, NOW_HERE + 2 * DAY),
    ):
        assert not keeping.is_proposed(state, last_at, months, late)
