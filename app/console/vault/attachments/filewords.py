"""What files say, in parts short enough to be searched and shown: read elsewhere, kept here.

A file that was read has its part 0, an empty one if there was nothing to read; so a kill between
two files loses nothing, and none is read twice. A file takes its words along (``files.remove``).
"""

from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, insert, select

from app.console.search import terms
from app.console.vault.attachments import files
from app.console.vault.attachments.files import File, FileState
from app.console.vault.database.schema import files as table
from app.console.vault.database.search_tables import file_words
from app.console.vault.search import finding

PART = 8_000
OVERLAP = 200
"""Characters of a part that are in the next one too, so that a phrase across the cut is found."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file's text, and the terms by which it is found (``prepare``)."""

    text: str
    held: str


@dataclass(frozen=True, slots=True)
class Wordless:
    """What there is to say of a file that was not read."""

    type: str
    name: str
    size: int
    state: FileState
    message: int


def prepare(text: str) -> list[Part]:
    """Cut a text into parts; a long one takes a second, so no transaction should wait."""
    cut = [text[at : at + PART + OVERLAP] for at in range(0, max(len(text), 1), PART)]
    return [Part(one, " ".join(term.text for term in terms.terms(one))) for one in cut]


def unread(tx: Connection) -> list[File]:
    """Return files of messages that are whole and were not read, the earliest first."""
    whole = table.c.state.in_((FileState.HERE.value, FileState.SENT.value))
    read = exists(select(file_words.c.id).where(file_words.c.file == table.c.id))
    chosen = select(table.c.id).where(whole, table.c.message.is_not(None), ~read)
    found = (files.find(tx, id_) for id_ in tx.execute(chosen.order_by(table.c.id)).scalars())
    return [one for one in found if one is not None]


def wordless(tx: Connection) -> list[Wordless]:
    """Return every file of a message that was not read, here or not, whatever it is."""
    read = exists(select(file_words.c.id).where(file_words.c.file == table.c.id))
    facts = select(table.c.type, table.c.name, table.c.size, table.c.state, table.c.message)
    rows = tx.execute(facts.where(table.c.message.is_not(None), ~read))
    return [
        Wordless(row.type, row.name, row.size, FileState(row.state), row.message) for row in rows
    ]


def empty(tx: Connection) -> int:
    """Return how many files were read and said nothing: damaged, locked, without letters."""
    said_nothing = (file_words.c.place == 0) & (file_words.c.text == "")
    return int(tx.execute(select(func.count()).where(said_nothing)).scalar_one())


def keep(tx: Connection, file: File, parts: list[Part], now: int) -> None:
    """Keep what a file says, and what it is found by; nothing for a file that is gone by now."""
    found = files.find(tx, file.id)
    if found is None or (found.folder, found.case) != (file.folder, file.case):
        return  # Another file has its number by now.
    finding.forget_file(tx, file.id)
    for place, one in enumerate(parts):
        values = {"file": file.id, "place": place, "case_id": file.case}
        made = tx.execute(insert(file_words).values(**values, at=now, text=one.text))
        (id_,) = made.inserted_primary_key or (None,)
        finding.add(tx, file.case, finding.FILE, int(id_ or 0), one.held)


def file_of(tx: Connection, row: int) -> str:
    """Return the name of the file that a part is of."""
    named = select(table.c.name).join(file_words, file_words.c.file == table.c.id)
    return str(tx.execute(named.where(file_words.c.id == row)).scalar_one_or_none() or "")
