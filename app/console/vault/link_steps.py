"""The step that brings links to a vault: tables, and triggers that keep them true. Frozen SQL.

Triggers put every text into the queue of texts to be read, and take out what stood in a text that
is gone, whoever wrote or deleted it, in that transaction. They say NOT EXISTS, since the statement
outside decides what OR IGNORE inside a trigger means.
"""

from sqlalchemy import Connection, text

_LINKED = (
    """CREATE TABLE link_values (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (kind, value))""",
    """CREATE TABLE link_mentions (
    id INTEGER PRIMARY KEY, value INTEGER NOT NULL REFERENCES link_values (id),
    conversation TEXT NOT NULL, source TEXT NOT NULL, row TEXT NOT NULL, part TEXT NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, sure INTEGER NOT NULL)""",
    "CREATE INDEX link_mentions_value ON link_mentions (value, conversation)",
    "CREATE INDEX link_mentions_text ON link_mentions (conversation, source, row)",
    "CREATE INDEX link_mentions_row ON link_mentions (source, row)",
    "CREATE TABLE link_keys (key TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (key, value))",
    "CREATE INDEX link_keys_value ON link_keys (value)",
    """CREATE TABLE link_alike (
    value INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (value, other))""",
    "CREATE INDEX link_alike_other ON link_alike (other)",
    """CREATE TABLE link_queue (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, row TEXT NOT NULL, conversation TEXT NOT NULL,
    fresh INTEGER NOT NULL, UNIQUE (conversation, source, row))""",
    """CREATE TABLE link_news (
    conversation TEXT NOT NULL, value INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (conversation, value))""",
    """CREATE TABLE link_dismissed (
    conversation TEXT NOT NULL, other TEXT NOT NULL, mark TEXT NOT NULL, desk TEXT NOT NULL,
    who TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (conversation, other, mark, desk, who))""",
    "CREATE INDEX link_dismissed_other ON link_dismissed (other)",
    """CREATE TABLE link_ignored (
    desk TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, who TEXT NOT NULL,
    why TEXT NOT NULL, PRIMARY KEY (desk, kind, value, who))""",
    """CREATE TRIGGER link_message_new AFTER INSERT ON messages WHEN NEW.direction = 'in' BEGIN
    INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'message', NEW.id, NEW.conversation, 1 WHERE NOT EXISTS (SELECT 1 FROM link_queue
        WHERE conversation = NEW.conversation AND source = 'message'
        AND row = CAST(NEW.id AS TEXT));
    END""",
    """CREATE TRIGGER link_message_changed AFTER UPDATE OF body ON messages
    WHEN NEW.direction = 'in' BEGIN
    INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'message', NEW.id, NEW.conversation, 0 WHERE NOT EXISTS (SELECT 1 FROM link_queue
        WHERE conversation = NEW.conversation AND source = 'message'
        AND row = CAST(NEW.id AS TEXT));
    END""",
    """CREATE TRIGGER link_message_gone AFTER DELETE ON messages BEGIN
    DELETE FROM link_queue WHERE source = 'message' AND row = CAST(OLD.id AS TEXT)
        AND conversation = OLD.conversation;
    DELETE FROM link_mentions WHERE source = 'message' AND row = CAST(OLD.id AS TEXT); END""",
    """CREATE TRIGGER link_private_new AFTER INSERT ON private_notes BEGIN
    INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'private', NEW.id, NEW.conversation, 1 WHERE NOT EXISTS (SELECT 1 FROM link_queue
        WHERE conversation = NEW.conversation AND source = 'private'
        AND row = CAST(NEW.id AS TEXT));
    END""",
    """CREATE TRIGGER link_private_changed AFTER UPDATE OF text ON private_notes BEGIN
    INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'private', NEW.id, NEW.conversation, 1 WHERE NOT EXISTS (SELECT 1 FROM link_queue
        WHERE conversation = NEW.conversation AND source = 'private'
        AND row = CAST(NEW.id AS TEXT));
    END""",
    """CREATE TRIGGER link_private_gone AFTER DELETE ON private_notes BEGIN
    DELETE FROM link_queue WHERE source = 'private' AND row = CAST(OLD.id AS TEXT)
        AND conversation = OLD.conversation;
    DELETE FROM link_mentions WHERE source = 'private' AND row = CAST(OLD.id AS TEXT); END""",
    """CREATE TRIGGER link_notes_new AFTER INSERT ON case_states BEGIN
    INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'note', NEW.desk, NEW.conversation, 1 WHERE NOT EXISTS (SELECT 1 FROM link_queue
        WHERE conversation = NEW.conversation AND source = 'note'
        AND row = NEW.desk);
    END""",
    """CREATE TRIGGER link_notes_changed AFTER UPDATE OF state ON case_states BEGIN
    INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'note', NEW.desk, NEW.conversation, 1 WHERE NOT EXISTS (SELECT 1 FROM link_queue
        WHERE conversation = NEW.conversation AND source = 'note'
        AND row = NEW.desk);
    END""",
    """CREATE TRIGGER link_notes_gone AFTER DELETE ON case_states BEGIN
    DELETE FROM link_queue WHERE source = 'note' AND row = OLD.desk
        AND conversation = OLD.conversation;
    DELETE FROM link_dismissed WHERE conversation = OLD.conversation AND desk = OLD.desk;
    DELETE FROM link_mentions WHERE source = 'note' AND row = OLD.desk
        AND conversation = OLD.conversation; END""",
    """CREATE TRIGGER link_case_new AFTER INSERT ON conversations BEGIN
    INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'note', desk, conversation, 1 FROM case_states AS said WHERE conversation = NEW.id
        AND NOT EXISTS (SELECT 1 FROM link_queue
            WHERE conversation = NEW.id AND source = 'note' AND row = said.desk); END""",
    """CREATE TRIGGER link_mention_gone AFTER DELETE ON link_mentions BEGIN
    DELETE FROM link_news WHERE conversation = OLD.conversation AND value = OLD.value
        AND NOT EXISTS (SELECT 1 FROM link_mentions
            WHERE value = OLD.value AND conversation = OLD.conversation);
    DELETE FROM link_values WHERE id = OLD.value
        AND NOT EXISTS (SELECT 1 FROM link_mentions WHERE value = OLD.value); END""",
    """CREATE TRIGGER link_value_gone AFTER DELETE ON link_values BEGIN
    DELETE FROM link_keys WHERE value = OLD.id;
    DELETE FROM link_alike WHERE value = OLD.id OR other = OLD.id; END""",
    # What is stored already is read in slices, and is no news.
    """INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'message', id, conversation, 0 FROM messages WHERE direction = 'in' ORDER BY id""",
    """INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'private', id, conversation, 0 FROM private_notes""",
    """INSERT INTO link_queue (source, row, conversation, fresh)
    SELECT 'note', desk, conversation, 0 FROM case_states""",
)


def find_links(connection: Connection) -> None:
    """Make the tables of links and the queue that fills them (``links``)."""
    for statement in _LINKED:
        connection.execute(text(statement))
