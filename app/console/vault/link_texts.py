"""The texts that links are looked for in, as they stand now."""

import json

from sqlalchemy import Connection, select

from app.console.team.merge import CaseState
from app.console.triage.body import UNREADABLE, read_body
from app.console.vault.schema import case_states, messages, private_notes

MESSAGE, NOTE, PRIVATE = "message", "note", "private"


def texts(tx: Connection, conversation: str, source: str, row: str) -> dict[str, str]:
    """The parts of what a mention names: of a message its text ("") and the answers by question, of
    a desk's notes each by its tag, a private note; nothing where it is gone.
    """
    if source == NOTE:
        return _notes(tx, conversation, row)
    if not row.isdecimal():
        return {}
    if source == PRIVATE:
        chosen = select(private_notes.c.text).where(private_notes.c.id == int(row))
        said = tx.execute(chosen).scalar_one_or_none()
        return {} if said is None else {"": said}
    mine = messages.c.id == int(row)
    kept = tx.execute(select(messages.c.body, messages.c.kind).where(mine)).one_or_none()
    if kept is None or kept.kind == UNREADABLE:
        return {}
    body = read_body(kept.body)
    return {"": body.text, **{name: said for name, said in body.answers.items() if name}}


def _notes(tx: Connection, conversation: str, desk: str) -> dict[str, str]:

    mine = (case_states.c.conversation == conversation) & (case_states.c.desk == desk)
    kept = tx.execute(select(case_states.c.state).where(mine)).scalar_one_or_none()
    if kept is None:
        return {}
    state = CaseState.from_json(json.loads(kept))
    return {tag: note.now for tag, note in state.written() if note.now}
