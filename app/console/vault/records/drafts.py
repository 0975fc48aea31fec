"""Answers begun and not yet sent, and notes begun and not yet kept: one to a case."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.vault.database.schema import drafts, note_drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer begun and not yet sent."""

    text: str
    desk: str
    lang: str


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note begun and not yet kept; ``private`` is one for oneself alone."""

    text: str = ""
    private: bool = False


def find(tx: Connection, case: str) -> Draft | None:
    """Return the draft of a case, if there is one."""
    row = tx.execute(select(drafts).where(drafts.c.case_id == case)).one_or_none()
    return None if row is None else Draft(row.text, row.desk, row.lang)


def store(tx: Connection, case: str, kept: Draft, now: int) -> None:
    """Keep a draft in the place of the one before; an empty text removes it."""
    if not kept.text.strip():
        tx.execute(delete(drafts).where(drafts.c.case_id == case))
        return
    row = {"text": kept.text, "desk": kept.desk, "lang": kept.lang, "at": now}
    statement = upsert(drafts).values(case_id=case, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=row))


def drafted(tx: Connection) -> set[str]:
    """Return cases with a draft, of an answer or of a note."""
    answers = select(drafts.c.case_id)
    return set(tx.execute(answers.union(select(note_drafts.c.case_id))).scalars())


def note(tx: Connection, case: str) -> NoteDraft:
    """Return the note begun in a case, one without text for none."""
    mine = select(note_drafts).where(note_drafts.c.case_id == case)
    row = tx.execute(mine).one_or_none()
    return NoteDraft() if row is None else NoteDraft(row.text, bool(row.private))


def store_note(tx: Connection, case: str, begun: NoteDraft, now: int) -> None:
    """Keep a note in the place of the one before; an empty text removes it."""
    if not begun.text.strip():
        tx.execute(delete(note_drafts).where(note_drafts.c.case_id == case))
        return
    row = {"text": begun.text, "private": int(begun.private), "at": now}
    statement = upsert(note_drafts).values(case_id=case, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=row))
