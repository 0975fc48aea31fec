"""Conversations and their messages, in and out; drafts.

A conversation is everyone who writes with the same keys: SHA-256 of the sender's X25519 and ML-KEM
public keys, which the ciphertext authenticates. What a list shows stands on the conversation.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.triage import consent
from app.console.triage.body import UNREADABLE, Body, read_body, unreadable
from app.console.vault.schema import conversations, drafts, messages
from app.protocol.bodies import REPORT, WITHDRAWAL
from app.protocol.recipients import Recipient

SNIPPET = 160
WITHDRAWALS_MAX = 64
"""So many are read for one message: no sender can make an inbox slow."""
DIFFERS = "This was sent twice under one number, and the two differ: read both."


class State(StrEnum):
    """Where a message is: received ones are unread or read, written ones waiting, sent or stuck."""

    UNREAD = "unread"
    READ = "read"
    WAITING = "waiting"
    SENT = "sent"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A line of the inbox. Times are Unix seconds of this machine's clock."""

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


@dataclass(frozen=True, slots=True)
class Message:
    """One message as kept: the body's known parts, and where it stands."""

    id: int
    conversation: str
    direction: str
    body: Body
    raw: bytes
    at: int
    state: State
    sent_at: int | None
    problem: str | None
    author: str
    """A colleague's key (b64u), who wrote an answer or passed a message on; else empty."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer begun and not yet sent."""

    text: str
    desk: str
    lang: str


def conversation_id(sender: Recipient) -> str:
    """64 hex digits: SHA-256 of the authenticated dh 32 ‖ ml-kem 1,184."""
    return hashlib.sha256(sender.dh + sender.mlkem).hexdigest()


def store_incoming(
    tx: Connection, sender: Recipient, raw: bytes, body: Body, now: int, author: str = ""
) -> int | None:
    """Keeps a message and gives its row; None for a duplicate (same sender, mid and body).

    With the same mid and another body it is a message of its own: words may have been added.
    `author` is a colleague's key (b64u) where one passed it on.
    """
    id_ = conversation_id(sender)
    row = tx.execute(select(conversations).where(conversations.c.id == id_)).one_or_none()
    mid, problem = body.mid, None
    if row is None:
        _begin(tx, id_, sender, now)
    elif (earlier := _received(tx, id_, mid)) is not None:
        mid, problem = f"{mid}.{hashlib.sha256(raw).hexdigest()[:32]}", DIFFERS
        if raw == earlier or _received(tx, id_, mid) is not None:
            return None
    message = _add(tx, id_, "in", body, mid, raw, now, State.UNREAD, problem, author)
    answers = (json.loads(row.answers) if row else {}) | body.answers
    before = json.loads(row.desks) if row else []
    desks = consent.after(before, body, _taken_back(tx, id_, body, now))
    tx.execute(
        update(conversations)
        .where(conversations.c.id == id_)
        .values(
            last_at=now,
            last_direction="in",
            snippet=_snippet(body),
            lang=body.lang or (row.lang if row else ""),
            desks=json.dumps(desks),
            answers=json.dumps(answers),
            unread=conversations.c.unread + 1,
            files=conversations.c.files + len(body.files),
        )
    )
    return message


def begin_transferred(tx: Connection, id_: str, now: int, lang: str) -> None:
    """A case from another line, without anybody's keys: nothing can be sealed to its reporter."""
    _begin(tx, id_, Recipient(b"", b"", b"", b""), now)
    tx.execute(update(conversations).where(conversations.c.id == id_).values(lang=lang))


def add_transferred(
    tx: Connection, id_: str, direction: str, raw: bytes, at: int, files: int
) -> int:
    """A message of such a case with so many files, as the other line has it (`at` by its clock);
    gives its row.
    """
    body = read_body(raw)
    state = State.UNREAD if direction == "in" else State.SENT
    message = _add(tx, id_, direction, body, body.mid, raw, at, state)
    received = int(direction == "in")
    answers = select(conversations.c.answers).where(conversations.c.id == id_)
    said = json.loads(tx.execute(answers).scalar_one()) | (body.answers if received else {})
    tx.execute(
        update(conversations)
        .where(conversations.c.id == id_)
        .values(
            last_direction=direction,
            snippet=_snippet(body),
            answers=json.dumps(said),
            unread=conversations.c.unread + received,
            files=conversations.c.files + files,
        )
    )
    return message


def queue_outgoing(tx: Connection, conversation: str, body: Body, raw: bytes, now: int) -> int:
    """Keeps an answer that waits to be sealed, and gives its row; the draft goes with it."""
    message = _add(tx, conversation, "out", body, body.mid, raw, now, State.WAITING)
    tx.execute(
        update(conversations)
        .where(conversations.c.id == conversation)
        .values(
            last_at=now,
            last_direction="out",
            snippet=_snippet(body),
            files=conversations.c.files + len(body.files),
        )
    )
    tx.execute(delete(drafts).where(drafts.c.conversation == conversation))
    return message


def store_copy(
    tx: Connection, conversation: str, author: str, raw: bytes, body: Body, now: int
) -> int | None:
    """Keeps a colleague's answer (`author` is a key, b64u), and gives its row; None for one that is
    here already. The conversation must be here.
    """
    same = (
        (messages.c.conversation == conversation)
        & (messages.c.direction == "out")
        & (messages.c.mid == body.mid)
    )
    if tx.execute(select(messages.c.id).where(same)).first() is not None:
        return None
    message = _add(tx, conversation, "out", body, body.mid, raw, now, State.SENT, None, author)
    tx.execute(
        update(conversations)
        .where(conversations.c.id == conversation)
        .values(
            last_at=now,
            last_direction="out",
            snippet=_snippet(body),
            files=conversations.c.files + len(body.files),
        )
    )
    return message


def mark_sent(tx: Connection, message: int, now: int) -> None:
    _set_state(tx, message, State.SENT, None, now)


def mark_waiting(tx: Connection, message: int, problem: str) -> None:
    """Still to be sent; `problem` tells the writer what it waits for."""
    _set_state(tx, message, State.WAITING, problem, None)


def mark_stuck(tx: Connection, message: int, problem: str) -> None:
    """Will not be tried again by itself."""
    _set_state(tx, message, State.STUCK, problem, None)


def mark_read(tx: Connection, conversation: str) -> None:
    mine = (messages.c.conversation == conversation) & (messages.c.state == State.UNREAD.value)
    tx.execute(update(messages).where(mine).values(state=State.READ.value))
    tx.execute(update(conversations).where(conversations.c.id == conversation).values(unread=0))


def waiting(tx: Connection) -> list[Message]:
    """Answers to be sent, oldest first."""
    chosen = select(messages).where(messages.c.state == State.WAITING.value)
    return [_message(row) for row in tx.execute(chosen.order_by(messages.c.id))]


def inbox(tx: Connection) -> list[Conversation]:
    """Every conversation, the last moved first; what a person is shown is chosen by `cases`."""
    ordered = select(conversations).order_by(conversations.c.last_at.desc(), conversations.c.id)
    return [_conversation(row) for row in tx.execute(ordered)]


def unread(tx: Connection) -> int:
    """How many conversations have something unread."""
    chosen = select(func.count()).select_from(conversations).where(conversations.c.unread > 0)
    return int(tx.execute(chosen).scalar_one())


def find(tx: Connection, conversation: str) -> Conversation | None:
    statement = select(conversations).where(conversations.c.id == conversation)
    row = tx.execute(statement).one_or_none()
    return None if row is None else _conversation(row)


def reporter(tx: Connection, conversation: str) -> Recipient:
    """The keys that answers are sealed to."""
    row = tx.execute(select(conversations).where(conversations.c.id == conversation)).one()
    return Recipient(row.fetch, row.dh, row.mlkem, row.xwing)


def can_answer(tx: Connection, conversation: str) -> bool:
    """Whether the reporter's keys are here: not so for a case that another line passed on."""
    found = select(conversations.c.dh).where(conversations.c.id == conversation)
    return bool(tx.execute(found).scalar_one_or_none())


def messages_of(tx: Connection, conversation: str) -> list[Message]:
    """In the order in which they came or were written.

    The server hides the order within a day, so of what came in one sync the report goes first and
    the rest stays as it fell.
    """
    chosen = select(messages).where(messages.c.conversation == conversation)
    order = (messages.c.at, messages.c.kind != "report", messages.c.id)
    return [_message(row) for row in tx.execute(chosen.order_by(*order))]


def revision(tx: Connection) -> int:
    """Grows with every message and changes with its state: pages ask again when it has changed."""
    last = tx.execute(select(func.coalesce(func.max(messages.c.id), 0))).scalar_one()
    were_sent = select(func.count()).where(messages.c.sent_at.is_not(None))
    return int(last) * 1_000_000 + int(tx.execute(were_sent).scalar_one())


def draft(tx: Connection, conversation: str) -> Draft | None:
    row = tx.execute(select(drafts).where(drafts.c.conversation == conversation)).one_or_none()
    return None if row is None else Draft(row.text, row.desk, row.lang)


def store_draft(tx: Connection, conversation: str, kept: Draft, now: int) -> None:
    """Replaces the one before; an empty text removes it."""
    if not kept.text.strip():
        tx.execute(delete(drafts).where(drafts.c.conversation == conversation))
        return
    row = {"text": kept.text, "desk": kept.desk, "lang": kept.lang, "at": now}
    statement = upsert(drafts).values(conversation=conversation, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["conversation"], set_=row))


def drafted(tx: Connection) -> set[str]:
    """Conversations with a draft."""
    return set(tx.execute(select(drafts.c.conversation)).scalars())


def _begin(tx: Connection, id_: str, sender: Recipient, now: int) -> None:
    tx.execute(
        insert(conversations).values(
            id=id_,
            dh=sender.dh,
            mlkem=sender.mlkem,
            fetch=sender.fetch,
            xwing=sender.xwing,
            first_at=now,
            last_at=now,
            last_direction="in",
            snippet="",
            lang="",
            desks="[]",
            answers="{}",
            unread=0,
            files=0,
        )
    )


def _taken_back(tx: Connection, conversation: str, body: Body, now: int) -> set[str]:
    """Desks named by withdrawals which this body, that comes now, may have been written before: by
    any if it is the report, the first message of all, else by those that come with it.
    """
    mine = (messages.c.conversation == conversation) & (messages.c.kind == WITHDRAWAL)
    if body.kind != REPORT:
        mine &= messages.c.at == now
    latest = select(messages.c.body).where(mine).order_by(messages.c.id.desc())
    found = tx.execute(latest.limit(WITHDRAWALS_MAX)).scalars()
    return {desk for raw in found for desk in read_body(raw).desks}


def _received(tx: Connection, conversation: str, mid: str) -> bytes | None:
    same = (
        (messages.c.conversation == conversation)
        & (messages.c.direction == "in")
        & (messages.c.mid == mid)
    )
    raw: bytes | None = tx.execute(select(messages.c.body).where(same)).scalar_one_or_none()
    return raw


def _add(
    tx: Connection,
    conversation: str,
    direction: str,
    body: Body,
    mid: str,
    raw: bytes,
    now: int,
    state: State,
    problem: str | None = None,
    author: str = "",
) -> int:
    result = tx.execute(
        insert(messages).values(
            conversation=conversation,
            direction=direction,
            kind=body.kind,
            mid=mid,
            body=raw,
            at=now,
            state=state.value,
            problem=problem,
            author=author,
        )
    )
    key = result.inserted_primary_key
    if key is None:
        raise LookupError("SQLite gave no row id.")
    return int(key[0])


def _set_state(
    tx: Connection, message: int, state: State, problem: str | None, sent_at: int | None
) -> None:
    values = {"state": state.value, "problem": problem, "sent_at": sent_at}
    tx.execute(update(messages).where(messages.c.id == message).values(**values))


def _snippet(body: Body) -> str:
    return " ".join(body.text.split())[:SNIPPET]


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
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
    )


def _message(row: Row[Any]) -> Message:
    # What could not be kept as it reads is not read again either.
    kept = row.kind == UNREADABLE
    return Message(
        id=row.id,
        conversation=row.conversation,
        direction=row.direction,
        body=unreadable(row.body) if kept else read_body(row.body),
        raw=row.body,
        at=row.at,
        state=State(row.state),
        sent_at=row.sent_at,
        problem=row.problem,
        author=row.author,
    )
