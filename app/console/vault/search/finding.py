"""The index of everything that can be searched.

Messages and their translations, notes, files' names and what they say.

It is filled behind what was stored, from where it last stopped: what was written by any part of the
console is found, and a kill loses nothing. It holds terms and no texts, and lies in the vault like
all else. Who deletes a text says so here (``forget``).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.rules.body import read_body
from app.console.search import terms
from app.console.vault.database.schema import audit_events, files, messages, private_notes
from app.console.vault.database.search_tables import (
    file_words,
    findable,
    findable_marks,
    translated_texts,
)
from app.console.vault.vault import Vault

BATCH = 500
MESSAGE, NOTE, PRIVATE, FILE = "message", "note", "private", "file"
TRANSLATION = "translation"
_READ_ON = {MESSAGE: messages, NOTE: audit_events, PRIVATE: private_notes}
_SOURCES = {**_READ_ON, FILE: file_words, TRANSLATION: translated_texts}
"""What files say and what was translated is put in by who keeps it (``filewords``,
``translated_texts``), the others are read behind what is."""

_NOTES = ("note", "edit")

Progress = Callable[[int, int], None]
Place = tuple[str, str, int]
"""Where a text is kept: its case, what it is, its row."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A text in which something was found.

    Of which case, what it is, its row, when it came, its words; answers to questions apart, by the
    question's id. ``message`` is the row of the message that it is, or is of; None for none.
    """

    case: str
    source: str
    row: int
    at: int
    text: str
    answers: Mapping[str, str]
    message: int | None


def index(tx: Connection, batch: int = BATCH) -> int:
    """Read on for at most ``batch`` rows of each kind; return how many are left."""
    _read(tx, batch)
    return waiting(tx)


def read_on(
    vault: Vault, rounds: int | None = None, on_progress: Progress = lambda *_: None
) -> int:
    """Read on in short transactions, so that none waits long; return how many are left.

    ``on_progress`` hears how many are done, and of how many.
    """
    with vault.read() as tx:
        left = total = waiting(tx)
    while left > 0 and (rounds is None or rounds > 0):
        on_progress(total - left, total)
        with vault.write() as tx:
            read = _read(tx, BATCH)
        left = left - read if read else 0
        rounds = None if rounds is None else rounds - 1
    return max(0, left)


def waiting(tx: Connection) -> int:
    """Return how many rows are still to be read."""
    marks = _marks(tx)
    return sum(
        int(
            tx.execute(
                select(func.count()).select_from(table).where(table.c.id > marks.get(source, 0))
            ).scalar_one()
        )
        for source, table in _READ_ON.items()
    )


def _read(tx: Connection, batch: int) -> int:
    """Read on; return how many rows it read."""
    marks = _marks(tx)
    read = 0
    for source, table in _READ_ON.items():
        mine = select(table).where(table.c.id > marks.get(source, 0))
        rows = tx.execute(mine.order_by(table.c.id).limit(batch)).all()
        _add_all(
            tx,
            [
                ((row.case_id, source, row.id), words)
                for row in rows
                for words in _texts(source, row)
            ],
        )
        if rows:
            _mark(tx, source, rows[-1].id)
        read += len(rows)
    return read


def find(tx: Connection, expression: str, limit: int) -> list[SearchHit]:
    """Return the latest texts that an expression of ``search.query`` finds."""
    rows = tx.execute(
        text(
            "SELECT f.case_id, f.source, f.row FROM findable_terms t"
            " JOIN findable f ON f.id = t.rowid WHERE findable_terms MATCH :asked"
            " ORDER BY t.rowid DESC LIMIT :most"
        ),
        {"asked": expression, "most": limit},
    ).all()
    kept: dict[tuple[str, int], Row[Any]] = {}
    for source in {row.source for row in rows}:
        table, ids = _SOURCES[source], [row.row for row in rows if row.source == source]
        for row in tx.execute(select(table).where(table.c.id.in_(ids))):
            kept[source, row.id] = row
    found = []
    for case, source, id_ in rows:
        at = kept.get((source, id_))
        if at is not None:  # a private note that was taken away
            found.append(_hit(tx, case, source, at))
    return found


def _hit(tx: Connection, case: str, source: str, row: Row[Any]) -> SearchHit:
    if source == MESSAGE:
        body = read_body(row.body)
        words = _together(body.text, *(file.name for file in body.files))
        return SearchHit(case, source, row.id, row.at, words, body.answers, row.id)
    words, message = "\n".join(_texts(source, row)), None
    if source == TRANSLATION:
        message = row.message
    elif source == FILE:
        of_file = select(files.c.message).where(files.c.id == row.file)
        message = tx.execute(of_file).scalar_one_or_none()
    return SearchHit(case, source, row.id, row.at, words, {}, message)


def forget(tx: Connection, source: str, row: int) -> None:
    """Take a text whose row has just been deleted out of the index.

    SQLite may give the row's number again, to a text that must be read in then.
    """
    mine = (findable.c.source == source) & (findable.c.row == row)
    for id_ in list(tx.execute(select(findable.c.id).where(mine)).scalars()):
        tx.execute(text("DELETE FROM findable_terms WHERE rowid = :id"), {"id": id_})
    tx.execute(delete(findable).where(mine))
    if source in _READ_ON:
        _go_back(tx, source)


def forget_file(tx: Connection, file: int) -> None:
    """Take what a file says out of the vault and its index."""
    mine = file_words.c.file == file
    for id_ in list(tx.execute(select(file_words.c.id).where(mine)).scalars()):
        forget(tx, FILE, id_)
    tx.execute(delete(file_words).where(mine))


def forget_case(tx: Connection, case: str) -> None:
    """Take a case's texts, whose rows have just been deleted, out of the index, for good.

    A deleted row's terms stay in FTS5's segments until these are merged: ``optimize`` merges them.
    """
    mine = findable.c.case_id == case
    for id_ in list(tx.execute(select(findable.c.id).where(mine)).scalars()):
        tx.execute(text("DELETE FROM findable_terms WHERE rowid = :id"), {"id": id_})
    tx.execute(delete(findable).where(mine))
    tx.execute(text("INSERT INTO findable_terms (findable_terms) VALUES ('optimize')"))
    for source in _READ_ON:
        _go_back(tx, source)


def add(tx: Connection, case: str, source: str, row: int, held: str) -> None:
    """Put a text's row into the index, by its terms with spaces between them."""
    _put(tx, [((case, source, row), held)])


def _marks(tx: Connection) -> dict[str, int]:
    """Up to which row each kind of text has been read."""
    return {row.source: row.row for row in tx.execute(select(findable_marks))}


def _mark(tx: Connection, source: str, row: int) -> None:
    statement = upsert(findable_marks).values(source=source, row=row)
    tx.execute(statement.on_conflict_do_update(index_elements=["source"], set_={"row": row}))


def _go_back(tx: Connection, source: str) -> None:
    """No mark lies behind the last row: its number may be given again."""
    last = int(tx.execute(select(func.max(_SOURCES[source].c.id))).scalar_one() or 0)
    _mark(tx, source, min(_marks(tx).get(source, 0), last))


def _add_all(tx: Connection, texts: Sequence[tuple[Place, str]]) -> None:
    _put(tx, [(place, " ".join(one.text for one in terms.terms(words))) for place, words in texts])


def _put(tx: Connection, texts: Sequence[tuple[Place, str]]) -> None:
    texts = [(place, held) for place, held in texts if held]
    if not texts:
        return
    # Numbers are given here, and both tables filled in one go each.
    last = int(tx.execute(select(func.coalesce(func.max(findable.c.id), 0))).scalar_one())
    rows, words = [], []
    for id_, ((case, source, row), held) in enumerate(texts, start=last + 1):
        rows.append({"id": id_, "case_id": case, "source": source, "row": row})
        words.append({"id": id_, "terms": held})
    tx.execute(insert(findable), rows)
    tx.execute(text("INSERT INTO findable_terms (rowid, terms) VALUES (:id, :terms)"), words)


def _texts(source: str, row: Row[Any]) -> Iterator[str]:
    if source == MESSAGE:
        body = read_body(row.body)
        yield _together(body.text, *body.answers.values(), *(file.name for file in body.files))
    elif source == NOTE:
        if row.what in _NOTES:
            yield str(json.loads(row.detail).get("text", ""))
    else:
        yield row.text


def _together(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
