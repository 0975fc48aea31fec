"""A whole case, taken out of the vault: every table that holds anything of it.

PARTS is the one list of the console's own: whoever keeps something of cases in another table adds a
function there; a feature says which tables of its own have rows of cases (``feature_tables``).
Deleted rows are overwritten with zeros (secure_delete); the caller empties the log
(``Vault.forget_old_pages``) and removes the attachments' folders, whose keys went with their rows.
"""

import json
from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, text, update

from app.console.rules.keeping import DESTROY_ON
from app.console.rules.merge import CaseState
from app.console.vault.collaboration import team
from app.console.vault.collaboration.team import ACCEPTED
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import AuditEvent
from app.console.vault.database import feature_tables
from app.console.vault.database.desk_tables import operations, snapshot_parts
from app.console.vault.database.link_tables import link_dismissed
from app.console.vault.database.schema import audit_events as done
from app.console.vault.database.schema import (
    case_labels,
    case_referrals,
    case_states,
    cases_table,
    drafts,
    files,
    messages,
    note_drafts,
    private_notes,
)
from app.console.vault.database.search_tables import file_words, previews, translated_texts
from app.console.vault.records import cases, to_transfer
from app.console.vault.search import finding

DESTROYED = "destroyed"
"""What the custody log says of a case of which there is nothing else."""

_WORDLESS = ("status", "owner", DESTROY_ON)


def case_folders(tx: Connection, case: str) -> set[str]:
    """Return the attachments' folders that serve this case alone."""
    own = select(files.c.folder).where(files.c.case_id == case)
    mine = set(tx.execute(own).scalars())
    others = select(files.c.folder).where(files.c.case_id != case)
    return mine - set(tx.execute(others.where(files.c.folder.in_(mine))).scalars())


def unsent(tx: Connection, case: str, alone: set[str]) -> bool:
    """Say whether something of a case may still wait to be sent.

    At desks where this console is ``alone`` nothing does.
    """
    if team.count_waiting(tx):
        return True
    waiting = (messages.c.case_id == case) & (messages.c.state == "waiting")
    mine = (operations.c.packed == 0) & operations.c.desk.not_in(alone) & _names(case)
    found = tx.execute(select(messages.c.id).where(waiting)).first()
    if to_transfer.find(tx, case) is not None:
        return True
    return found is not None or tx.execute(select(operations.c.id).where(mine)).first() is not None


def forget_case(tx: Connection, case: str, actor: str, now: int) -> None:
    """Take out everything, and begin the case's custody log anew.

    With that it was destroyed, by whom, how long its log was, and the hash of its last entry.
    """
    custody = audit_log.custody(tx, case)
    for forget in PARTS:
        forget(tx, case)
    # Another one reminded of its safety plan and stood for its danger, or it did so for others.
    cases.forget_merged(tx, case)
    detail = {"entries": custody.count, "head": custody.head.hex()}
    audit_log.record(tx, AuditEvent(case, now, actor, DESTROYED, detail))


def keep_state(tx: Connection, case: str, desk: str, state: CaseState) -> None:
    """Put a stripped state in the place of what a desk said."""
    mine = (case_states.c.case_id == case) & (case_states.c.desk == desk)
    tx.execute(update(case_states).where(mine).values(state=json.dumps(state.to_json())))


def _rows_of(table: Table) -> Callable[[Connection, str], None]:
    def forget(tx: Connection, case: str) -> None:
        tx.execute(delete(table).where(table.c.case_id == case))

    return forget


def _operations(tx: Connection, case: str) -> None:
    """Take the words out of operations about a case.

    That there was one with this number and hash stays, or the chains would seem to have gaps. Those
    with no words about the case stay whole.
    """
    for row in tx.execute(select(operations).where(_names(case))).all():
        if row.standing != ACCEPTED:
            tx.execute(delete(operations).where(operations.c.id == row.id))
        elif any(_says(one, case) for one in json.loads(row.raw)["changes"]):
            gone = update(operations).where(operations.c.id == row.id)
            tx.execute(gone.values(raw=b"", signature=b"", packed=1))


def _says(change: dict[str, object], case: str) -> bool:
    if change.get("case") != case or change.get("do") == "seen":
        return False
    return change.get("do") != "set" or change.get("name") not in _WORDLESS


def _names(case: str) -> ColumnElement[bool]:
    return func.instr(operations.c.raw, case.encode()) > 0


def _snapshots(tx: Connection, _: str) -> None:
    """Drop parts that wait for others: compressed, they do not show which cases are in them."""
    tx.execute(delete(snapshot_parts))


def _links(tx: Connection, case: str) -> None:
    """Return what was said of its links, from either side."""
    _rows_of(link_dismissed)(tx, case)
    tx.execute(delete(link_dismissed).where(link_dismissed.c.other == case))


def _index(tx: Connection, case: str) -> None:
    finding.forget_case(tx, case)


def _transfer(tx: Connection, case: str) -> None:
    to_transfer.forget(tx, case)


def _case_row(tx: Connection, case: str) -> None:
    tx.execute(delete(cases_table).where(cases_table.c.id == case))


PARTS: tuple[Callable[[Connection, str], None], ...] = (
    _rows_of(drafts),
    _rows_of(note_drafts),
    _transfer,
    _rows_of(private_notes),
    _rows_of(file_words),
    _rows_of(translated_texts),
    _rows_of(previews),
    _rows_of(files),
    _rows_of(messages),
    _rows_of(done),
    _index,
    feature_tables.forget_case,
    _links,
    _rows_of(case_labels),
    _rows_of(case_referrals),
    _operations,
    _snapshots,
    _case_row,
)
"""In the order of their references. Each is given the case's id."""


def destroyed(tx: Connection) -> list[AuditEvent]:
    """Return every case of which only that is left, the latest first."""
    rows = tx.execute(select(done).where(done.c.what == DESTROYED).order_by(done.c.at.desc()))
    return [AuditEvent(r.case_id, r.at, r.actor, r.what, json.loads(r.detail)) for r in rows]


def is_destroyed(tx: Connection, beginning: str) -> bool:
    """Say whether a case whose id begins so (hex) was here and is destroyed."""
    like = (done.c.case_id >= beginning) & (done.c.case_id < beginning + "g")
    chosen = select(done.c.id).where(like, done.c.what == DESTROYED)
    return tx.execute(chosen).first() is not None


def marked(tx: Connection) -> list[tuple[str, str]]:
    """Return (case, desk) of every state that names a day of destruction."""
    naming = select(case_states.c.case_id, case_states.c.desk).where(
        text("instr(state, :name) > 0").bindparams(name=f'"{DESTROY_ON}"')
    )
    return [(row.case_id, row.desk) for row in tx.execute(naming)]
