"""First reports of people never heard of before, many at a time.

What a sync finds is nearly all of this kind. Each comes out as ``adding``, ``cases`` and
``audit_log`` would leave it one by one (tested), at a few statements for all of them instead of
twenty for each.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from app.console.rules import consent
from app.console.rules.body import Body
from app.console.rules.merge import CaseState
from app.console.vault import adding, audit_log, cases, desks
from app.console.vault.audit_log import AuditEvent
from app.console.vault.list_columns import standing
from app.console.vault.schema import audit_events as audit_table
from app.console.vault.schema import case_states, cases_table
from app.console.vault.schema import messages as messages_table
from app.protocol.bodies import REPORT
from app.protocol.recipients import Recipient

_IDS_AT_ONCE = 500
"""Cases asked for in one statement; SQLite bounds the values of one."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report, its case by ``messages.case_id``."""

    case: str
    sender: Recipient
    raw: bytes
    body: Body


def is_plain(body: Body) -> bool:
    """Say whether a body can be kept here, if it is the first of its sender."""
    return body.kind == REPORT and not body.files


def heard_of(tx: Connection, ids: Iterable[str]) -> set[str]:
    """Return those cases of which anything is here.

    Be it only what a colleague said or did, or a case that was merged into them.
    """
    wanted, found = list(ids), set()
    columns = (
        cases_table.c.id,
        cases_table.c.merged,
        case_states.c.case_id,
        audit_table.c.case_id,
    )
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        part = wanted[start : start + _IDS_AT_ONCE]
        for column in columns:
            found |= set(tx.execute(select(column).where(column.in_(part))).scalars())
    return found


def keep(
    tx: Connection, reports: Sequence[Report], own_desks: list[str], actor: str, now: int
) -> None:
    """Keep plain reports, each the only one of a case that was not heard of."""
    if not reports:
        return
    periods = {desk: desks.periods(tx, desk) for desk in (*own_desks, "")}
    begun = []
    for one in reports:
        chosen = consent.after([], one.body, ())
        home = cases.home_among(own_desks, chosen)
        row = adding.beginning(one.case, one.sender, now) | {
            "snippet": adding.snippet(one.body),
            "lang": one.body.lang,
            "desks": json.dumps(chosen),
            "answers": json.dumps(one.body.answers),
            "unread": 1,
            "home": home,
            "answered_at": None,
            "acknowledged_at": None,
        }
        begun.append(row | standing(CaseState(), row, periods[home]))
    tx.execute(insert(cases_table), begun)
    tx.execute(
        insert(messages_table),
        [adding.received(one.case, one.body, one.body.mid, one.raw, now) for one in reports],
    )
    audit_log.record_first(tx, [came(one.case, one.body, actor, now) for one in reports])


def came(case: str, body: Body, actor: str, now: int) -> AuditEvent:
    """Return what the custody log says of a message that came."""
    detail = {"kind": body.kind, "mid": body.mid, "files": len(body.files)}
    return AuditEvent(case, now, actor, "message", detail)
