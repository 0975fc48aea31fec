"""The index of everything that can be searched: messages, notes, files' names and what they say.

It is filled behind what was stored, from where it last stopped: what was written by any part of the
console is found, and a kill loses nothing. It holds terms and no texts, and lies in the vault like
all else. Who deletes a text says so here (`forget`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, text

from app.console.search import terms
from app.console.triage.body import read_body
from app.console.vault import owner
from app.console.vault.schema import file_words, findable, happenings, messages, private_notes
from app.console.vault.vault import Vault

MARKS = "found_up_to"
BATCH = 500
MESSAGE, NOTE, PRIVATE, FILE = "message", "note", "private", "file"
_READ_ON = {MESSAGE: messages, NOTE: happenings, PRIVATE: private_notes}
_SOURCES = {**_READ_ON, FILE: file_words}
"""What files say is put in by who keeps it (`filewords`), the others are read behind what is."""

_NOTES = ("note", "edit")


@dataclass(frozen=True, slots=True)
class Found:
    """A text in which something was found: of which case, what it is, its row, when it came, its
    words.
    """

    conversation: str
    source: str
    row: int
    at: int
    text: str


def index(tx: Connection, batch: int = BATCH) -> int:
    """Reads on for at most `batch` rows of each kind; gives how many are left."""
    marks: dict[str, int] = owner.fact(tx, MARKS) or {}
    left = 0
    for source, table in _READ_ON.items():
        mark = marks.get(source, 0)
        rows = tx.execute(
            select(table).where(table.c.id > mark).order_by(table.c.id).limit(batch)
        ).all()
        for row in rows:
            for words in _texts(source, row):
                held = " ".join(one.text for one in terms.terms(words))
                add(tx, row.conversation, source, row.id, held)
        if rows:
            marks[source] = rows[-1].id
        rest = select(func.count()).select_from(table).where(table.c.id > marks.get(source, 0))
        left += int(tx.execute(rest).scalar_one())
    owner.store_fact(tx, MARKS, marks)
    return left


def read_on(vault: Vault, rounds: int | None = None) -> int:
    """Reads on in transactions of their own, so that nobody waits long; gives how many are left."""
    left = 1
    while left and (rounds is None or rounds > 0):
        with vault.write() as tx:
            left = index(tx)
        rounds = None if rounds is None else rounds - 1
    return left


def find(tx: Connection, expression: str, limit: int) -> list[Found]:
    """The latest texts that an expression of `search.query` finds."""
    rows = tx.execute(
        text(
            "SELECT f.conversation, f.source, f.row FROM findable_terms t"
            " JOIN findable f ON f.id = t.rowid WHERE findable_terms MATCH :asked"
            " ORDER BY t.rowid DESC LIMIT :most"
        ),
        {"asked": expression, "most": limit},
    ).all()
    found = []
    for conversation, source, id_ in rows:
        table = _SOURCES[source]
        row = tx.execute(select(table).where(table.c.id == id_)).one_or_none()
        if row is not None:  # a private note that was taken away
            words = "\n".join(_texts(source, row))
            found.append(Found(conversation, source, id_, row.at, words))
    return found


def forget(tx: Connection, source: str, row: int) -> None:
    """Takes a text whose row has just been deleted out of the index.

    SQLite may give the row's number again, to a text that must be read in then.
    """
    mine = (findable.c.source == source) & (findable.c.row == row)
    for id_ in list(tx.execute(select(findable.c.id).where(mine)).scalars()):
        tx.execute(text("DELETE FROM findable_terms WHERE rowid = :id"), {"id": id_})
    tx.execute(delete(findable).where(mine))
    if source not in _READ_ON:
        return
    marks: dict[str, int] = owner.fact(tx, MARKS) or {}
    last = tx.execute(select(func.max(_SOURCES[source].c.id))).scalar_one() or 0
    marks[source] = min(marks.get(source, 0), int(last))
    owner.store_fact(tx, MARKS, marks)


def forget_file(tx: Connection, file: int) -> None:
    """Takes what a file says out of the vault and its index."""
    mine = file_words.c.file == file
    for id_ in list(tx.execute(select(file_words.c.id).where(mine)).scalars()):
        forget(tx, FILE, id_)
    tx.execute(delete(file_words).where(mine))


def forget_case(tx: Connection, conversation: str) -> None:
    """Takes a case's texts, whose rows have just been deleted, out of the index, for good.

    A deleted row's terms stay in FTS5's segments until these are merged: `optimize` merges them.
    """
    mine = findable.c.conversation == conversation
    for id_ in list(tx.execute(select(findable.c.id).where(mine)).scalars()):
        tx.execute(text("DELETE FROM findable_terms WHERE rowid = :id"), {"id": id_})
    tx.execute(delete(findable).where(mine))
    tx.execute(text("INSERT INTO findable_terms (findable_terms) VALUES ('optimize')"))
    marks: dict[str, int] = owner.fact(tx, MARKS) or {}
    for source in _READ_ON:
        last = tx.execute(select(func.max(_SOURCES[source].c.id))).scalar_one() or 0
        marks[source] = min(marks.get(source, 0), int(last))
    owner.store_fact(tx, MARKS, marks)


def add(tx: Connection, conversation: str, source: str, row: int, held: str) -> None:
    """Puts a text's row into the index, by its terms with spaces between them."""
    if not held:
        return
    made = tx.execute(insert(findable).values(conversation=conversation, source=source, row=row))
    (id_,) = made.inserted_primary_key or (None,)
    tx.execute(
        text("INSERT INTO findable_terms (rowid, terms) VALUES (:id, :terms)"),
        {"id": id_, "terms": held},
    )


def _texts(source: str, row: Row[Any]) -> Iterator[str]:
    if source == MESSAGE:
        body = read_body(row.body)
        parts = [body.text, *body.answers.values(), *(file.name for file in body.files)]
        yield "\n".join(part for part in parts if part)
    elif source == NOTE:
        if row.what in _NOTES:
            yield str(json.loads(row.detail).get("text", ""))
    else:
        yield row.text
