"""What came of opening a file: a blurred picture that need not be made again, or why it failed.

A file that broke its decoder, or ran out of time, is opened again by another version of it, or when
the investigator says so; not each time its case is opened. What was spent on the files of a message
is summed up here, whatever came of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.vault.attachments import files
from app.console.vault.attachments.files import File, FileState
from app.console.vault.database.schema import files as table
from app.console.vault.database.search_tables import previews
from app.console.vault.search import finding
from app.sentences.stored_sentences import kept, said


class Form(StrEnum):
    """How a file was to be seen."""

    BLURRED = "blurred"
    FULL = "full"
    ZOOMED = "zoomed"
    WORDS = "words"
    LIKENESS = "likeness"
    """What a picture is found again by: 16 bytes, in place of a PNG."""


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What came of it.

    A ``problem`` is a sentence for the investigator, and ``decoder`` what met it; ``png`` is kept
    of blurred sheets, and of a likeness, alone. ``cost`` is how many milliseconds it took.
    """

    decoder: str
    cost: int
    problem: str | None = None
    png: bytes | None = None
    size: tuple[int, int] = (0, 0)
    total: int = 0


def find(tx: Connection, file: File, form: Form, sheet: int) -> SheetOutcome | None:
    """Return what came of a sheet, counted from 0, if it was tried."""
    mine = (previews.c.file == file.id) & (previews.c.form == form) & (previews.c.sheet == sheet)
    row = tx.execute(select(previews).where(mine)).one_or_none()
    if row is None:
        return None
    return SheetOutcome(
        row.decoder, row.cost, said(row.problem), row.png, (row.width, row.height), row.total
    )


def keep(tx: Connection, file: File, form: Form, sheet: int, made: SheetOutcome) -> None:
    """Keep what came of it, in the place of before; nothing for a file that is gone by now."""
    found = files.find(tx, file.id)
    if found is None or (found.folder, found.case) != (file.folder, file.case):
        return  # Another file has its number by now.
    values = {
        "message": found.message,
        "case_id": found.case,
        "decoder": made.decoder,
        "cost": made.cost,
        "problem": kept(made.problem),
        "png": made.png,
        "width": made.size[0],
        "height": made.size[1],
        "total": made.total,
    }
    statement = upsert(previews).values(file=file.id, form=form.value, sheet=sheet, **values)
    place = ("file", "form", "sheet")
    tx.execute(statement.on_conflict_do_update(index_elements=place, set_=values))


def without(tx: Connection, form: Form) -> list[File]:
    """Return files of messages that are whole and were not tried in a form, the earliest first."""
    whole = table.c.state.in_((FileState.HERE.value, FileState.SENT.value))
    tried = exists(
        select(previews.c.file).where(previews.c.file == table.c.id, previews.c.form == form)
    )
    chosen = select(table.c.id).where(whole, table.c.message.is_not(None), ~tried)
    found = (files.find(tx, id_) for id_ in tx.execute(chosen.order_by(table.c.id)).scalars())
    return [one for one in found if one is not None]


def spent(tx: Connection, message: int | None, form: Form, decoders: Collection[str]) -> int:
    """Return milliseconds that the files of a message took, each the last time.

    But for what others than these decoders failed at. A draft's are the investigator's own:
    nothing.
    """
    if message is None:
        return 0
    mine = (previews.c.message == message) & (previews.c.form == form)
    counts = previews.c.problem.is_(None) | previews.c.decoder.in_(decoders)
    total = select(func.coalesce(func.sum(previews.c.cost), 0)).where(mine, counts)
    return int(tx.execute(total).scalar_one())


def dear(tx: Connection, form: Form, most: int) -> set[int]:
    """Return the messages whose files took so many milliseconds."""
    summed = select(previews.c.message).where(previews.c.form == form).group_by(previews.c.message)
    return set(tx.execute(summed.having(func.sum(previews.c.cost) >= most)).scalars())


def forget_failures(tx: Connection, file: File) -> None:
    """Forget failures: the investigator asks to have a file tried again, in every form."""
    failed = (previews.c.file == file.id) & previews.c.problem.is_not(None)
    tx.execute(delete(previews).where(failed))


def forget_older(tx: Connection, decoders: Collection[str]) -> None:
    """Forget failures to read a file that another decoder met than one of these.

    It has words still to be read, and no cost.
    """
    failed = (previews.c.form == Form.WORDS) & previews.c.problem.is_not(None)
    older = failed & previews.c.decoder.not_in(decoders)
    for file in list(tx.execute(select(previews.c.file).where(older)).scalars()):
        finding.forget_file(tx, file)
    tx.execute(delete(previews).where(older))
