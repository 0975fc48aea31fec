"""Cases and their messages, in and out, as they stand; ``adding`` adds to them.

A case is everyone who writes with the same keys: SHA-256 of the sender's X25519 and ML-KEM
public keys, which the ciphertext authenticates. What a list shows stands on the case.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from app.console.rules.body import UNREADABLE, Body, read_body, unreadable
from app.console.vault.database.schema import cases_table, messages
from app.protocol.recipients import Recipient
from app.sentences.stored_sentences import kept, said


class State(StrEnum):
    """Where a message is: received ones are unread or read, written ones waiting or sent."""

    UNREAD = "unread"
    READ = "read"
    WAITING = "waiting"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A line of the inbox. Times are Unix seconds of this machine's clock."""

    id: str
    first_at: int
    last_at: int
    last_direction: str
    snippet: str
    lang: str
    desks: tuple[str, ...]
    """Who may know of it, as its reporter last said."""
    withdrawn: tuple[str, ...]
    """Whose permission its reporter has withdrawn, and not given again."""
    answers: dict[str, str]
    unread: int
    files: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message as kept: the body's known parts, and where it stands."""

    id: int
    case: str
    direction: str
    body: Body
    raw: bytes
    at: int
    state: State
    sent_at: int | None
    problem: str | None
    author: str
    """A colleague's key (b64u), who wrote an answer or passed a message on; else empty."""


def case_id(sender: Recipient) -> str:
    """Return 64 hex digits: SHA-256 of the authenticated dh 32 ‖ ml-kem 1,184."""
    return hashlib.sha256(sender.dh + sender.mlkem).hexdigest()


def mark_sent(tx: Connection, message: int, now: int) -> None:
    """Note that an answer was sent, at ``now`` (Unix seconds)."""
    _set_state(tx, message, State.SENT, None, now)


def mark_waiting(tx: Connection, message: int, problem: str) -> None:
    """Keep an answer to be sent; ``problem`` tells the writer what it waits for."""
    _set_state(tx, message, State.WAITING, problem, None)


def mark_read(tx: Connection, case: str, before: int | None = None) -> None:
    """Note that all messages of a case have been read; or those that came before (Unix seconds)."""
    # Joined to nothing: SQLite then goes by the case, not through all that is unread anywhere
    # (23 ms of the processor with 11,000 of them).
    unread = messages.c.state.concat("") == State.UNREAD.value
    mine = (messages.c.case_id == case) & unread
    read = mine if before is None else mine & (messages.c.at < before)
    tx.execute(update(messages).where(read).values(state=State.READ.value))
    left = select(func.count()).select_from(messages).where(mine).scalar_subquery()
    tx.execute(update(cases_table).where(cases_table.c.id == case).values(unread=left))


def waiting(tx: Connection) -> list[Message]:
    """Return answers to be sent, the oldest first."""
    chosen = select(messages).where(messages.c.state == State.WAITING.value)
    return [_message(row) for row in tx.execute(chosen.order_by(messages.c.id))]


def inbox(tx: Connection) -> list[CaseSummary]:
    """Return every case, the last moved first; a person is shown what ``case_lists`` chooses."""
    ordered = select(cases_table).order_by(cases_table.c.last_at.desc(), cases_table.c.id)
    return [CaseSummary(**line_of(row)) for row in tx.execute(ordered)]


def unread(tx: Connection) -> int:
    """Return how many cases have something unread."""
    chosen = select(func.count()).select_from(cases_table).where(cases_table.c.unread > 0)
    return int(tx.execute(chosen).scalar_one())


def find(tx: Connection, case: str) -> CaseSummary | None:
    """Return the case with this id, None if it is not here."""
    statement = select(cases_table).where(cases_table.c.id == case)
    row = tx.execute(statement).one_or_none()
    return None if row is None else CaseSummary(**line_of(row))


def line_of(row: Row[Any]) -> dict[str, Any]:
    """Return the members of a ``CaseSummary`` in a row of the table."""
    return {
        "id": row.id,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "last_direction": row.last_direction,
        "snippet": row.snippet,
        "lang": row.lang,
        "desks": tuple(json.loads(row.desks)),
        "withdrawn": tuple(json.loads(row.withdrawn)),
        "answers": json.loads(row.answers),
        "unread": row.unread,
        "files": row.files,
    }


def reporter(tx: Connection, case: str) -> Recipient:
    """Return the keys that answers are sealed to."""
    row = tx.execute(select(cases_table).where(cases_table.c.id == case)).one()
    return Recipient(row.fetch, row.dh, row.mlkem, row.xwing)


def can_answer(tx: Connection, case: str) -> bool:
    """Say whether the reporter's keys are here: not for a case that another line passed on."""
    found = select(cases_table.c.dh).where(cases_table.c.id == case)
    return bool(tx.execute(found).scalar_one_or_none())


def messages_of(tx: Connection, case: str) -> list[Message]:
    """Return a case's messages in the order in which they came or were written.

    The server hides the order within a day, so of what came in one sync the report goes first and
    the rest stays as it fell.
    """
    chosen = select(messages).where(messages.c.case_id == case)
    order = (messages.c.at, messages.c.kind != "report", messages.c.id)
    return [_message(row) for row in tx.execute(chosen.order_by(*order))]


def revision(tx: Connection) -> int:
    """Return what grows with every message and changes with its state, for pages that ask again."""
    last = tx.execute(select(func.coalesce(func.max(messages.c.id), 0))).scalar_one()
    were_sent = select(func.count()).where(messages.c.sent_at.is_not(None))
    return int(last) * 1_000_000 + int(tx.execute(were_sent).scalar_one())


def _set_state(
    tx: Connection, message: int, state: State, problem: str | None, sent_at: int | None
) -> None:
    values = {"state": state.value, "problem": kept(problem), "sent_at": sent_at}
    tx.execute(update(messages).where(messages.c.id == message).values(**values))


def _message(row: Row[Any]) -> Message:
    # What could not be kept as it reads is not read again either.
    kept = row.kind == UNREADABLE
    return Message(
        id=row.id,
        case=row.case_id,
        direction=row.direction,
        body=unreadable(row.body) if kept else read_body(row.body),
        raw=row.body,
        at=row.at,
        state=State(row.state),
        sent_at=row.sent_at,
        problem=said(row.problem),
        author=row.author,
    )


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A reporter's message as it came here by itself: its case, its body's bytes, when."""

    case: str
    raw: bytes
    at: int


def received_since(tx: Connection, at: int) -> list[StoredMessage]:
    """Return what came from reporters since then, the latest first, not what was passed on."""
    chosen = _from_reporters().where(messages.c.at >= at).order_by(messages.c.id.desc())
    return [StoredMessage(row.case_id, row.body, row.at) for row in tx.execute(chosen)]


def received_like(tx: Connection, beginning: str) -> list[StoredMessage]:
    """Return what came of the cases whose ids begin so (hex), from their reporters or passed on."""
    column = messages.c.case_id
    like = (column >= beginning) & (column < beginning + "g")
    chosen = select(messages).where(like, messages.c.direction == "in")
    return [StoredMessage(row.case_id, row.body, row.at) for row in tx.execute(chosen)]


def _from_reporters() -> Select[Any]:
    readable = messages.c.kind != UNREADABLE
    return select(messages).where(messages.c.direction == "in", messages.c.author == "", readable)
