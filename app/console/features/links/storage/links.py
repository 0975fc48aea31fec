"""Which cases have what in common, and what was said of it. It is filled by ``link_index``.

No question here costs more for more cases that are stored: each is a look into an index, and stops
after a number.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.features.links.storage.link_texts import texts
from app.console.features.links.storage.occurrence_tables import (
    link_alike,
    link_news,
    link_occurrences,
    link_values,
)
from app.console.vault.database.link_tables import link_dismissed, link_ignored

COMMON = 20
"""In more cases than this a value says little: it is shown as common, and links none."""
HERE_ALONE = ""
"""The desk of a dismissal that stays in this vault."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something found, as it is compared."""

    id: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: which part of which kind of text, ``start`` to before ``stop``."""

    source: str
    text: str
    start: int
    stop: int
    sure: int
    part: str
    row: str


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A link that was dismissed: at which desk (HERE_ALONE: only here), by whom, why."""

    case: str
    other: str
    mark: str
    desk: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class News:
    """A value that came to a case while others had it."""

    case: str
    value: Value
    at: int


def values_of(tx: Connection, case: str) -> list[Value]:
    """Return everything found in a case, in the order in which it was found."""
    first = func.min(link_occurrences.c.id).label("first")
    chosen = (
        select(link_values, first)
        .join(link_occurrences, link_occurrences.c.value == link_values.c.id)
        .where(link_occurrences.c.case_id == case)
        .group_by(link_values.c.id)
        .order_by(first)
    )
    return [Value(row.id, row.kind, row.value) for row in tx.execute(chosen)]


def cases_with(tx: Connection, value: int, most: int = COMMON + 1) -> list[str]:
    """Return cases in which a value was found, at most so many."""
    mine = link_occurrences.c.value == value
    chosen = select(link_occurrences.c.case_id).where(mine).distinct().limit(most)
    return list(tx.execute(chosen).scalars())


def sure_in(tx: Connection, value: int, most: int = COMMON + 1) -> dict[str, int]:
    """Return the same cases, each with how sure the surest occurrence in it is."""
    mine = link_occurrences.c.value == value
    cases = select(link_occurrences.c.case_id).where(mine).distinct().limit(most)
    surest = (
        select(link_occurrences.c.case_id, func.max(link_occurrences.c.sure))
        .where(mine, link_occurrences.c.case_id.in_(cases))
        .group_by(link_occurrences.c.case_id)
    )
    return {row[0]: int(row[1]) for row in tx.execute(surest)}


def surest(tx: Connection, case: str) -> dict[int, int]:
    """Return how sure the surest occurrence in a case is of each value that it has."""
    column = link_occurrences.c
    chosen = select(column.value, func.max(column.sure)).where(column.case_id == case)
    return {row[0]: int(row[1]) for row in tx.execute(chosen.group_by(column.value))}


def latest_linked(tx: Connection, most: int, within: int = 2_000) -> list[str]:
    """Return cases that share a value with others, the latest first.

    Only the last occurrences are asked.
    """
    last = select(link_occurrences).order_by(link_occurrences.c.id.desc()).limit(within).subquery()
    too = link_occurrences.alias()
    shared = exists().where(too.c.value == last.c.value, too.c.case_id != last.c.case_id)
    chosen = (
        select(last.c.case_id)
        .where(shared)
        .group_by(last.c.case_id)
        .order_by(func.max(last.c.id).desc())
        .limit(most)
    )
    return list(tx.execute(chosen).scalars())


def alike(tx: Connection, value: int) -> list[Value]:
    """Return other names that may be the same person's, or pictures that look alike."""
    return alike_of(tx, {value}).get(value, [])


def alike_of(tx: Connection, values: Collection[int]) -> dict[int, list[Value]]:
    """Return the same of each of these values that has such, at most COMMON for each."""
    chosen = (
        select(link_alike.c.value.label("of"), link_values)
        .join(link_values, link_values.c.id == link_alike.c.other)
        .where(link_alike.c.value.in_(values))
        .order_by(link_values.c.id)
    )
    found: dict[int, list[Value]] = {}
    for row in tx.execute(chosen):
        some = found.setdefault(row.of, [])
        if len(some) < COMMON:
            some.append(Value(row.id, row.kind, row.value))
    return found


def places(
    tx: Connection, values: Iterable[int], cases: Iterable[str], most: int = 3
) -> dict[tuple[int, str], list[Place]]:
    """Return where in each of these cases each of these values stands, the surest first.

    Of each value at most so many places a case. Each text is read once, however much was found in
    it: what seven values share with eighteen cases else took 130 questions for 18 texts.
    """
    column = link_occurrences.c
    surest = (column.sure.desc(), column.id)
    nth = func.row_number().over(partition_by=(column.value, column.case_id), order_by=surest)
    mine = column.value.in_(list(values)) & column.case_id.in_(list(cases))
    every = select(link_occurrences, nth.label("nth")).where(mine).subquery()
    chosen = select(every).where(every.c.nth <= most).order_by(every.c.nth)
    said: dict[tuple[str, str, str], dict[str, str]] = {}
    found: dict[tuple[int, str], list[Place]] = {}
    for row in tx.execute(chosen):
        of = (row.case_id, row.source, row.row)
        if of not in said:
            said[of] = texts(tx, *of)
        text = said[of].get(row.part)
        if text is not None:
            here = Place(row.source, text, row.start, row.stop, row.sure, row.part, row.row)
            found.setdefault((row.value, row.case_id), []).append(here)
    return found


def dismissed(tx: Connection, case: str) -> list[Dismissal]:
    """Return every dismissal that names a case, from either side."""
    either = (link_dismissed.c.case_id == case) | (link_dismissed.c.other == case)
    return [_dismissal(row) for row in tx.execute(select(link_dismissed).where(either))]


def all_dismissed(tx: Connection, desks: Iterable[str], most: int) -> list[Dismissal]:
    """Return what these desks dismissed, what came last first."""
    chosen = select(link_dismissed).where(link_dismissed.c.desk.in_(list(desks)))
    latest = chosen.order_by(text("link_dismissed.rowid DESC")).limit(most)
    return [_dismissal(row) for row in tx.execute(latest)]


def dismiss_here(tx: Connection, one: Dismissal) -> None:
    """Dismiss a link in this vault alone."""
    row = {"case_id": one.case, "other": one.other, "mark": one.mark}
    row |= {"desk": HERE_ALONE, "who": one.who, "why": one.why}
    tx.execute(upsert(link_dismissed).values(**row).on_conflict_do_nothing())


def link_here(tx: Connection, one: Dismissal) -> None:
    """Take back a dismissal that is in this vault alone."""
    mine = (
        (link_dismissed.c.case_id == one.case)
        & (link_dismissed.c.other == one.other)
        & (link_dismissed.c.mark == one.mark)
        & (link_dismissed.c.desk == HERE_ALONE)
    )
    tx.execute(delete(link_dismissed).where(mine))


def ignored(tx: Connection, desks: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return kind and value of what links nothing, as some desks say, with the reason."""
    chosen = select(link_ignored).where(link_ignored.c.desk.in_(list(desks)))
    return {(row.kind, row.value): row.why for row in tx.execute(chosen)}


def news(tx: Connection) -> list[News]:
    """Return what is still to be told, the latest first."""
    chosen = select(link_news, link_values.c.kind, link_values.c.value.label("text")).join(
        link_values, link_values.c.id == link_news.c.value
    )
    rows = tx.execute(chosen.order_by(link_news.c.at.desc(), link_news.c.value.desc()).limit(200))
    return [News(row.case_id, Value(row.value, row.kind, row.text), row.at) for row in rows]


def seen(tx: Connection) -> None:
    """Note that the news have been seen at this console."""
    tx.execute(delete(link_news))


def _dismissal(row: Row[Any]) -> Dismissal:
    return Dismissal(row.case_id, row.other, row.mark, row.desk, row.who, row.why)
