"""Which cases share values with which, for many cases in a few questions.

What a list of cases costs must not grow with what is stored: of a value that is in many cases no
more of them are read than say that it is common.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.console.features.links.storage.links import COMMON, Value, alike_of
from app.console.features.links.storage.occurrence_tables import (
    link_occurrences,
    link_values,
)
from app.console.vault.database.link_tables import link_dismissed


@dataclass(frozen=True, slots=True)
class Shared:
    """A value of a case, and another case that has it, or a name like it (``theirs``)."""

    case: str
    mine: Value
    other: str
    theirs: Value


def shared(tx: Connection, cases: Collection[str]) -> list[Shared]:
    """Return what these cases have in common with others; not what is in COMMON others or more."""
    mine = (
        select(link_occurrences.c.case_id, link_values)
        .join(link_values, link_values.c.id == link_occurrences.c.value)
        .where(link_occurrences.c.case_id.in_(cases))
        .distinct()
    )
    here = [(row.case_id, Value(row.id, row.kind, row.value)) for row in tx.execute(mine)]
    alike = alike_of(tx, {value.id for _, value in here})
    known = {value.id: value for _, value in here}
    known |= {one.id: one for some in alike.values() for one in some}
    holders = _holders(tx, set(known))
    found = []
    for case, value in here:
        others: dict[str, Value] = {}
        for theirs in (value, *alike.get(value.id, ())):
            for other in holders.get(theirs.id, ()):
                if other != case:
                    others.setdefault(other, theirs)
        if len(others) < COMMON:
            found += [Shared(case, value, other, theirs) for other, theirs in others.items()]
    return found


def dismissed_marks(tx: Connection, cases: Collection[str]) -> set[tuple[frozenset[str], str]]:
    """Return every dismissal that names one of these cases: both cases, and the link's mark."""
    either = link_dismissed.c.case_id.in_(cases) | link_dismissed.c.other.in_(cases)
    chosen = select(link_dismissed.c.case_id, link_dismissed.c.other, link_dismissed.c.mark)
    return {
        (frozenset((row.case_id, row.other)), row.mark) for row in tx.execute(chosen.where(either))
    }


def _holders(tx: Connection, values: set[int]) -> dict[int, list[str]]:
    """Return the cases that have each value; none for a value that more than COMMON have."""
    some = select(link_occurrences.c.case_id).where(link_occurrences.c.value == link_values.c.id)
    first = some.distinct().limit(COMMON + 2).correlate(link_values).subquery()
    few = select(func.count()).select_from(first).scalar_subquery() <= COMMON
    kept = set(
        tx.execute(select(link_values.c.id).where(link_values.c.id.in_(values), few)).scalars()
    )
    chosen = (
        select(link_occurrences.c.value, link_occurrences.c.case_id)
        .where(link_occurrences.c.value.in_(kept))
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for row in tx.execute(chosen):
        found.setdefault(row.value, []).append(row.case_id)
    return found
