"""What desks say of a case.

``case_states`` holds the merged state of each case at each desk. What the desk ``home`` says, one
of this machine's, stands on the case as well, where ``case_lists`` choose by it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.rules import danger, deadlines, referrals, vocabulary
from app.console.rules.careful_answers import says_minor
from app.console.rules.changes import DUPLICATE_OF, LABELS, OWNER, STATUS
from app.console.rules.danger import ASSESSED, TAKEN
from app.console.rules.merge import CaseState, DeskState
from app.console.rules.passed import CaseLayers
from app.console.vault.collaboration import desks as desk_store
from app.console.vault.collaboration import link_statements
from app.console.vault.database.schema import case_labels, case_referrals, case_states, cases_table
from app.console.vault.records import merged_cases
from app.console.vault.records.case_lists import Listed, listed
from app.console.vault.records.list_columns import standing
from app.console.vault.records.messages import State

# Put together once: that takes four times as long as to run one, and each message runs them all.
_CASE = select(cases_table).where(cases_table.c.id == bindparam("case"))
_WRITE = update(cases_table).where(cases_table.c.id == bindparam("case"))
_STATE = select(case_states.c.state).where(
    case_states.c.case_id == bindparam("case"), case_states.c.desk == bindparam("desk")
)
_KEEP = upsert(case_states)
_KEEP_STATE = _KEEP.on_conflict_do_update(
    index_elements=["case_id", "desk"], set_={"state": _KEEP.excluded.state}
)
_TAKE_LABELS_OFF = delete(case_labels).where(case_labels.c.case_id == bindparam("case"))
_TAKE_REFERRALS_OFF = delete(case_referrals).where(case_referrals.c.case_id == bindparam("case"))


def state(tx: Connection, case: str, desk: str) -> CaseState:
    """Return the merged state; an empty one where nothing was said."""
    return layers(tx, case, desk).view()


def layers(tx: Connection, case: str, desk: str) -> CaseLayers:
    """Return what the state is made of: what was signed, what was passed on."""
    text = tx.execute(_STATE, {"case": case, "desk": desk}).scalar_one_or_none()
    return CaseLayers() if text is None else CaseLayers.from_json(json.loads(text))


def join(tx: Connection, case: str, desk: str, new: CaseState) -> CaseState:
    """Join to a case's state what was signed, bring the lists up to date, and return it."""
    found = layers(tx, case, desk)
    found.signed.join(new)
    return _keep(tx, case, desk, found, new)


def join_passed(tx: Connection, case: str, desk: str, new: CaseState, by: str) -> CaseState:
    """Join what a colleague (``by``, a key in b64u) passed on, within bounds (``passed``)."""
    found = layers(tx, case, desk)
    found.passed.join(new)
    found.by.add(by)
    return _keep(tx, case, desk, found, new)


def keep_layers(tx: Connection, case: str, desk: str, known: CaseLayers) -> None:
    """Put these in the place of what a case's state was made of; lists stay."""
    text = json.dumps(known.to_json(), ensure_ascii=False, sort_keys=True)
    tx.execute(_KEEP_STATE, {"case_id": case, "desk": desk, "state": text})


def _keep(tx: Connection, case: str, desk: str, known: CaseLayers, new: CaseState) -> CaseState:
    keep_layers(tx, case, desk, known)
    found, came = known.view(), new.fields.get(STATUS)
    if came is not None and vocabulary.split_status(came[1])[0] != vocabulary.NEW:
        _first(tx, case, cases_table.c.acknowledged_at, came[0][0], home=desk)
    refresh(tx, case)
    link_statements.take_over(tx, case, desk, found)
    return found


def join_desk(tx: Connection, desk: str, new: DeskState) -> None:
    """Join to a desk's state what came; its open cases' deadlines follow its rules."""
    desk_store.join(tx, desk, new)
    if new.rules:
        link_statements.take_over_desk(tx, desk, desk_store.state(tx, desk))
    if new.rules.keys() & deadlines.RULES:
        column = cases_table.c
        chosen = (column.home == desk) & (column.status != vocabulary.CLOSED)
        for case in list(tx.execute(select(column.id).where(chosen)).scalars()):
            refresh(tx, case)


def answered(tx: Connection, case: str, at: int) -> None:
    """Note that the desk has answered: the first answer acknowledges."""
    _first(tx, case, cases_table.c.answered_at, at)
    refresh(tx, case)


def settle(tx: Connection, case: str, own_desks: list[str]) -> None:
    """Give a case its home among this machine's desks, unless it has one.

    It is the first that the reporter chose, else the first.
    """
    row = by_id(tx, case)
    if row is None:
        return
    if row.home not in own_desks:
        _write(tx, case, home=_home_among(own_desks, json.loads(row.desks)))
    refresh(tx, case)


def _home_among(own_desks: Sequence[str], chosen: Sequence[str]) -> str:
    """Return the first desk that the reporter chose of this machine's, else its first.

    "" for none.
    """
    mine = [desk for desk in chosen if desk in own_desks] or list(own_desks)
    return mine[0] if mine else ""


def move(tx: Connection, case: str, desk: str) -> None:
    """Show the case as another of this machine's desks has it."""
    _write(tx, case, home=desk)
    refresh(tx, case)


def homeless(tx: Connection, own_desks: list[str]) -> list[str]:
    """Return cases whose home is no desk of this machine (any more)."""
    away = select(cases_table.c.id).where(cases_table.c.home.not_in(own_desks))
    return list(tx.execute(away).scalars())


def refresh(tx: Connection, case: str) -> None:
    """Write onto the case what its home says; nothing if the case is not here (yet).

    And what follows from it onto the cases that stand or stood for it, and no others (ADR 0114).
    """
    row = by_id(tx, case)
    if row is None:
        return
    said = state(tx, case, row.home)
    concerned = {case} | merged_cases.point(tx, case, said.get(DUPLICATE_OF))
    # Who took it and gave it back to nobody no longer goes to look.
    taken = said.values(TAKEN) if said.get(OWNER) else []
    concerned |= merged_cases.mark(tx, case, said.values(ASSESSED), taken)
    plan_at, answers = deadlines.plan_at([said.get(deadlines.SAFETY_LOOK)]), json.loads(row.answers)
    in_danger, minor = danger.speaks_of(answers), says_minor(answers)
    if merged_cases.bring(tx, case, plan_at, danger=in_danger, minor=minor):
        concerned.add(merged_cases.main_of(tx, case))
    _stand_all(tx, concerned)
    labels = said.values(LABELS)
    tx.execute(_TAKE_LABELS_OFF, {"case": case})
    if labels:
        tx.execute(
            insert(case_labels),
            [{"label": label, "case_id": case} for label in labels],
        )
    _count_referrals(tx, case, said)


def forget_merged(tx: Connection, case: str) -> None:
    """Take a destroyed case out of those merged, and write what follows onto the others."""
    _stand_all(tx, merged_cases.forget(tx, case))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reporter's message that speaks of danger.

    Its row, its case, its mark, when it came, whether somebody has had it on the screen here, and
    whether somebody has taken it, and goes to look.
    """

    message: int
    case: str
    mark: str
    at: int
    read: bool
    taken: bool


def answers_merged(tx: Connection, case: str) -> dict[str, dict[str, str]]:
    """Return what the reporter of each case merged into this one, or into one of those, chose."""
    return {row.id: json.loads(row.answers) for row in _merged_into(tx, case)}


def states_merged(tx: Connection, case: str) -> dict[str, CaseState]:
    """Return what is said of each case merged into this one, or into one of those."""
    return {row.id: state(tx, row.id, row.home) for row in _merged_into(tx, case)}


def priorities_merged(tx: Connection, case: str) -> list[str]:
    """Return the priorities of the cases merged into this one, or into one of those."""
    return [row.priority for row in _merged_into(tx, case)]


def unassessed(tx: Connection, case: str) -> list[Spoken]:
    """Return what is said of danger in a case, or in one merged into it, and is not assessed.

    It may be assessed at any case that stands with this one.
    """
    said = merged_cases.spoken(tx, merged_cases.below(case), main_of(tx, case))
    return [
        Spoken(one.message, one.case, one.mark, one.at, one.state == State.READ.value, one.taken)
        for one in said
        if not one.assessed
    ]


def _merged_into(tx: Connection, case: str) -> list[Row[Any]]:
    """Return the cases merged into this one, or into one of those."""
    below = merged_cases.below(case)
    column = cases_table.c
    chosen: Select[Any] = select(
        column.id, column.answers, column.home, column.priority, column.first_at
    ).where(column.id.in_(select(below.c.id)), column.id != case)
    # Sorted here: SQLite would go through all cases by the time of their first message.
    return sorted(tx.execute(chosen).all(), key=lambda row: (row.first_at, row.id))


def main_of(tx: Connection, case: str) -> str:
    """Return the case that stands for one: itself, unless it is merged into one that is here."""
    return merged_cases.main_of(tx, case)


def find(tx: Connection, case: str) -> Listed | None:
    """Return a case as the inbox lists it; None if it is not here."""
    row = by_id(tx, case)
    return None if row is None else listed(row)


def merged_here(tx: Connection, case: str) -> list[str]:
    """Return the cases that were found to be duplicates of this one."""
    column = cases_table.c
    found = select(column.id).where(column.merged == case)
    return list(tx.execute(found).scalars())


def _stand_all(tx: Connection, concerned: set[str]) -> None:
    """Write anew how some cases stand, and those that stand for them where that is news there."""
    mains = {merged_cases.main_of(tx, one) for one in concerned if merged_cases.recount(tx, one)}
    for one in sorted(concerned | mains):
        _stand(tx, one)


def _stand(tx: Connection, case: str) -> None:
    row = by_id(tx, case)
    if row is None:
        return
    brought = merged_cases.brought(tx, case)
    columns = standing(
        state(tx, case, row.home),
        row._asdict(),
        desk_store.periods(tx, row.home),
        danger=brought.danger,
        minor=brought.minor,
        plan_at=brought.plan_at,
        unassessed_at=brought.unassessed_at,
        taken=not brought.untaken,
        circle=merged_cases.heads_circle(tx, case),
    )
    _write(tx, case, **columns, merged=merged_cases.shown(tx, case))


def by_id(tx: Connection, case: str) -> Row[Any] | None:
    """Return the whole row of a case, None where there is none."""
    return tx.execute(_CASE, {"case": case}).one_or_none()


def _write(tx: Connection, case: str, **values: Any) -> None:
    tx.execute(_WRITE, {"case": case, **values})


def _first(
    tx: Connection, case: str, column: Column[Any], at: int, home: str | None = None
) -> None:
    """Keep the earliest time there was; for a case whose home is that desk, if one is named."""
    mine = cases_table.c.id == case
    if home is not None:
        mine = mine & (cases_table.c.home == home)
    earlier = func.min(func.coalesce(column, at), at)
    tx.execute(update(cases_table).where(mine).values({column.name: earlier}))


def _count_referrals(tx: Connection, case: str, said: CaseState) -> None:
    tx.execute(_TAKE_REFERRALS_OFF, {"case": case})
    rows = [
        {
            "case_id": case,
            "referral": one.id,
            "kind": one.kind,
            "state": one.state,
            "began": said.fields[referrals.PREFIX + one.id][0][0],
        }
        for one in referrals.of_case(said)
    ]
    if rows:
        tx.execute(insert(case_referrals), rows)
