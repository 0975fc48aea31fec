"""What desks say of a conversation, and the lists that are chosen by it.

`case_states` holds the merged state of each case at each desk. What the desk `home` says, one of
this machine's, stands on the conversation as well, so that a list costs one read of one index.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    case,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.team import referrals, vocabulary
from app.console.team.changes import (
    DUE,
    DUPLICATE_OF,
    FEEDBACK,
    LABELS,
    OWNER,
    PRIORITY,
    SNOOZE,
    STATUS,
)
from app.console.team.merge import CaseState, DeskState
from app.console.triage import deadlines
from app.console.vault import desks as desk_store
from app.console.vault import link_said
from app.console.vault.schema import case_labels, case_referrals, case_states, conversations

PAGE = 100
URGENT_RANK = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows. Empty members narrow nothing; `owner` holds keys (b64u), one of
    which must own the case, or "" for nobody.
    """

    open: bool = False
    closed: bool = False
    unread: bool = False
    to_answer: bool = False
    urgent: bool = False
    files: bool = False
    status: str = ""
    priority: str = ""
    owner: tuple[str, ...] = ()
    label: str = ""
    lang: str = ""
    desk: str = ""
    due_before: int | None = None
    awake_at: int | None = None
    """Leaves out what is put off at this time (Unix seconds)."""
    spoken: tuple[str, ...] | None = None
    """Only what is written in one of these languages: tags without region or script."""
    unspoken: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    """Only what is written in none of the languages of its desk, by desk."""
    by_time: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the inbox: the conversation and what its home desk says of it."""

    id: str
    first_at: int
    last_at: int
    last_direction: str
    snippet: str
    lang: str
    desks: tuple[str, ...]
    answers: dict[str, str]
    unread: int
    files: int
    home: str
    status: str
    disposition: str
    priority: str
    rank: int
    owner: str
    due_at: int | None
    due_kind: str
    snoozed_until: int
    snoozed_why: str
    answered_at: int | None
    merged: str
    labels: tuple[str, ...]


Place = tuple[int, int, str]
"""Where a page ended: rank, last_at, id."""


def state(tx: Connection, conversation: str, desk: str) -> CaseState:
    """The merged state; an empty one where nobody has said anything."""
    mine = (case_states.c.conversation == conversation) & (case_states.c.desk == desk)
    text = tx.execute(select(case_states.c.state).where(mine)).scalar_one_or_none()
    return CaseState() if text is None else CaseState.from_json(json.loads(text))


def states_of_desk(tx: Connection, desk: str) -> dict[str, CaseState]:
    """Of every case at a desk that anybody has said anything about."""
    rows = tx.execute(select(case_states).where(case_states.c.desk == desk))
    return {row.conversation: CaseState.from_json(json.loads(row.state)) for row in rows}


def join(tx: Connection, conversation: str, desk: str, new: CaseState) -> CaseState:
    """Joins to a case's state what came, and brings the lists up to date; gives the result."""
    found = state(tx, conversation, desk)
    found.join(new)
    row = {"state": json.dumps(found.to_json(), ensure_ascii=False, sort_keys=True)}
    statement = upsert(case_states).values(conversation=conversation, desk=desk, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["conversation", "desk"], set_=row))
    came = new.fields.get(STATUS)
    if came is not None and vocabulary.split_status(came[1])[0] != vocabulary.NEW:
        _first(tx, conversation, conversations.c.acknowledged_at, came[0][0], home=desk)
    refresh(tx, conversation)
    link_said.take_over(tx, conversation, desk, found)
    return found


def join_desk(tx: Connection, desk: str, new: DeskState) -> None:
    """Joins to a desk's state what came; its open cases' deadlines follow its rules."""
    desk_store.join(tx, desk, new)
    if new.rules:
        link_said.take_over_desk(tx, desk, desk_store.state(tx, desk))
    if new.rules.keys() & {deadlines.ACKNOWLEDGE_RULE, deadlines.FEEDBACK_RULE}:
        column = conversations.c
        chosen = (column.home == desk) & (column.status != vocabulary.CLOSED)
        for conversation in list(tx.execute(select(column.id).where(chosen)).scalars()):
            refresh(tx, conversation)


def answered(tx: Connection, conversation: str, at: int) -> None:
    """Notes that the desk has answered: the first answer acknowledges."""
    _first(tx, conversation, conversations.c.answered_at, at)
    refresh(tx, conversation)


def settle(tx: Connection, conversation: str, own_desks: list[str]) -> None:
    """Gives a conversation its home among this machine's desks, unless it has one: the first that
    the reporter chose, else the first.
    """
    row = tx.execute(_one(conversation)).one_or_none()
    if row is None:
        return
    if row.home not in own_desks:
        chosen = [desk for desk in json.loads(row.desks) if desk in own_desks] or own_desks
        _write(tx, conversation, home=chosen[0] if chosen else "")
    refresh(tx, conversation)


def move(tx: Connection, conversation: str, desk: str) -> None:
    """Shows the case as another of this machine's desks has it."""
    _write(tx, conversation, home=desk)
    refresh(tx, conversation)


def homeless(tx: Connection, own_desks: list[str]) -> list[str]:
    """Conversations whose home is no desk of this machine (any more)."""
    away = select(conversations.c.id).where(conversations.c.home.not_in(own_desks))
    return list(tx.execute(away).scalars())


def refresh(tx: Connection, conversation: str) -> None:
    """Writes onto the conversation what its home says; nothing if the case is not here (yet)."""
    row = tx.execute(_one(conversation)).one_or_none()
    if row is None:
        return
    said = state(tx, conversation, row.home)
    status, disposition = vocabulary.split_status(said.get(STATUS))
    priority = said.get(PRIORITY) if said.get(PRIORITY) in vocabulary.PRIORITIES else ""
    danger = json.loads(row.answers).get("danger_now") == "yes"
    labels = said.values(LABELS)
    moved = said.fields[STATUS][0][0] if status != vocabulary.NEW else None
    due = deadlines.due(
        status,
        said.get(DUE),
        first_at=row.first_at,
        # What was acknowledged and taken back is not; which was first does not hang on the order
        # in which colleagues' changes came here.
        acknowledged_at=_earliest(row.answered_at, moved, row.acknowledged_at if moved else None),
        feedback=said.get(FEEDBACK),
        periods=desk_store.periods(tx, row.home),
    )
    snoozed_until, snoozed_why = deadlines.read_snooze(said.get(SNOOZE))
    _write(
        tx,
        conversation,
        status=status,
        disposition=disposition,
        priority=priority,
        rank=vocabulary.rank(priority, danger=danger),
        owner=said.get(OWNER),
        due_at=due.at if due else None,
        due_kind=due.kind if due else "",
        snoozed_until=snoozed_until,
        snoozed_why=snoozed_why,
        closed_at=moved if status == vocabulary.CLOSED else None,
        merged=said.get(DUPLICATE_OF),
        labels=json.dumps(labels, ensure_ascii=False),
        danger=int(danger),
    )
    tx.execute(delete(case_labels).where(case_labels.c.conversation == conversation))
    if labels:
        tx.execute(
            insert(case_labels),
            [{"label": label, "conversation": conversation} for label in labels],
        )
    _count_referrals(tx, conversation, said)


def inbox(
    tx: Connection, wanted: Wanted, after: Place | None = None, limit: int = PAGE
) -> list[Listed]:
    """A page of the list. By urgency, then the last moved first; or by time alone."""
    column = conversations.c
    chosen = select(column.id).where(_narrowed(wanted))
    if after is not None:
        chosen = chosen.where(_beyond(wanted, after))
    first = () if wanted.by_time else (column.rank,)
    chosen = chosen.order_by(*first, column.last_at.desc(), column.id).limit(limit)
    ids = list(tx.execute(chosen).scalars())
    # Only now the rows: choosing among them would read the keys of every reporter.
    rows = {row.id: row for row in tx.execute(select(conversations).where(column.id.in_(ids)))}
    return [_listed(rows[id_]) for id_ in ids]


def find(tx: Connection, conversation: str) -> Listed | None:
    row = tx.execute(_one(conversation)).one_or_none()
    return None if row is None else _listed(row)


def counts(tx: Connection, views: dict[str, Wanted]) -> dict[str, int]:
    """How many cases each view holds, in one pass over one index."""
    sums = [
        func.coalesce(func.sum(case((_narrowed(wanted), 1), else_=0)), 0)
        for wanted in views.values()
    ]
    if not sums:
        return {}
    row = tx.execute(select(*sums).select_from(conversations)).one()
    return {name: int(row[place]) for place, name in enumerate(views)}


def count(tx: Connection, wanted: Wanted) -> int:
    """How many cases a list has in all."""
    chosen = select(func.count()).select_from(conversations).where(_narrowed(wanted))
    return int(tx.execute(chosen).scalar_one())


def labels(tx: Connection) -> list[tuple[str, int]]:
    """Every label in use with the number of its cases, sorted by its text."""
    grouped = select(case_labels.c.label, func.count()).group_by(case_labels.c.label)
    return [(row[0], int(row[1])) for row in tx.execute(grouped.order_by(case_labels.c.label))]


def languages(tx: Connection) -> list[str]:
    """Every language that reporters wrote in."""
    found = tx.execute(select(conversations.c.lang).distinct()).scalars()
    return sorted(one for one in found if one)


def reminders(tx: Connection, wanted: Wanted, limit: int = PAGE) -> list[Listed]:
    """What is due in a list, the soonest first."""
    column = conversations.c
    chosen = select(column.id).where(_narrowed(wanted), column.due_at.is_not(None))
    chosen = chosen.order_by(column.due_at, column.id).limit(limit)
    ids = list(tx.execute(chosen).scalars())
    rows = {row.id: row for row in tx.execute(select(conversations).where(column.id.in_(ids)))}
    return [_listed(rows[id_]) for id_ in ids]


def merged_here(tx: Connection, conversation: str) -> list[str]:
    """The cases that were found to be duplicates of this one."""
    column = conversations.c
    found = select(column.id).where(column.merged == conversation)
    return list(tx.execute(found).scalars())


def _one(conversation: str) -> Any:
    return select(conversations).where(conversations.c.id == conversation)


def _write(tx: Connection, conversation: str, **values: Any) -> None:
    tx.execute(update(conversations).where(conversations.c.id == conversation).values(**values))


def _first(
    tx: Connection, conversation: str, column: Column[Any], at: int, home: str | None = None
) -> None:
    """Keeps the earliest time there was; for a case whose home is that desk, if one is named."""
    mine = conversations.c.id == conversation
    if home is not None:
        mine = mine & (conversations.c.home == home)
    earlier = func.min(func.coalesce(column, at), at)
    tx.execute(update(conversations).where(mine).values({column.name: earlier}))


def _earliest(*times: int | None) -> int | None:
    return min((one for one in times if one is not None), default=None)


def _count_referrals(tx: Connection, conversation: str, said: CaseState) -> None:
    mine = case_referrals.c.conversation == conversation
    tx.execute(delete(case_referrals).where(mine))
    rows = [
        {
            "conversation": conversation,
            "referral": one.id,
            "kind": one.kind,
            "state": one.state,
            "began": said.fields[referrals.PREFIX + one.id][0][0],
        }
        for one in referrals.of_case(said)
    ]
    if rows:
        tx.execute(insert(case_referrals), rows)


def _primary(lang: Column[Any]) -> ColumnElement[str]:
    """A language without region or script: zh of zh-Hant."""
    return func.lower(func.substr(lang, 1, func.instr(lang + "-", "-") - 1))


def _beyond(wanted: Wanted, after: Place) -> ColumnElement[bool]:
    column = conversations.c
    rank, moved, last = after
    tied = (column.last_at == moved) & (column.id > last)
    later = (column.last_at < moved) | tied
    if wanted.by_time:
        return later
    return (column.rank > rank) | ((column.rank == rank) & later)


def _narrowed(wanted: Wanted) -> ColumnElement[bool]:
    column = conversations.c
    # What is unread is open, whatever its status: nobody's new words are put away with a case.
    opened = (column.status != vocabulary.CLOSED) | (column.unread > 0)
    checks = [column.last_at >= 0]
    if wanted.open:
        checks += [opened, (column.merged == "") | (column.unread > 0)]
    if wanted.closed:
        checks.append(column.status == vocabulary.CLOSED)
    if wanted.unread:
        checks.append(column.unread > 0)
    if wanted.to_answer:
        checks.append(column.last_direction == "in")
    if wanted.urgent:
        checks.append(column.rank <= URGENT_RANK)
    if wanted.files:
        checks.append(column.files > 0)
    if wanted.owner:
        checks.append(column.owner.in_(wanted.owner))
    for name in ("status", "priority", "lang"):
        if value := getattr(wanted, name):
            checks.append(column[name] == value)
    if wanted.desk:
        checks.append(column.home == wanted.desk)
    if wanted.due_before is not None:
        checks.append(column.due_at < wanted.due_before)
    if wanted.awake_at is not None:
        checks.append(column.snoozed_until <= wanted.awake_at)
    if wanted.spoken is not None:
        # An empty list would be asked of a subquery, row by row.
        checks.append(_primary(column.lang).in_(wanted.spoken) if wanted.spoken else false())
    if wanted.unspoken is not None:
        alone = [
            (column.home == desk) & (_primary(column.lang).not_in(tags) if tags else true())
            for desk, tags in wanted.unspoken
        ]
        checks += [column.lang != "", or_(false(), *alone)]
    if wanted.label:
        labelled = select(case_labels.c.conversation).where(case_labels.c.label == wanted.label)
        checks.append(column.id.in_(labelled))
    narrowed = checks[0]
    for check in checks[1:]:
        narrowed = narrowed & check
    return narrowed


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        id=row.id,
        first_at=row.first_at,
        last_at=row.last_at,
        last_direction=row.last_direction,
        snippet=row.snippet,
        lang=row.lang,
        desks=tuple(json.loads(row.desks)),
        answers=json.loads(row.answers),
        unread=row.unread,
        files=row.files,
        home=row.home,
        status=row.status,
        disposition=row.disposition,
        priority=row.priority,
        rank=row.rank,
        owner=row.owner,
        due_at=row.due_at,
        due_kind=row.due_kind,
        snoozed_until=row.snoozed_until,
        snoozed_why=row.snoozed_why,
        answered_at=row.answered_at,
        merged=row.merged,
        labels=tuple(json.loads(row.labels)),
    )
