"""Messages added: received, written here, written by a colleague, or passed on by another line.

Each brings up to date what the lists show of its case.
"""

import hashlib
import json

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy import case as case_of

from app.console.rules import careful_answers, consent, danger
from app.console.rules.body import Body, read_body
from app.console.vault.database.schema import cases_table, drafts, messages
from app.console.vault.records import cases
from app.console.vault.records.messages import State, case_id
from app.protocol.bodies import LETTER_REQUEST, REPORT, WITHDRAWAL
from app.protocol.recipients import Recipient
from app.sentences.stored_sentences import kept
from app.sentences.translatable import say

SNIPPET = 160
_WORDLESS = {WITHDRAWAL: say("Permission withdrawn"), LETTER_REQUEST: say("Letter asked for")}
_TEXT = cast(messages.c.body, Text)
_JSON = case_of((func.json_valid(_TEXT) == 1, _TEXT), else_="{}")
"""A body, asked by SQLite: all of those that came since are, however many, and few are read."""
# Put together once, as in ``cases``.
_SAME = select(messages.c.body).where(
    messages.c.case_id == bindparam("case"),
    messages.c.direction == "in",
    messages.c.mid == bindparam("mid"),
)
_WITHDRAWN = (
    select(messages.c.id)
    .where(messages.c.case_id == bindparam("case"), messages.c.kind == WITHDRAWAL)
    .limit(1)
)
_ADD = insert(messages)
_CAME = (
    update(cases_table)
    .where(cases_table.c.id == bindparam("case"))
    .values(
        last_direction="in",
        unread=cases_table.c.unread + 1,
        files=cases_table.c.files + bindparam("more_files"),
    )
)
DIFFERS = say("This was sent twice under one number, and the two differ: read both.")


def store_incoming(
    tx: Connection,
    sender: Recipient,
    raw: bytes,
    body: Body,
    now: int,
    author: str = "",
    since: int | None = None,
) -> int | None:
    """Keep a message; return its row, None for a duplicate (same sender, mid and body).

    With the same mid and another body it is a message of its own: words may have been added.
    ``author`` is a colleague's key (b64u) where one passed it on. What came after ``since`` (Unix
    seconds; None for what comes now) may have been written after it.
    """
    since = now - 1 if since is None else since
    id_ = case_id(sender)
    row = cases.by_id(tx, id_)
    mid, problem = body.mid, None
    if row is None:
        _begin(tx, id_, sender, now)
    elif (earlier := _received(tx, id_, mid)) is not None:
        mid, problem = f"{mid}.{hashlib.sha256(raw).hexdigest()[:32]}", DIFFERS
        if raw == earlier or _received(tx, id_, mid) is not None:
            return None
    message = _add(tx, id_, "in", body, mid, raw, now, State.UNREAD, problem, author)
    before = json.loads(row.answers) if row else {}
    later_no = careful_answers.is_doubtful(before, body) and _no_later(
        tx, id_, message, since, author
    )
    answers = careful_answers.after(before, body, later_no=later_no)
    named = json.loads(row.desks) if row else []
    desks = consent.after(named, body, _taken_back(tx, id_, message, body, since, author))
    withdrawn = consent.withdrawn(json.loads(row.withdrawn) if row else [], body, desks)
    tx.execute(
        _CAME,
        {
            "case": id_,
            "more_files": len(body.files),
            "last_at": now,
            # What came together comes in any order, and a report is the first message of all.
            "snippet": row.snippet if row and body.kind == REPORT else snippet(body),
            "lang": body.lang or (row.lang if row else ""),
            "desks": json.dumps(desks),
            "withdrawn": json.dumps(withdrawn),
            "answers": json.dumps(answers),
        },
    )
    return message


def begin_transferred(tx: Connection, id_: str, now: int, lang: str) -> None:
    """Begin a case from another line, without any keys: nothing can be sealed to its reporter."""
    _begin(tx, id_, Recipient(b"", b"", b"", b""), now)
    tx.execute(update(cases_table).where(cases_table.c.id == id_).values(lang=lang))


def add_transferred(
    tx: Connection, id_: str, direction: str, raw: bytes, at: int, files: int
) -> int:
    """Keep a message of such a case with so many files; return its row.

    It is as the other line has it, ``at`` by its clock.
    """
    body = read_body(raw)
    state = State.UNREAD if direction == "in" else State.SENT
    message = _add(tx, id_, direction, body, body.mid, raw, at, state)
    received = int(direction == "in")
    answers = select(cases_table.c.answers).where(cases_table.c.id == id_)
    said = json.loads(tx.execute(answers).scalar_one())
    if received:
        later_no = careful_answers.is_doubtful(said, body) and _no_later(tx, id_, message, at - 1)
        said = careful_answers.after(said, body, later_no=later_no)
    tx.execute(
        update(cases_table)
        .where(cases_table.c.id == id_)
        .values(
            last_direction=direction,
            snippet=snippet(body),
            answers=json.dumps(said),
            unread=cases_table.c.unread + received,
            files=cases_table.c.files + files,
        )
    )
    return message


def queue_outgoing(
    tx: Connection, case: str, body: Body, raw: bytes, now: int, *, keep_draft: bool = False
) -> int:
    """Keep an answer that waits to be sealed; return its row.

    The draft goes with it, unless it is another one's (``keep_draft``).
    """
    message = _add(tx, case, "out", body, body.mid, raw, now, State.WAITING)
    _went_out(tx, case, body, now)
    if not keep_draft:
        tx.execute(delete(drafts).where(drafts.c.case_id == case))
    return message


def store_copy(
    tx: Connection, case: str, author: str, raw: bytes, body: Body, now: int
) -> int | None:
    """Keep a colleague's answer (``author`` is a key, b64u); return its row.

    It is None for one that is here already. The case must be here.

    Another's answer with the same mid, or another text, is one of its own: who has seen an answer
    could else send another under its number, and the first to come would be the only one.
    """
    mid, problem = body.mid, None
    column = messages.c
    mine = (column.case_id == case) & (column.direction == "out")
    same = mine & (column.author == author) & (column.body == raw)
    if tx.execute(select(column.id).where(same)).first() is not None:
        return None
    if tx.execute(select(column.id).where(mine, column.mid == mid)).first() is not None:
        digest = hashlib.sha256(author.encode() + raw).hexdigest()
        mid, problem = f"{mid}.{digest[:32]}", DIFFERS
    message = _add(tx, case, "out", body, mid, raw, now, State.SENT, problem, author)
    _went_out(tx, case, body, now)
    return message


def _begin(tx: Connection, id_: str, sender: Recipient, now: int) -> None:
    """Return a case in which nothing has been said yet."""
    tx.execute(
        insert(cases_table).values(
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


def _taken_back(
    tx: Connection, case: str, message: int, body: Body, since: int, author: str
) -> set[str]:
    """Return which of its desks are in withdrawals before which this body may have been written.

    In any if it is the report, the first message of all.
    """
    if tx.execute(_WITHDRAWN, {"case": case}).first() is None:
        return set()
    mine = (messages.c.case_id == case) & (messages.c.kind == WITHDRAWAL)
    if body.kind != REPORT:
        mine &= _perhaps_later(message, since, author)
    found: set[str] = set()
    for place in ("$.desks", "$.desk"):
        named = func.json_each(_JSON, place).table_valued("value")
        chosen = select(named.c.value).distinct().select_from(messages).join(named, true())
        found.update(tx.execute(chosen.where(mine, named.c.value.in_(body.desks))).scalars())
    return found


def _no_later(tx: Connection, case: str, message: int, since: int, author: str = "") -> bool:
    """Say whether "no" is in a message that may have been written after this one.

    A report was written before all others.
    """
    column = messages.c
    mine = (column.case_id == case) & (column.direction == "in") & (column.kind != REPORT)
    # As a list of one, too: so is it read (``rules.body``).
    says_no = func.json_extract(_JSON, f"$.answers.{careful_answers.SAFE}").in_(("no", '["no"]'))
    found = select(column.id).where(mine, _perhaps_later(message, since, author), says_no).limit(1)
    return tx.execute(found).first() is not None


def _perhaps_later(message: int, since: int, author: str) -> ColumnElement[bool]:
    """Narrow to what may have been written after a message.

    That is what came after ``since``; where ``author`` passed it on, whatever came here but what
    the same snapshot has, which is in the order in which it came to them.
    """
    column = messages.c
    if not author:
        return (column.id != message) & (column.at > since)
    at = select(column.at).where(column.id == message).scalar_subquery()
    return (column.author != author) | (column.at != at)


def _went_out(tx: Connection, case: str, body: Body, now: int) -> None:
    tx.execute(
        update(cases_table)
        .where(cases_table.c.id == case)
        .values(
            last_at=now,
            last_direction="out",
            snippet=snippet(body),
            files=cases_table.c.files + len(body.files),
        )
    )


def _received(tx: Connection, case: str, mid: str) -> bytes | None:
    raw: bytes | None = tx.execute(_SAME, {"case": case, "mid": mid}).scalar_one_or_none()
    return raw


def _add(
    tx: Connection,
    case: str,
    direction: str,
    body: Body,
    mid: str,
    raw: bytes,
    now: int,
    state: State,
    problem: str | None = None,
    author: str = "",
) -> int:
    values: dict[str, object] = {
        "case_id": case,
        "direction": direction,
        "kind": body.kind,
        "mid": mid,
        "body": raw,
        "at": now,
        "state": state.value,
        "problem": kept(problem),
        "author": author,
        "danger": danger.mark(case, raw, body.answers) if direction == "in" else "",
    }
    result = tx.execute(_ADD, values)
    key = result.inserted_primary_key
    if key is None:
        raise LookupError("SQLite gave no row id.")
    return int(key[0])


def wordless(shown: str) -> str:
    """Return a snippet that no reporter wrote as a sentence that is said by language, else ""."""
    return next((words for words in _WORDLESS.values() if words == shown), "")


def snippet(body: Body) -> str:
    """Return what a list shows of a message: its text, or what it is where it needs none."""
    return " ".join((body.text.strip() or _WORDLESS.get(body.kind, "")).split())[:SNIPPET]
