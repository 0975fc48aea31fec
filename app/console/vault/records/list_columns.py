"""What a desk's state makes of a case's row: how it stands in the lists. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from app.console.rules import deadlines, vocabulary
from app.console.rules.changes import (
    DUE,
    FEEDBACK,
    LABELS,
    OWNER,
    PRIORITY,
    SNOOZE,
    STATUS,
)
from app.console.rules.deadlines import Periods
from app.console.rules.merge import CaseState

UNASSESSED, TAKEN = 2, 3
"""In the column ``danger``: nobody has assessed it; nobody has either, but somebody has taken it. 1
for danger that somebody has assessed, 0 for none."""


def standing(
    said: CaseState,
    row: Mapping[str, Any],
    periods: Periods,
    *,
    danger: bool = False,
    minor: bool = False,
    plan_at: int | None = None,
    unassessed_at: int | None = None,
    taken: bool = False,
    circle: bool = False,
) -> dict[str, Any]:
    """Return the columns of ``cases_table`` that follow from what its home desk says.

    Of ``row`` it reads ``first_at``, ``last_at``, ``answered_at``, ``acknowledged_at``. The rest is
    of this case and of those that it stands for, whose own lines are put away (``merged_cases``):
    ``danger`` says that a reporter speaks of danger now, ``minor`` of somebody under 18,
    ``plan_at`` by when (Unix seconds) the first of their safety plans is looked at again.
    ``unassessed_at`` is since when no one has assessed what a message, of this case or of one
    merged into it, says of danger, None if somebody has of all; ``taken`` says that somebody has
    taken all of those; ``circle`` that it is the one of cases which were merged into each other,
    all round.
    """
    status, disposition = vocabulary.split_status(said.get(STATUS))
    if circle and disposition == vocabulary.DUPLICATE:
        # Each was closed as another one's duplicate, by people who had not heard of each other.
        status, disposition = vocabulary.IN_PROGRESS, ""
    priority = said.get(PRIORITY) if said.get(PRIORITY) in vocabulary.PRIORITIES else ""
    unassessed = unassessed_at is not None
    dire = priority == vocabulary.LIFE_SAFETY and status != vocabulary.CLOSED
    untaken = (unassessed and not taken) or (dire and not said.get(OWNER))
    moved = said.fields[STATUS][0][0] if status != vocabulary.NEW else None
    # Putting off is no act: when it ends, what rested before still rests.
    touched_at = max(row["last_at"], said.last_act(besides={SNOOZE}))
    # Danger that was assessed as it is, without a priority, rests no longer than a grave one.
    ungraded = danger and not priority and status != vocabulary.CLOSED
    look_at = deadlines.look_again(
        status, priority, touched_at, periods, unassessed=unassessed or ungraded
    )
    plan_at = plan_at if status != vocabulary.CLOSED else None
    due = deadlines.due(
        status,
        said.get(DUE),
        first_at=row["first_at"],
        # What was acknowledged and taken back is not; which was first does not hang on the order
        # in which colleagues' changes came here.
        acknowledged_at=_earliest(
            row["answered_at"], moved, row["acknowledged_at"] if moved else None
        ),
        feedback=said.get(FEEDBACK),
        periods=periods,
        priority=priority,
        danger_at=unassessed_at,
        look_at=look_at,
        plan_at=plan_at,
    )
    snoozed_until, snoozed_why = deadlines.read_snooze(said.get(SNOOZE))
    return {
        "status": status,
        "disposition": disposition,
        "priority": priority,
        "rank": vocabulary.rank(priority, danger=danger, unassessed=unassessed, unattended=untaken),
        "owner": said.get(OWNER),
        "due_at": due.at if due else None,
        "due_kind": due.kind if due else "",
        "look_at": look_at,
        "plan_at": plan_at,
        "snoozed_until": snoozed_until,
        "snoozed_why": snoozed_why,
        "closed_at": moved if status == vocabulary.CLOSED else None,
        "labels": json.dumps(said.values(LABELS), ensure_ascii=False),
        "danger": (TAKEN if taken else UNASSESSED) if unassessed else int(danger),
        "minor": int(minor),
    }


def _earliest(*times: int | None) -> int | None:
    return min((one for one in times if one is not None), default=None)
