"""Everything that was done to a case, in the order in which it came to this machine.

One hook for all: whatever shows, changes, saves or sends something of a case calls ``record``, in
the transaction that does it, so that nothing is done without its row and no row is there without
it. The rows of a case are a hash chain (``chain``): the custody log.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from app.console.vault.custody import chain
from app.console.vault.database.schema import audit_events
from app.console.vault.installation import owner

REPORTER, HERE = "reporter", "here"
"""Actors beside the team's members, who are named by their key (b64u): whoever wrote, and whoever
sits at this console."""

# Put together once: whatever is done comes by here.
_LAST = (
    select(audit_events.c.n, audit_events.c.hash)
    .where(audit_events.c.case_id == bindparam("case"))
    .order_by(audit_events.c.n.desc())
    .limit(1)
)
_ADD = insert(audit_events)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing done.

    ``what`` is a short word (``message``, ``opened``, ``set`` …), ``detail`` a JSON object; ``at``
    is Unix seconds of this machine's clock, ``actor`` a key in b64u, REPORTER or HERE.
    """

    case: str
    at: int
    actor: str
    what: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Custody:
    """How a case's log stands.

    How many entries, the hash of the last one (32 bytes; of none, the genesis), and the number of
    the first entry that does not fit, None if the chain is whole.
    """

    count: int
    head: bytes
    broken: int | None


def record(tx: Connection, one: AuditEvent) -> None:
    """Note what is done in this transaction, and link it to what was done before."""
    number, before = _head(tx, one.case)
    tx.execute(_ADD, _row(one, number + 1, before))


def of_case(tx: Connection, case: str, limit: int | None = None) -> list[AuditEvent]:
    """Return what was done to a case, the latest first."""
    mine = select(audit_events).where(audit_events.c.case_id == case)
    rows = tx.execute(mine.order_by(audit_events.c.id.desc()).limit(limit))
    return [
        AuditEvent(row.case_id, row.at, row.actor, row.what, json.loads(row.detail)) for row in rows
    ]


def first(tx: Connection, case: str) -> AuditEvent | None:
    """Return what a case's log begins with."""
    mine = select(audit_events).where(audit_events.c.case_id == case, audit_events.c.n == 1)
    row = tx.execute(mine).one_or_none()
    if row is None:
        return None
    return AuditEvent(row.case_id, row.at, row.actor, row.what, json.loads(row.detail))


def log(tx: Connection, case: str) -> list[tuple[dict[str, Any], bytes]]:
    """Return the custody log as kept, oldest first: each entry with its hash (32 bytes)."""
    mine = select(audit_events).where(audit_events.c.case_id == case)
    before = _genesis(tx, case)
    found = []
    for row in tx.execute(mine.order_by(audit_events.c.n)):
        found.append((_entry(row, before), row.hash))
        before = row.hash
    return found


def custody(tx: Connection, case: str) -> Custody:
    """Check the whole chain of a case."""
    number, head = _head(tx, case)
    broken = chain.first_broken(_genesis(tx, case), log(tx, case))
    return Custody(number, head, broken)


def _head(tx: Connection, case: str) -> tuple[int, bytes]:
    row = tx.execute(_LAST, {"case": case}).one_or_none()
    return (0, _genesis(tx, case)) if row is None else (row.n, row.hash)


def _genesis(tx: Connection, case: str) -> bytes:
    return chain.genesis(owner.line_id(tx), case)


def _row(one: AuditEvent, number: int, before: bytes) -> dict[str, Any]:
    made = chain.entry(number, one.at, one.actor, one.what, one.detail, before)
    return {
        "case_id": one.case,
        "at": one.at,
        "actor": one.actor,
        "what": one.what,
        "detail": json.dumps(one.detail, ensure_ascii=False, sort_keys=True),
        "n": number,
        "hash": chain.link(made),
    }


def _entry(row: Row[Any], before: bytes) -> dict[str, Any]:
    detail = json.loads(row.detail)
    return chain.entry(row.n, row.at, row.actor, row.what, detail, before)
