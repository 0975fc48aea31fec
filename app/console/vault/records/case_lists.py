"""Lists of cases, chosen and sorted by what stands on the case: one read of one index."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from app.console.rules import vocabulary
from app.console.vault.database.schema import case_labels, cases_table, messages
from app.console.vault.records.list_columns import TAKEN, UNASSESSED
from app.console.vault.records.messages import CaseSummary, line_of

PAGE = 100
URGENT_RANK = 20


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows.

    Empty members narrow nothing; ``owner`` holds keys (b64u), one of which must own the case, or ""
    for none.
    """

    open: bool = False
    closed: bool = False
    unread: bool = False
    to_answer: bool = False
    in_danger: bool = False
    urgent: bool = False
    untaken: bool = False
    """Only what speaks of danger that nobody has taken or assessed; a duplicate's danger is of the
    case that stands for it."""
    unattended: bool = False
    """That, and what is in immediate danger and nobody's, again by the case that stands for it."""
    files: bool = False
    withdrawn: bool = False
    """Only what somebody's permission is withdrawn of."""
    status: str = ""
    priority: str = ""
    owner: tuple[str, ...] = ()
    label: str = ""
    lang: str = ""
    desk: str = ""
    rested_at: int | None = None
    """Also what everybody is reminded of at this time (Unix seconds), whoever owns it."""
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Also what is owned by nobody who works at its desk: keys of those who do, by desk."""
    due_before: int | None = None
    awake_at: int | None = None
    """Leaves out what is put off at this time (Unix seconds)."""
    asleep_at: int | None = None
    """Only what is put off at this time."""
    spoken: tuple[str, ...] | None = None
    """Only what is written in one of these languages: tags without region or script."""
    unspoken: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    """Only what is written in none of the languages of its desk, by desk."""
    by_time: bool = False


@dataclass(frozen=True, slots=True)
class Listed(CaseSummary):
    """A line of the inbox: the case and what its home desk says of it."""

    home: str
    status: str
    disposition: str
    priority: str
    rank: int
    owner: str
    due_at: int | None
    due_kind: str
    plan_at: int | None
    snoozed_until: int
    snoozed_why: str
    answered_at: int | None
    merged: str
    labels: tuple[str, ...]
    danger: bool
    """Whether its reporter speaks of danger now, or one whose case was merged into it."""
    minor: bool
    """Whether its reporter says that somebody is under 18, or one whose case was merged into it."""
    unassessed: bool
    """Whether nobody has assessed what is said of danger since."""
    untaken: bool
    """Whether nobody has taken that either."""

    @property
    def whole_status(self) -> str:
        """The status with its disposition, as one value: ``closed/referred``."""
        return f"{self.status}/{self.disposition}" if self.disposition else self.status


# A literal: by a value that is bound SQLite would not take the index of these few.
_UNTAKEN = cases_table.c.danger == literal_column(str(UNASSESSED))

Place = tuple[int, int, str]
"""Where a page ended: rank, last_at, id."""


def inbox(
    tx: Connection, wanted: CaseFilter, after: Place | None = None, limit: int = PAGE
) -> list[Listed]:
    """Return a page of the list, by urgency, then the last moved first; or by time alone."""
    column = cases_table.c
    chosen = select(column.id).where(_narrowed(wanted))
    if after is not None:
        chosen = chosen.where(_beyond(wanted, after))
    first = () if wanted.by_time else (column.rank,)
    chosen = chosen.order_by(*first, column.last_at.desc(), column.id).limit(limit)
    return _lines(tx, list(tx.execute(chosen).scalars()))


def counts(tx: Connection, views: dict[str, CaseFilter]) -> dict[str, int]:
    """Return how many cases each view holds, in one pass over one index."""
    sums = [
        func.coalesce(func.sum(case((_narrowed(wanted), 1), else_=0)), 0)
        for wanted in views.values()
    ]
    if not sums:
        return {}
    row = tx.execute(select(*sums).select_from(cases_table)).one()
    return {name: int(row[place]) for place, name in enumerate(views)}


def count(tx: Connection, wanted: CaseFilter) -> int:
    """Return how many cases a list has in all."""
    chosen = select(func.count()).select_from(cases_table).where(_narrowed(wanted))
    return int(tx.execute(chosen).scalar_one())


def open_by_owner(tx: Connection, owners: list[str]) -> dict[str, int]:
    """Return how many open cases each of these has (keys in b64u); who has none is left out."""
    column = cases_table.c
    # A literal: by a value that is bound SQLite would not take the index of what is owned.
    mine = (column.owner != literal_column("''")) & _narrowed(
        CaseFilter(open=True, owner=(*owners,))
    )
    counted = select(column.owner, func.count()).where(mine).group_by(column.owner)
    return {row[0]: int(row[1]) for row in tx.execute(counted)}


def newest_danger(tx: Connection) -> int:
    """Return the number of the newest message of danger in cases where nobody has taken it.

    0 for none.
    """
    alarming = select(cases_table.c.id).where(_UNTAKEN)
    # A literal: by a value that is bound SQLite would not take the index.
    said = (messages.c.danger != literal_column("''")) & messages.c.case_id.in_(alarming)
    newest = func.coalesce(func.max(messages.c.id), 0)
    return int(tx.execute(select(newest).where(said)).scalar_one())


def labels(tx: Connection) -> list[tuple[str, int]]:
    """Return every label in use with the number of its cases, sorted by its text."""
    grouped = select(case_labels.c.label, func.count()).group_by(case_labels.c.label)
    return [(row[0], int(row[1])) for row in tx.execute(grouped.order_by(case_labels.c.label))]


def languages(tx: Connection) -> list[str]:
    """Return every language that reporters wrote in."""
    found = tx.execute(select(cases_table.c.lang).distinct()).scalars()
    return sorted(one for one in found if one)


def ids_at(tx: Connection, desk: str, *, not_closed: bool = False) -> list[str]:
    """Return the ids of a desk's cases, the last moved first; all, or those without closed ones."""
    column = cases_table.c
    chosen = select(column.id).where(_narrowed(CaseFilter(desk=desk)))
    if not_closed:
        chosen = chosen.where(column.status != vocabulary.CLOSED)
    return list(tx.execute(chosen.order_by(column.last_at.desc(), column.id)).scalars())


def reminders(tx: Connection, wanted: CaseFilter, limit: int = PAGE) -> list[Listed]:
    """Return what is due in a list, the soonest first."""
    column = cases_table.c
    chosen = select(column.id).where(_narrowed(wanted), column.due_at.is_not(None))
    chosen = chosen.order_by(column.due_at, column.id).limit(limit)
    return _lines(tx, list(tx.execute(chosen).scalars()))


def listed(row: Row[Any]) -> Listed:
    """Return the line that a row of ``cases_table`` makes."""
    return Listed(
        **line_of(row),
        home=row.home,
        status=row.status,
        disposition=row.disposition,
        priority=row.priority,
        rank=row.rank,
        owner=row.owner,
        due_at=row.due_at,
        due_kind=row.due_kind,
        plan_at=row.plan_at,
        snoozed_until=row.snoozed_until,
        snoozed_why=row.snoozed_why,
        answered_at=row.answered_at,
        merged=row.merged,
        labels=tuple(json.loads(row.labels)),
        danger=bool(row.danger),
        minor=bool(row.minor),
        unassessed=row.danger in (UNASSESSED, TAKEN),
        untaken=row.danger == UNASSESSED,
    )


def by_id(tx: Connection, ids: list[str]) -> list[Listed]:
    """Return the lines of some cases, in this order; what is no longer here is left out."""
    there = select(cases_table.c.id).where(cases_table.c.id.in_(ids), cases_table.c.last_at >= 0)
    found = set(tx.execute(there).scalars())
    return _lines(tx, [one for one in ids if one in found])


def _lines(tx: Connection, ids: list[str]) -> list[Listed]:
    # Only now the rows: choosing among them would read the keys of every reporter.
    chosen = select(cases_table).where(cases_table.c.id.in_(ids))
    rows = {row.id: row for row in tx.execute(chosen)}
    return [listed(rows[id_]) for id_ in ids]


def _primary(lang: Column[Any]) -> ColumnElement[str]:
    """Return a language without region or script: zh of zh-Hant."""
    return func.lower(func.substr(lang, 1, func.instr(lang + "-", "-") - 1))


def _beyond(wanted: CaseFilter, after: Place) -> ColumnElement[bool]:
    column = cases_table.c
    rank, moved, last = after
    tied = (column.last_at == moved) & (column.id > last)
    later = (column.last_at < moved) | tied
    if wanted.by_time:
        return later
    return (column.rank > rank) | ((column.rank == rank) & later)


def _narrowed(wanted: CaseFilter) -> ColumnElement[bool]:
    column = cases_table.c
    # What is unread, or danger that nobody has assessed, is open, whatever its status: nobody's new
    # words are put away with a case.
    unassessed = column.danger.in_((UNASSESSED, TAKEN))
    opened = or_(column.status != vocabulary.CLOSED, column.unread > 0, unassessed)
    # Changed by nothing, so that SQLite reads through one index that has all of it, in its order:
    # by the others, of the time and of the desk, it would fetch every row, each with its keys (200
    # ms of the processor with 20,000).
    home = column.home.concat("")
    checks = [column.last_at + 0 >= 0]
    # A duplicate is put away only behind a case that is here.
    ids = select(cases_table.c.id).scalar_subquery()
    stands_alone = or_(column.merged == "", column.merged.not_in(ids))
    if wanted.open:
        checks += [opened, or_(stands_alone, column.unread > 0)]
    if wanted.closed:
        checks.append(column.status == vocabulary.CLOSED)
    if wanted.unread:
        checks.append(column.unread > 0)
    if wanted.to_answer:
        checks.append(column.last_direction == "in")
    if wanted.in_danger:
        # Who called it urgent has not said that the danger is over; routine does.
        spoken_of = (column.danger > 0) & (column.priority == vocabulary.URGENT)
        checks.append(or_(column.rank <= vocabulary.UNTRIAGED_IN_DANGER, spoken_of & opened))
    if wanted.urgent:
        checks.append(column.rank <= URGENT_RANK)
    if wanted.untaken:
        # Its danger is the main case's as well: who has not read a duplicate would count it twice.
        checks += [_UNTAKEN, stands_alone]
    if wanted.unattended:
        endangered = or_(unassessed, column.priority == vocabulary.LIFE_SAFETY)
        unassigned = (column.owner == "") & endangered
        checks += [or_(column.danger == UNASSESSED, unassigned), stands_alone]
    if wanted.files:
        checks.append(column.files > 0)
    if wanted.withdrawn:
        checks.append(column.withdrawn != "[]")
    if wanted.owner:
        owned: list[ColumnElement[bool]] = [column.owner.in_(wanted.owner)]
        owned += [(home == desk) & column.owner.not_in(keys) for desk, keys in wanted.members]
        if wanted.rested_at is not None:
            owned += [column.look_at < wanted.rested_at, column.plan_at < wanted.rested_at]
        checks.append(or_(*owned))
    for name in ("status", "priority", "lang"):
        if value := getattr(wanted, name):
            checks.append(column[name] == value)
    if wanted.desk:
        checks.append(home == wanted.desk)
    if wanted.due_before is not None:
        checks.append(column.due_at < wanted.due_before)
    if wanted.awake_at is not None:
        checks.append(column.snoozed_until <= wanted.awake_at)
    if wanted.asleep_at is not None:
        checks.append(column.snoozed_until > wanted.asleep_at)
    if wanted.spoken is not None:
        # An empty list would be asked of a subquery, row by row.
        checks.append(_primary(column.lang).in_(wanted.spoken) if wanted.spoken else false())
    if wanted.unspoken is not None:
        alone = [
            (home == desk) & (_primary(column.lang).not_in(tags) if tags else true())
            for desk, tags in wanted.unspoken
        ]
        checks += [column.lang != "", or_(false(), *alone)]
    if wanted.label:
        labelled = select(case_labels.c.case_id).where(case_labels.c.label == wanted.label)
        checks.append(column.id.in_(labelled))
    narrowed = checks[0]
    for check in checks[1:]:
        narrowed = narrowed & check
    return narrowed
