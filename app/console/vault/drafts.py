"""Answers begun and not yet sent: one to a conversation."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.vault.schema import drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer begun and not yet sent."""

    text: str
    desk: str
    lang: str


def find(tx: Connection, conversation: str) -> Draft | None:
    """The one of a conversation, if there is one."""
    row = tx.execute(select(drafts).where(drafts.c.conversation == conversation)).one_or_none()
    return None if row is None else Draft(row.text, row.desk, row.lang)


def store(tx: Connection, conversation: str, kept: Draft, now: int) -> None:
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
