"""Attachments as the database knows them: what a message says of a file, and how far it is here.

The ciphertext itself lies beside the database (``chunks``); the plain bytes never lie anywhere.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from app.console.rules.body import DescribedFile
from app.console.vault.database.schema import FILE_PROGRESS, files
from app.console.vault.database.search_tables import previews
from app.console.vault.search import finding
from app.protocol.secrets import Secret
from app.sentences.stored_sentences import kept, said


class FileState(StrEnum):
    """How far a file is here (received) or there (written)."""

    WANTED = "wanted"  # being fetched, part by part
    HELD = "held"  # large: fetched when the investigator says so
    MISSING = "missing"  # a part was missing or changed; asked for again, less and less often
    HERE = "here"  # whole, and its tree hash is the sender's
    BROKEN = "broken"  # not what the message says, or failed too often: not asked for by itself
    LOCAL = "local"  # encrypted here, still to be uploaded
    SENT = "sent"  # uploaded


@dataclass(frozen=True, slots=True)
class File:
    """One file.

    ``folder`` is its random name on the disk; ``have`` counts parts that are done; ``by_hand`` says
    that the investigator asked for it.
    """

    id: int
    case: str
    message: int | None
    key: Secret
    chunks: int
    name: str
    type: str
    size: int
    metadata: str
    tree: str
    folder: str
    state: FileState
    have: int
    sha256: str | None
    problem: str | None
    failures: int
    by_hand: bool
    listed: str
    """The name of the list of hashes that it was found in (``hash_lists``), else empty."""


def add_incoming(
    tx: Connection,
    case: str,
    message: int,
    position: int,
    ref: DescribedFile,
    folder: str,
    held: str | None,
) -> None:
    """Note a file to be fetched, one to be asked for (``held`` says why), or one that cannot be.

    Where a file received has the same key and number of chunks, its folder serves both.
    """
    state = FileState.HELD if held else FileState.WANTED
    if ref.problem:
        state, held = FileState.BROKEN, ref.problem
    outgoing = files.c.state.in_((FileState.LOCAL.value, FileState.SENT.value))
    same = (files.c.key == ref.key) & (files.c.chunks == ref.chunks) & ~outgoing
    if ref.key:
        shared = tx.execute(select(files.c.folder).where(same).limit(1)).scalar_one_or_none()
        folder = shared or folder
    _insert(tx, case, message, position, replace(ref, problem=held), folder, state, None)


def add_outgoing(tx: Connection, case: str, ref: DescribedFile, folder: str, sha256: str) -> int:
    """Note a file of a draft, encrypted already; return its row."""
    return _insert(tx, case, None, 0, ref, folder, FileState.LOCAL, sha256)


def add_transferred(
    tx: Connection,
    case: str,
    message: int,
    position: int,
    ref: DescribedFile,
    folder: str,
    sha256: str | None,
) -> None:
    """Note a file that came with a case from another line.

    It is encrypted here already, or, without its hash, one that did not come; ``ref.problem`` says
    why.
    """
    state = FileState.BROKEN if sha256 is None else FileState.HERE
    _insert(tx, case, message, position, ref, folder, state, sha256)


def attach(tx: Connection, message: int, ids: list[int]) -> None:
    """Give a draft's files to the message that was queued."""
    tx.execute(update(files).where(files.c.id.in_(ids)).values(message=message))


def of_draft(tx: Connection, case: str) -> list[File]:
    """Return a draft's files, the first added first."""
    mine = (files.c.case_id == case) & files.c.message.is_(None)
    return [_file(row) for row in tx.execute(select(files).where(mine).order_by(files.c.id))]


def of_case(tx: Connection, case: str) -> list[File]:
    """Return all but a draft's, in the order of the messages."""
    mine = (files.c.case_id == case) & files.c.message.is_not(None)
    ordered = select(files).where(mine).order_by(files.c.message, files.c.position, files.c.id)
    return [_file(row) for row in tx.execute(ordered)]


def of_message(tx: Connection, message: int) -> list[File]:
    """Return a message's files, in their order."""
    ordered = select(files).where(files.c.message == message).order_by(files.c.id)
    return [_file(row) for row in tx.execute(ordered)]


def whole(tx: Connection) -> list[File]:
    """Return every file of a message that is whole here, the earliest first."""
    here = files.c.state.in_((FileState.HERE.value, FileState.SENT.value))
    chosen = select(files).where(here, files.c.message.is_not(None)).order_by(files.c.id)
    return [_file(row) for row in tx.execute(chosen)]


def find(tx: Connection, id_: int) -> File | None:
    """Return a file; None also for a number that is no row's (SQLite's end at 2^63 - 1)."""
    if not 0 < id_ < 2**63:
        return None
    row = tx.execute(select(files).where(files.c.id == id_)).one_or_none()
    return None if row is None else _file(row)


def to_fetch(tx: Connection, now: int) -> list[File]:
    """Return files to be fetched: those never tried, then those that failed, smallest first."""
    wanted = files.c.state == FileState.WANTED.value
    due = (files.c.state == FileState.MISSING.value) & (
        files.c.retry_at.is_(None) | (files.c.retry_at <= now)
    )
    chosen = select(files).where(wanted | due)
    order = (~wanted, files.c.chunks, files.c.id)
    return [_file(row) for row in tx.execute(chosen.order_by(*order))]


def failed(tx: Connection, file: File, problem: str, retry_at: int | None) -> None:
    """Count a failure; it is asked for again at ``retry_at`` (Unix seconds), None to give it up."""
    state = FileState.MISSING if retry_at is not None else FileState.BROKEN
    values = {"state": state.value, "problem": kept(problem), "retry_at": retry_at}
    counted = update(files).where(files.c.id == file.id).values(failures=files.c.failures + 1)
    tx.execute(counted.values(**values))


def try_by_hand(tx: Connection, id_: int) -> None:
    """Let a file that is held, or failed, be fetched like any: the investigator asks for it."""
    again = (files.c.state != FileState.BROKEN.value) | (files.c.failures > 0)
    states = (FileState.HELD.value, FileState.MISSING.value, FileState.BROKEN.value)
    values = {"state": FileState.WANTED.value, "problem": None, "retry_at": None}
    chosen = update(files).where(files.c.id == id_, files.c.state.in_(states), again)
    tx.execute(chosen.values(failures=0, by_hand=1, **values))


def progress(tx: Connection, id_: int, have: int) -> None:
    """Note how many parts of a file are here."""
    tx.execute(update(files).where(files.c.id == id_).values(have=have))


def set_state(
    tx: Connection,
    id_: int,
    state: FileState,
    problem: str | None = None,
    sha256: str | None = None,
) -> None:
    """Note how a file stands; ``problem`` is a sentence, ``sha256`` of the plain bytes, hex."""
    values: dict[str, Any] = {"state": state.value, "problem": kept(problem)}
    if sha256 is not None:
        values["sha256"] = sha256
    tx.execute(update(files).where(files.c.id == id_).values(**values))


def remove(tx: Connection, id_: int) -> None:
    """Remove a file, with what it says, if it was read, and what came of opening it."""
    finding.forget_file(tx, id_)
    tx.execute(delete(previews).where(previews.c.file == id_))
    tx.execute(delete(files).where(files.c.id == id_))


def folders(tx: Connection) -> set[str]:
    """Return every name on the disk that belongs to a file."""
    return set(tx.execute(select(files.c.folder)).scalars())


def changed(tx: Connection) -> int:
    """Return a number that changes when a file gets further: pages ask again when it has."""
    # As the index has it: none of the rows is read.
    moved: ColumnElement[int] = literal_column(FILE_PROGRESS)
    total = select(func.coalesce(func.sum(moved), 0)).select_from(files)
    return int(tx.execute(total).scalar_one())


def _insert(
    tx: Connection,
    case: str,
    message: int | None,
    position: int,
    ref: DescribedFile,
    folder: str,
    state: FileState,
    sha256: str | None,
) -> int:
    result = tx.execute(
        insert(files).values(
            case_id=case,
            message=message,
            position=position,
            key=ref.key,
            chunks=ref.chunks,
            name=ref.name,
            type=ref.type,
            size=ref.size,
            metadata=ref.metadata,
            tree=ref.tree,
            folder=folder,
            state=state.value,
            have=0,
            sha256=sha256,
            problem=ref.problem,
            failures=0,
            by_hand=0,
        )
    )
    key = result.inserted_primary_key
    if key is None:
        raise LookupError("SQLite gave no row id.")
    return int(key[0])


def _file(row: Row[Any]) -> File:
    return File(
        id=row.id,
        case=row.case_id,
        message=row.message,
        key=Secret(row.key),
        chunks=row.chunks,
        name=row.name,
        type=row.type,
        size=row.size,
        metadata=row.metadata,
        tree=row.tree,
        folder=row.folder,
        state=FileState(row.state),
        have=row.have,
        sha256=row.sha256,
        problem=said(row.problem),
        failures=row.failures,
        by_hand=bool(row.by_hand),
        listed=row.listed,
    )
