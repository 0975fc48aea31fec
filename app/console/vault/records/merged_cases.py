"""Cases merged into one another: which one stands for each, and what all of them bring to it.

Each case that is here has a row: the case it was merged into, the one that stands for it, and what
it brings to that one. So a change costs what it concerns: the case, those that move with it, and
the two that stand or stood for them, however many others are merged into these (ADR 0114).

    case --into--> case --into--> main     each of the three has ``main`` as its main case

Of messages that speak of danger, it is kept which case says that they are assessed, or taken; that
counts for all cases with the same main case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    ScalarSelect,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from app.console.rules.duplicates import main_case
from app.console.vault.database.schema import (
    danger_marks,
    destroyed_into,
    merged_cases,
    messages,
)

_COLUMN = merged_cases.c
# Put together once, as in ``cases``.
_ROW = select(merged_cases).where(_COLUMN.case_id == bindparam("case"))
_MAIN = select(_COLUMN.main).where(_COLUMN.case_id == bindparam("case"))
_WRITE = update(merged_cases).where(_COLUMN.case_id == bindparam("case"))
_BROUGHT = select(
    func.min(_COLUMN.plan_at),
    func.max(_COLUMN.danger),
    func.max(_COLUMN.minor),
    func.min(_COLUMN.unassessed_at),
    func.max(_COLUMN.untaken),
)
_BROUGHT_BY_ALL = _BROUGHT.where(_COLUMN.main == bindparam("case"))
_BROUGHT_BY_ONE = _BROUGHT.where(_COLUMN.case_id == bindparam("case"))
_MARKS = select(danger_marks.c.mark, danger_marks.c.taken).where(
    danger_marks.c.case_id == bindparam("case")
)
_DESTROYED_INTO = select(destroyed_into.c.into).where(destroyed_into.c.case_id == bindparam("case"))
# A literal: by a value that is bound SQLite would not take the index.
_SPEAKS_OF_DANGER = messages.c.danger != literal_column("''")
_SPEAKS = (
    select(messages.c.id).where(_SPEAKS_OF_DANGER, messages.c.case_id == bindparam("case")).limit(1)
)


@dataclass(frozen=True, slots=True)
class Brought:
    """What cases bring to the one that stands for them, itself among them.

    The earliest day of their safety plans (Unix seconds), whether one speaks of danger now, or of
    somebody under 18, since when nobody has assessed what a message says of danger, whether nobody
    has taken one of those.
    """

    plan_at: int | None
    danger: bool
    minor: bool
    unassessed_at: int | None
    untaken: bool


def main_of(tx: Connection, case: str) -> str:
    """Return the case that stands for one: itself, unless it is merged into one that is here."""
    found = tx.execute(_MAIN, {"case": case}).scalar_one_or_none()
    return case if found is None else str(found)


def below(case: str) -> CTE:
    """Return a case and those merged into it, or into one of those, as the query of their ids."""
    found = select(literal(case).label("id")).cte("below", recursive=True)
    return found.union(select(_COLUMN.case_id).where(_COLUMN.into == found.c.id))


def ids_below(tx: Connection, case: str) -> list[str]:
    """Return the ids of the cases merged into one, or into one of those."""
    found = below(case)
    return list(tx.execute(select(found.c.id).where(found.c.id != case)).scalars())


def shown(tx: Connection, case: str) -> str:
    """Return what a list shows as the case that one is merged into, "" for none.

    Where cases are merged into each other, all round, the one that stands for them is merged into
    none: else no list would show any of them.
    """
    row = _row(tx, case)
    return "" if row is None or heads_circle(tx, case) else str(row.into)


def heads_circle(tx: Connection, case: str) -> bool:
    """Say whether a case stands for others that it is itself merged into, all round."""
    row = _row(tx, case)
    merged = row is not None and row.into and row.main == case
    return bool(merged and _row(tx, row.into) is not None)


def brought(tx: Connection, case: str) -> Brought:
    """Return what all cases that one stands for bring to it; of one that is merged, its own."""
    mine = _BROUGHT_BY_ALL if main_of(tx, case) == case else _BROUGHT_BY_ONE
    row = tx.execute(mine, {"case": case}).one()
    return Brought(row[0], bool(row[1]), bool(row[2]), row[3], bool(row[4]))


def point(tx: Connection, case: str, said: str) -> set[str]:
    """Merge a case into another one, as is said of it; "" for none.

    Returns the cases whose standing may be another one now. One that is not here stands for none,
    unless it was destroyed and was itself merged into another one: then that one does.
    """
    into = _beyond_destroyed(tx, said)
    row = _row(tx, case)
    if row is not None and row.into == into:
        return set()
    if row is None:
        tx.execute(delete(destroyed_into).where(destroyed_into.c.case_id == case))
        tx.execute(insert(merged_cases).values(case_id=case, into=into, main=case))
    else:
        _write(tx, case, into=into)
    moved = below(case)
    ids: ScalarSelect[str] = select(moved.c.id).scalar_subquery()
    circle = tx.execute(select(moved.c.id).where(moved.c.id == into)).first() is not None
    target = None if circle else _row(tx, into)
    main = _walk(tx, case) if circle else case if target is None else str(target.main)
    return {case} | _place(tx, ids, main)


def mark(tx: Connection, case: str, assessed: Iterable[str], taken: Iterable[str]) -> set[str]:
    """Keep which messages of danger a case says are assessed, or taken.

    Returns the other cases that stand with it and have one of which that is no longer so, or newly.
    """
    wanted = {*((one, 0) for one in assessed), *((one, 1) for one in taken)}
    kept = {(row.mark, row.taken) for row in tx.execute(_MARKS, {"case": case})}
    column = danger_marks.c
    for one, is_taken in kept - wanted:
        mine = (column.case_id == case) & (column.mark == one) & (column.taken == is_taken)
        tx.execute(delete(danger_marks).where(mine))
    if new := wanted - kept:
        rows_new = [{"case_id": case, "mark": one, "taken": is_taken} for one, is_taken in new]
        tx.execute(insert(danger_marks), rows_new)
    found: set[str] = set()
    main = main_of(tx, case)
    for one in {one for one, _ in kept ^ wanted}:
        said = select(messages.c.case_id).join(merged_cases, _COLUMN.case_id == messages.c.case_id)
        found.update(
            tx.execute(
                said.where(
                    _SPEAKS_OF_DANGER, messages.c.danger == one, _found_later(_COLUMN.main) == main
                )
            ).scalars()
        )
    return found


def bring(tx: Connection, case: str, plan_at: int | None, *, danger: bool, minor: bool) -> bool:
    """Keep the day of a case's own plan, and whether its own reporter speaks of danger, of a child.

    Returns whether that is new.
    """
    row = _row(tx, case)
    if row is not None and (row.plan_at, row.danger, row.minor) == (plan_at, danger, minor):
        return False
    _write(tx, case, plan_at=plan_at, danger=int(danger), minor=int(minor))
    return True


def recount(tx: Connection, case: str) -> bool:
    """Keep what nobody has assessed of a case's own messages; return whether that is new."""
    row = _row(tx, case)
    if row is None:
        return False
    said = spoken(tx, [case], row.main) if tx.execute(_SPEAKS, {"case": case}).first() else []
    waiting = [one for one in said if not one.assessed]
    at = min((one.at for one in waiting), default=None)
    untaken = int(any(not one.taken for one in waiting))
    if (row.unassessed_at, row.untaken) == (at, untaken):
        return False
    _write(tx, case, unassessed_at=at, untaken=untaken)
    return True


@dataclass(frozen=True, slots=True)
class SpokenRow:
    """A message that speaks of danger, and whether a case that stands with its own says more."""

    message: int
    case: str
    mark: str
    at: int
    state: str
    assessed: bool
    taken: bool


def spoken(tx: Connection, of: Sequence[str] | CTE, main: str) -> list[SpokenRow]:
    """Return what is said of danger in some cases that one stands for, the oldest first."""
    chosen: Any = select(of.c.id) if isinstance(of, CTE) else of
    column = messages.c
    said = select(column.id, column.case_id, column.danger, column.at, column.state).where(
        _SPEAKS_OF_DANGER, column.case_id.in_(chosen)
    )
    rows = tx.execute(said.order_by(column.at, column.id)).all()
    if not rows:
        return []
    marks = select(column.danger).where(_SPEAKS_OF_DANGER, column.case_id.in_(chosen))
    there = (
        select(danger_marks.c.mark, danger_marks.c.taken)
        .join(merged_cases, _COLUMN.case_id == danger_marks.c.case_id)
        .where(danger_marks.c.mark.in_(marks), _found_later(_COLUMN.main) == main)
    )
    known = {(row.mark, row.taken) for row in tx.execute(there)}
    return [
        SpokenRow(*row, assessed=(row.danger, 0) in known, taken=(row.danger, 1) in known)
        for row in rows
    ]


def forget(tx: Connection, case: str) -> set[str]:
    """Take a case out; return those whose standing may be another one now.

    What was merged into it is merged into what it was itself merged into, so that nothing loses
    whoever stands for it.
    """
    row = _row(tx, case)
    tx.execute(delete(danger_marks).where(danger_marks.c.case_id == case))
    if row is None:
        return set()
    tx.execute(delete(merged_cases).where(_COLUMN.case_id == case))
    left = list(tx.execute(select(_COLUMN.case_id).where(_COLUMN.into == case)).scalars())
    found = {str(row.main)}
    if row.into not in ("", case):
        column = destroyed_into.c
        tx.execute(update(destroyed_into).where(column.into == case).values(into=row.into))
        tx.execute(insert(destroyed_into).values(case_id=case, into=row.into))
        # Of a circle the last is so merged into itself, and goes on standing for what it stood for.
        tx.execute(update(merged_cases).where(_COLUMN.into == case).values(into=row.into))
    for one in left:
        moved = below(one)
        found |= {one} | _place(tx, select(moved.c.id).scalar_subquery(), _walk(tx, one))
    return found


def _place(tx: Connection, moved: ScalarSelect[str], main: str) -> set[str]:
    """Let one case stand for some, a whole branch; return for whom that, or danger, changed."""
    here = _COLUMN.case_id.in_(moved)
    before = set(tx.execute(select(_COLUMN.main).where(here).distinct()).scalars())
    tx.execute(update(merged_cases).where(here, _COLUMN.main != main).values(main=main))
    found = before | {main}
    outside = merged_cases.alias()
    others = _found_later(outside.c.main).in_(found) & outside.c.case_id.not_in(moved)
    # What was said there of messages here counts no more, or newly; and the other way round.
    for of, by in ((here, others), (others, here)):
        table_of, table_by = (merged_cases, outside) if of is here else (outside, merged_cases)
        crossing = (
            select(messages.c.case_id)
            .join(table_of, table_of.c.case_id == messages.c.case_id)
            .join(danger_marks, danger_marks.c.mark == messages.c.danger)
            .join(table_by, table_by.c.case_id == danger_marks.c.case_id)
            .where(_SPEAKS_OF_DANGER, of, by)
        )
        found.update(tx.execute(crossing.distinct()).scalars())
    return found


def _walk(tx: Connection, case: str) -> str:
    """Return the case that stands for one, followed to the end."""
    found = select(literal(case).label("id")).cte("above", recursive=True)
    step = select(_COLUMN.into).where(_COLUMN.case_id == found.c.id, _COLUMN.into != "")
    above = found.union(step)
    rows = tx.execute(
        select(_COLUMN.case_id, _COLUMN.into).where(_COLUMN.case_id.in_(select(above.c.id)))
    ).all()
    here = {row.case_id for row in rows}
    return main_case(case, {row.case_id: row.into for row in rows if row.into in here})


def _beyond_destroyed(tx: Connection, case: str) -> str:
    return tx.execute(_DESTROYED_INTO, {"case": case}).scalar_one_or_none() or case


def _found_later(column: Any) -> Any:
    # Changed by nothing, so that SQLite does not begin with all that a main case stands for.
    return column.concat("")


def _row(tx: Connection, case: str) -> Any:
    return tx.execute(_ROW, {"case": case}).one_or_none()


def _write(tx: Connection, case: str, **values: Any) -> None:
    tx.execute(_WRITE, {"case": case, **values})
