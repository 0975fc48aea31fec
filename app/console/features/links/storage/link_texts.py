"""The texts that links are looked for in, as they stand now."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from app.console.rules.body import UNREADABLE, read_body
from app.console.rules.passed import CaseLayers
from app.console.vault.schema import case_states, messages, private_notes

MESSAGE, NOTE, PRIVATE = "message", "note", "private"


def texts(tx: Connection, case: str, source: str, row: str) -> dict[str, str]:
    """Return the parts of what an occurrence names; nothing where it is gone.

    Of a message its text (""), the answers by question, of a desk's notes each by its tag, a
    private note.
    """
    if source == NOTE:
        return _notes(tx, case, row)
    if not row.isdecimal():
        return {}
    if source == PRIVATE:
        chosen = select(private_notes.c.text).where(private_notes.c.id == int(row))
        said = tx.execute(chosen).scalar_one_or_none()
        return {} if said is None else {"": said}
    return bodies(tx, [row]).get(row, {})


def bodies(tx: Connection, rows: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the parts of each of these messages that is here and can be read, by its row."""
    ids = [int(row) for row in rows if row.isdecimal()]
    chosen = select(messages.c.id, messages.c.body).where(
        messages.c.id.in_(ids), messages.c.kind != UNREADABLE
    )
    return {str(kept.id): _parts(kept.body) for kept in tx.execute(chosen)}


def _parts(raw: bytes) -> dict[str, str]:
    body = read_body(raw)
    return {"": body.text, **{name: said for name, said in body.answers.items() if name}}


def _notes(tx: Connection, case: str, desk: str) -> dict[str, str]:

    mine = (case_states.c.case_id == case) & (case_states.c.desk == desk)
    kept = tx.execute(select(case_states.c.state).where(mine)).scalar_one_or_none()
    if kept is None:
        return {}
    state = CaseLayers.from_json(json.loads(kept)).view()
    return {tag: note.now for tag, note in state.written() if note.now}
