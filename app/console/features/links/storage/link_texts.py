"""The texts that links are looked for in, as they stand now."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from app.console.rules.body import UNREADABLE, read_body
from app.console.rules.passed import CaseLayers
from app.console.vault.attachments.previews import Form
from app.console.vault.database.schema import case_states, files, messages, private_notes
from app.console.vault.database.search_tables import previews

MESSAGE, NOTE, PRIVATE, FILE = "message", "note", "private", "file"


def texts(tx: Connection, case: str, source: str, row: str) -> dict[str, str]:
    """Return the parts of what an occurrence names; nothing where it is gone.

    Of a message its text (""), the answers by question, of a desk's notes each by its tag, a
    private note, of a file its name.
    """
    if source == NOTE:
        return _notes(tx, case, row)
    if not row.isdecimal():
        return {}
    if source == FILE:
        named = select(files.c.name).where(files.c.id == int(row), files.c.case_id == case)
        name = tx.execute(named).scalar_one_or_none()
        return {} if name is None else {"": name}
    if source == PRIVATE:
        chosen = select(private_notes.c.text).where(private_notes.c.id == int(row))
        said = tx.execute(chosen).scalar_one_or_none()
        return {} if said is None else {"": said}
    return bodies(tx, [row]).get(row, {})


def picture(tx: Connection, row: str) -> str:
    """Return what a picture looks like, as 32 hex digits; nothing of one that shows nothing."""
    mine = (previews.c.file == int(row)) & (previews.c.form == Form.LIKENESS)
    made = tx.execute(select(previews.c.png).where(mine)).scalar_one_or_none()
    return "" if made is None else bytes(made).hex()


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
