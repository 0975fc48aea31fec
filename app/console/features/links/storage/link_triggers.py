"""Triggers that keep the tables of links true, whoever writes or deletes a text.

Every text is put into the queue of texts to be read, and what stood in a text that is gone is taken
out, in that transaction. They say NOT EXISTS, since the statement outside decides what OR IGNORE
inside a trigger means.
"""

from string import Template

from sqlalchemy import Connection, text

_QUEUED = Template("""INSERT INTO link_queue (source, row, case_id, fresh)
    SELECT '$source', $row, NEW.case_id, $fresh WHERE NOT EXISTS (SELECT 1 FROM link_queue
        WHERE case_id = NEW.case_id AND source = '$source' AND row = CAST($row AS TEXT));""")
_TAKEN_OUT = Template("""DELETE FROM link_queue WHERE source = '$source'
        AND row = CAST($row AS TEXT) AND case_id = OLD.case_id;
    DELETE FROM link_occurrences WHERE source = '$source'
        AND row = CAST($row AS TEXT) AND case_id = OLD.case_id;""")


def _queue(source: str, row: str, fresh: int) -> str:
    return _QUEUED.substitute(source=source, row=row, fresh=fresh)


def _take_out(source: str, row: str) -> str:
    return _TAKEN_OUT.substitute(source=source, row=row)


_AGAIN = Template("""INSERT INTO link_queue (source, row, case_id, fresh)
    SELECT '$source', $row, case_id, 0 FROM $texts AS said WHERE $which
        AND NOT EXISTS (SELECT 1 FROM link_queue
            WHERE case_id = said.case_id AND source = '$source' AND row = CAST($row AS TEXT));""")
_EVERY_TEXT = tuple(
    _AGAIN.substitute(source=source, row=row, texts=texts, which=which)
    for source, row, texts, which in (
        ("message", "said.id", "messages", "said.direction = 'in'"),
        ("private", "said.id", "private_notes", "true"),
        ("note", "said.desk", "case_states", "true"),
        ("file", "said.file", "previews", "said.form = 'likeness'"),
    )
)
"""Puts every text into the queue; what is read again is no news."""

_TRIGGERS = {
    "message_new": "AFTER INSERT ON messages WHEN NEW.direction = 'in' BEGIN "
    + _queue("message", "NEW.id", 1),
    "message_changed": "AFTER UPDATE OF body ON messages WHEN NEW.direction = 'in' BEGIN "
    + _queue("message", "NEW.id", 0),
    "message_gone": "AFTER DELETE ON messages BEGIN " + _take_out("message", "OLD.id"),
    "private_new": "AFTER INSERT ON private_notes BEGIN " + _queue("private", "NEW.id", 1),
    "private_changed": "AFTER UPDATE OF text ON private_notes BEGIN "
    + _queue("private", "NEW.id", 1),
    "private_gone": "AFTER DELETE ON private_notes BEGIN " + _take_out("private", "OLD.id"),
    "notes_new": "AFTER INSERT ON case_states BEGIN " + _queue("note", "NEW.desk", 1),
    "notes_changed": "AFTER UPDATE OF state ON case_states BEGIN " + _queue("note", "NEW.desk", 1),
    "notes_gone": "AFTER DELETE ON case_states BEGIN " + _take_out("note", "OLD.desk"),
    "picture_seen": "AFTER INSERT ON previews WHEN NEW.form = 'likeness' BEGIN "
    + _queue("file", "NEW.file", 1),
    "picture_again": "AFTER UPDATE OF png ON previews WHEN NEW.form = 'likeness' BEGIN "
    + _queue("file", "NEW.file", 0),
    "picture_gone": "AFTER DELETE ON previews WHEN OLD.form = 'likeness' BEGIN "
    + _take_out("file", "OLD.file"),
    # What a desk said of a case before its first report came here.
    "case_new": """AFTER INSERT ON cases BEGIN
        INSERT INTO link_queue (source, row, case_id, fresh)
        SELECT 'note', desk, case_id, 1 FROM case_states AS said WHERE case_id = NEW.id
            AND NOT EXISTS (SELECT 1 FROM link_queue
                WHERE case_id = NEW.id AND source = 'note' AND row = said.desk);""",
    # Its numbers are to be read as another country's.
    "region_new": "AFTER INSERT ON link_regions BEGIN " + "\n".join(_EVERY_TEXT),
    "region_changed": "AFTER UPDATE OF region ON link_regions BEGIN " + "\n".join(_EVERY_TEXT),
    "occurrence_gone": """AFTER DELETE ON link_occurrences BEGIN
        DELETE FROM link_news WHERE case_id = OLD.case_id AND value = OLD.value
            AND NOT EXISTS (SELECT 1 FROM link_occurrences
                WHERE value = OLD.value AND case_id = OLD.case_id);
        DELETE FROM link_values WHERE id = OLD.value
            AND NOT EXISTS (SELECT 1 FROM link_occurrences WHERE value = OLD.value);""",
    "value_gone": """AFTER DELETE ON link_values BEGIN
        DELETE FROM link_keys WHERE value = OLD.id;
        DELETE FROM link_alike WHERE value = OLD.id OR other = OLD.id;""",
}


def make(tx: Connection) -> None:
    """Make the triggers, and puts what the vault has already into the queue."""
    for name, does in _TRIGGERS.items():
        tx.execute(text(f"CREATE TRIGGER link_{name} {does} END"))
    for statement in _EVERY_TEXT:
        tx.execute(text(statement))
