"""What was said of a desk as a whole: its rules, and the languages that its members work in."""

import json

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.rules.deadlines import (
    ACKNOWLEDGE_RULE,
    FEEDBACK_RULE,
    LOOK_DANGER_RULE,
    LOOK_DAYS_MAX,
    LOOK_URGENT_RULE,
    Periods,
    read_days,
)
from app.console.rules.merge import DeskState
from app.console.vault.database.schema import desk_states

_STATE = select(desk_states.c.state).where(desk_states.c.desk == bindparam("desk"))


def state(tx: Connection, desk: str) -> DeskState:
    """Return the merged state; an empty one where nothing was said."""
    text = tx.execute(_STATE, {"desk": desk}).scalar_one_or_none()
    return DeskState() if text is None else DeskState.from_json(json.loads(text))


def join(tx: Connection, desk: str, new: DeskState) -> None:
    """Join to a desk's state what came (``cases.join_desk`` also moves the cases' deadlines)."""
    found = state(tx, desk)
    found.join(new)
    keep(tx, desk, found)


def keep(tx: Connection, desk: str, found: DeskState) -> None:
    """Put a state in the place of the one that was."""
    row = {"state": json.dumps(found.to_json(), ensure_ascii=False, sort_keys=True)}
    statement = upsert(desk_states).values(desk=desk, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["desk"], set_=row))


def periods(tx: Connection, desk: str) -> Periods:
    """Return the desk's own periods, or the usual ones."""
    said, usual = state(tx, desk), Periods()
    return Periods(
        read_days(said.rule(ACKNOWLEDGE_RULE)) or usual.acknowledge,
        read_days(said.rule(FEEDBACK_RULE)) or usual.feedback,
        read_days(said.rule(LOOK_DANGER_RULE), LOOK_DAYS_MAX) or usual.look_danger,
        read_days(said.rule(LOOK_URGENT_RULE), LOOK_DAYS_MAX) or usual.look_urgent,
    )
