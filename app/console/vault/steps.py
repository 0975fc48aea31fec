"""The steps that bring a vault of any release to the tables of ``schema``.

PRAGMA user_version counts the steps taken. A step is frozen SQL: it never reads the tables as they
are now, so that a vault made by the first release always arrives at the same place (tested). New
steps are appended; none is ever changed once it has been released.
"""

import json
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, text

from app.console.vault import chain
from app.console.vault.link_steps import find_links
from app.protocol.encoding import unb64u

_FIRST = """
CREATE TABLE identity (
    id INTEGER PRIMARY KEY, secret BLOB NOT NULL, label TEXT NOT NULL, line BLOB NOT NULL);
CREATE TABLE directory (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, file BLOB NOT NULL,
    seen_at INTEGER NOT NULL);
CREATE TABLE bundle_keys (
    id INTEGER PRIMARY KEY, not_before INTEGER NOT NULL, not_after INTEGER NOT NULL,
    secret BLOB NOT NULL, uploaded INTEGER NOT NULL, superseded_at INTEGER,
    UNIQUE (not_before, not_after));
CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL, dh BLOB NOT NULL, mlkem BLOB NOT NULL, fetch BLOB NOT NULL,
    xwing BLOB NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    last_direction TEXT NOT NULL, snippet TEXT NOT NULL, lang TEXT NOT NULL,
    desks TEXT NOT NULL, answers TEXT NOT NULL, unread INTEGER NOT NULL,
    files INTEGER NOT NULL);
CREATE INDEX conversations_last_at ON conversations (last_at);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id),
    direction TEXT NOT NULL, kind TEXT NOT NULL, mid TEXT NOT NULL, body BLOB NOT NULL,
    at INTEGER NOT NULL, state TEXT NOT NULL, sent_at INTEGER, problem TEXT,
    UNIQUE (conversation, direction, mid));
CREATE INDEX messages_state ON messages (state);
CREATE TABLE files (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id),
    message INTEGER REFERENCES messages (id), position INTEGER NOT NULL, key BLOB NOT NULL,
    chunks INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, size INTEGER NOT NULL,
    metadata TEXT NOT NULL, tree TEXT NOT NULL, folder TEXT NOT NULL, state TEXT NOT NULL,
    have INTEGER NOT NULL, sha256 TEXT, problem TEXT);
CREATE INDEX files_conversation ON files (conversation);
CREATE INDEX files_state ON files (state);
CREATE TABLE seen (
    id BLOB PRIMARY KEY NOT NULL, outcome TEXT NOT NULL, at INTEGER NOT NULL,
    delete_at INTEGER, deleted_at INTEGER);
CREATE INDEX seen_delete_at ON seen (delete_at);
CREATE TABLE drafts (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id), text TEXT NOT NULL,
    desk TEXT NOT NULL, lang TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
"""

# What could not be opened before is tried again.
_TRIED_AGAIN = """
ALTER TABLE seen ADD COLUMN digest BLOB;
ALTER TABLE seen ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE seen ADD COLUMN retry_at INTEGER;
UPDATE seen SET retry_at = 0 WHERE outcome = 'unopenable';
"""

# Files that fail are asked for less and less often; large ones only when somebody says so.
_RETRIES = """
ALTER TABLE files ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN retry_at INTEGER;
ALTER TABLE files ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;
"""

# Cases: what a desk says of them, its signed operations, notes, and all that was done.
_CASES = """
ALTER TABLE messages ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN home TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN status TEXT NOT NULL DEFAULT 'new';
ALTER TABLE conversations ADD COLUMN disposition TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN priority TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN rank INTEGER NOT NULL DEFAULT 30;
ALTER TABLE conversations ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN due_at INTEGER;
ALTER TABLE conversations ADD COLUMN merged TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
ALTER TABLE conversations ADD COLUMN danger INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET due_at = first_at + 604800;
UPDATE conversations SET danger = 1, rank = 15 WHERE json_extract(answers, '$.danger_now') = 'yes';
CREATE INDEX conversations_by_time ON conversations (
    last_at DESC, id, status, priority, owner, unread, last_direction, lang, due_at, files, home,
    merged, danger);
CREATE INDEX conversations_by_rank ON conversations (
    rank, last_at DESC, id, status, priority, owner, unread, last_direction, lang, due_at, files,
    home, merged, danger);
CREATE TABLE case_states (
    conversation TEXT NOT NULL, desk TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (conversation, desk));
CREATE TABLE case_labels (
    label TEXT NOT NULL, conversation TEXT NOT NULL, PRIMARY KEY (label, conversation));
CREATE TABLE operations (
    id INTEGER PRIMARY KEY, desk TEXT NOT NULL, author BLOB NOT NULL, seq INTEGER NOT NULL,
    hash BLOB NOT NULL, raw BLOB NOT NULL, signature BLOB NOT NULL, standing TEXT NOT NULL,
    packed INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE (desk, author, seq, hash));
CREATE INDEX operations_packed ON operations (packed);
CREATE TABLE team_heads (
    desk TEXT NOT NULL, author BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (desk, author));
CREATE TABLE desk_outbox (
    id INTEGER PRIMARY KEY, desk TEXT NOT NULL, recipient BLOB, body BLOB NOT NULL,
    at INTEGER NOT NULL);
CREATE TABLE snapshot_parts (
    snapshot TEXT NOT NULL, sender BLOB NOT NULL, place INTEGER NOT NULL, count INTEGER NOT NULL,
    desk TEXT NOT NULL, data BLOB NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (snapshot, sender, place));
CREATE TABLE private_notes (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id),
    text TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX private_notes_conversation ON private_notes (conversation);
CREATE TABLE happenings (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
    what TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX happenings_conversation ON happenings (conversation);
"""

# Terms are cut by the console, so the tokenizer only parts them at spaces. Their texts are not kept
# a second time.
_FINDABLE = """
CREATE TABLE findable (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, source TEXT NOT NULL,
    row INTEGER NOT NULL);
CREATE INDEX findable_conversation ON findable (conversation);
CREATE VIRTUAL TABLE findable_terms USING fts5(
    terms, content='', contentless_delete=1, detail=full,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'");
"""

# The custody chain over what was done to each case.
_CHAINED = """
ALTER TABLE happenings ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE happenings ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
"""
_CHAIN_INDEX = """
DROP INDEX happenings_conversation;
CREATE UNIQUE INDEX happenings_chain ON happenings (conversation, n);
"""

# What was done to the vault itself.
_MACHINE = """
CREATE TABLE machine_log (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);
"""

# Deadlines that know what has been done, what was put off, referrals, what was said of a desk.
_DEADLINES = """
ALTER TABLE conversations ADD COLUMN due_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN snoozed_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN snoozed_why TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN answered_at INTEGER;
ALTER TABLE conversations ADD COLUMN acknowledged_at INTEGER;
ALTER TABLE conversations ADD COLUMN closed_at INTEGER;
DROP INDEX conversations_by_time;
DROP INDEX conversations_by_rank;
CREATE INDEX conversations_by_time ON conversations (
    last_at DESC, id, status, priority, owner, unread, last_direction, lang, due_at, files, home,
    merged, danger, snoozed_until);
CREATE INDEX conversations_by_rank ON conversations (
    rank, last_at DESC, id, status, priority, owner, unread, last_direction, lang, due_at, files,
    home, merged, danger, snoozed_until);
CREATE TABLE desk_states (desk TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE case_referrals (
    conversation TEXT NOT NULL, referral TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    began INTEGER NOT NULL, PRIMARY KEY (conversation, referral));
UPDATE conversations SET answered_at = (
    SELECT MIN(at) FROM messages
    WHERE messages.conversation = conversations.id AND direction = 'out');
UPDATE conversations SET acknowledged_at = (
    SELECT MIN(json_extract(detail, '$.said_at')) FROM happenings
    WHERE happenings.conversation = conversations.id AND what = 'set'
    AND json_extract(detail, '$.name') = 'status' AND json_extract(detail, '$.value') <> 'new');
UPDATE conversations SET closed_at = (
    SELECT json_extract(state, '$.fields.status[0][0]') FROM case_states
    WHERE case_states.conversation = conversations.id AND desk = home)
    WHERE status = 'closed';
UPDATE conversations SET due_kind = 'own' WHERE due_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM case_states
    WHERE case_states.conversation = conversations.id AND desk = home
    AND COALESCE(json_extract(state, '$.fields.due[1]'), '') <> ''
    AND due_at % 86400 = 86340);
UPDATE conversations SET due_kind = 'acknowledge'
    WHERE status = 'new' AND due_kind = '' AND answered_at IS NULL;
UPDATE conversations SET due_kind = 'feedback', due_at = 7689600 + COALESCE(
    MIN(answered_at, acknowledged_at), answered_at, acknowledged_at, first_at)
    WHERE status <> 'closed' AND due_kind = '';
"""

# What files say, for the search.
_FILE_WORDS = """
CREATE TABLE file_words (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, place INTEGER NOT NULL,
    conversation TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL);
CREATE UNIQUE INDEX file_words_file ON file_words (file, place);
"""

# A backlog is counted from this alone.
_COUNTED = "CREATE INDEX conversations_counted ON conversations (home, first_at, closed_at)"
_PAGES = """
CREATE INDEX messages_sent ON messages (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX conversations_merged ON conversations (merged);
"""

# What came of opening a file, so that it is not opened again each time its case is.
_PREVIEWS = """
CREATE TABLE previews (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, message INTEGER, conversation TEXT NOT NULL,
    form TEXT NOT NULL, sheet INTEGER NOT NULL, decoder TEXT NOT NULL, cost INTEGER NOT NULL,
    problem TEXT, png BLOB, width INTEGER NOT NULL, height INTEGER NOT NULL,
    total INTEGER NOT NULL);
CREATE UNIQUE INDEX previews_file ON previews (file, form, sheet);
CREATE INDEX previews_cost ON previews (form, message, cost);
"""

# A case stands for the danger that those merged into it speak of.
_DANGER_MERGED = """
UPDATE conversations SET danger = 1, rank = CASE WHEN priority = '' THEN 15 ELSE rank END
    WHERE id IN (SELECT merged FROM conversations WHERE merged <> '' AND danger = 1)
"""

# A note that is being typed is kept, as an answer is.
_NOTE_DRAFTS = """
CREATE TABLE note_drafts (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id), text TEXT NOT NULL,
    at INTEGER NOT NULL)
"""

Migration = Callable[[Connection], None]


def _step(statements: str) -> Migration:
    def migrate(connection: Connection) -> None:
        for statement in statements.split(";"):
            if statement.strip():
                connection.execute(text(statement))

    return migrate


def link_audit_events(connection: Connection) -> None:
    """Link what was noted before there was a chain, whose form never changes (spec)."""
    _step(_CHAINED)(connection)
    rows = connection.execute(text("SELECT * FROM happenings ORDER BY conversation, id")).all()
    if rows:
        line = connection.execute(text("SELECT line FROM identity")).scalar_one()
        line_id = unb64u(json.loads(line)["line_id"])
    conversation, number, before = None, 0, b""
    for row in rows:
        if row.conversation != conversation:
            conversation, number = row.conversation, 0
            before = chain.genesis(line_id, row.conversation)
        number += 1
        detail = json.loads(row.detail)
        before = chain.link(chain.entry(number, row.at, row.actor, row.what, detail, before))
        connection.execute(
            text("UPDATE happenings SET n = :n, hash = :hash WHERE id = :id"),
            {"n": number, "hash": before, "id": row.id},
        )
    _step(_CHAIN_INDEX)(connection)


deadlines_by_what_was_done = _step(_DEADLINES)

MIGRATIONS: Sequence[Migration] = (
    _step(_FIRST),
    _step(_TRIED_AGAIN),
    _step(_RETRIES),
    _step(_CASES),
    _step(_FINDABLE),
    link_audit_events,
    _step(_MACHINE),
    deadlines_by_what_was_done,
    _step(_FILE_WORDS),
    _step(_COUNTED),
    find_links,
    _step(_PAGES),
    _step(_PREVIEWS),
    _step(_DANGER_MERGED),
    _step(_NOTE_DRAFTS),
)
