"""The tables of messages, cases and files; ``schema_version`` makes them."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    desc,
    text,
)

metadata = MetaData()

LISTED = (
    *("status", "priority", "owner", "unread", "last_direction", "lang", "due_at", "files"),
    *("home", "merged", "danger", "snoozed_until", "withdrawn", "look_at", "plan_at"),
)
"""What a list may be narrowed by."""

FILE_PROGRESS = "have + failures + by_hand + (sha256 IS NOT NULL)"
"""A number of a file that grows with whatever a page would show of its coming."""

# What a list needs stands on the case, so that the inbox costs one indexed read.
cases_table = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dh", LargeBinary, nullable=False),
    Column("mlkem", LargeBinary, nullable=False),
    Column("fetch", LargeBinary, nullable=False),
    Column("xwing", LargeBinary, nullable=False),
    Column("first_at", Integer, nullable=False),
    Column("last_at", Integer, nullable=False),
    Column("last_direction", Text, nullable=False),
    Column("snippet", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("desks", Text, nullable=False),
    # Teams whose permission the reporter withdrew, and has not given again (`rules.consent`).
    Column("withdrawn", Text, nullable=False, server_default=text("'[]'")),
    Column("answers", Text, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("files", Integer, nullable=False),
    # What the desk `home`, one of this machine's, says of the case (`case_states`), for lists.
    Column("home", Text, nullable=False, server_default=text("''")),
    Column("status", Text, nullable=False, server_default=text("'new'")),
    Column("disposition", Text, nullable=False, server_default=text("''")),
    Column("priority", Text, nullable=False, server_default=text("''")),
    Column("rank", Integer, nullable=False, server_default=text("30")),
    Column("owner", Text, nullable=False, server_default=text("''")),
    Column("due_at", Integer),
    Column("due_kind", Text, nullable=False, server_default=text("''")),
    # From when on everybody at the desk is reminded of it (`rules.deadlines.look_again`).
    Column("look_at", Integer),
    # By when its safety plan is looked at again, or one of a case that was merged into it; from
    # then on everybody at the desk is reminded of that, too.
    Column("plan_at", Integer),
    Column("merged", Text, nullable=False, server_default=text("''")),
    Column("labels", Text, nullable=False, server_default=text("'[]'")),
    Column("danger", Integer, nullable=False, server_default=text("0")),
    # Whether its reporter says that somebody is under 18, or one whose case was merged into it.
    Column("minor", Integer, nullable=False, server_default=text("0")),
    Column("snoozed_until", Integer, nullable=False, server_default=text("0")),
    Column("snoozed_why", Text, nullable=False, server_default=text("''")),
    # When it was first answered, first something but new, and closed: for deadlines and numbers.
    Column("answered_at", Integer),
    Column("acknowledged_at", Integer),
    Column("closed_at", Integer),
    Index("cases_last_at", "last_at"),
    Index("cases_counted", "home", "first_at", "closed_at"),
    Index("cases_merged", "merged"),
    # A list is chosen from these alone: the rows themselves carry keys of 2.5 kB.
    Index("cases_by_time", desc("last_at"), "id", *LISTED),
    Index("cases_by_rank", "rank", desc("last_at"), "id", *LISTED),
    # The alarm looks every moment; what is danger that nobody has taken is little (`list_columns`).
    Index("cases_untaken", "rank", desc("last_at"), "id", sqlite_where=text("danger = 2")),
    # Who has how many open cases is asked where an owner is suggested.
    Index(
        "cases_owned",
        *("owner", "status", "unread", "danger", "merged", "last_at"),
        sqlite_where=text("owner <> ''"),
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mid", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("sent_at", Integer),
    Column("problem", Text),
    # A colleague's key (b64u): who wrote an answer, or passed a message on; empty: no colleague.
    Column("author", Text, nullable=False, server_default=text("''")),
    # The mark of a reporter's message that speaks of danger (rules.danger), else empty.
    Column("danger", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("case_id", "direction", "mid"),
    Index("messages_state", "state"),
    # Every page asks how many were sent: not out of the rows, each with its text.
    Index("messages_sent", "sent_at", sqlite_where=text("sent_at IS NOT NULL")),
    # Asked of each case that changes: not out of the rows either.
    Index("messages_danger", "case_id", sqlite_where=text("danger <> ''")),
    # And of whoever has assessed one in another case.
    Index("messages_marked", "danger", sqlite_where=text("danger <> ''")),
)

files = Table(
    "files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("message", Integer, ForeignKey("messages.id")),
    Column("position", Integer, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("tree", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("have", Integer, nullable=False),
    Column("sha256", Text),
    Column("problem", Text),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("retry_at", Integer),
    Column("by_hand", Integer, nullable=False, server_default=text("0")),
    # Beside sha256, for lists that know a file by these; whether it was compared with every list
    # that is here, and the name of the one that it is in, else empty (`hash_lists`).
    Column("md5", Text),
    Column("sha1", Text),
    Column("compared", Integer, nullable=False, server_default=text("0")),
    Column("listed", Text, nullable=False, server_default=text("''")),
    Index("files_case_id", "case_id"),
    Index("files_state", "state"),
    # Every page asks how far all of them are (`files.changed`).
    Index("files_progress", text(FILE_PROGRESS)),
)

# Lists of hashes that the agency put into this vault, and their hashes: of one list, length and
# beginning (the first 12 bits) all in one row, sorted, one after the other. A row for each of five
# million would take several times the room.
hash_lists = Table(
    "hash_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("hashes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("at", Integer, nullable=False),
)
listed_hashes = Table(
    "listed_hashes",
    metadata,
    Column("length", Integer, primary_key=True),
    Column("beginning", Integer, primary_key=True),
    Column("list", Integer, ForeignKey("hash_lists.id"), primary_key=True),
    Column("hashes", LargeBinary, nullable=False),
    Index("listed_hashes_list", "list"),
)

# Every id that was ours, whatever was in it; a cover leaves this row and nothing else.
fetched = Table(
    "fetched_ids",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("delete_at", Integer),
    Column("deleted_at", Integer),
    # Of an envelope that did not open: SHA-256, how often it was tried, when to try again.
    Column("digest", LargeBinary),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("retry_at", Integer),
    Index("fetched_ids_delete_at", "delete_at"),
)

# A note begun, and whether it is for oneself alone: what is being typed outlasts a lock.
note_drafts = Table(
    "note_drafts",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("private", Integer, nullable=False),
    Column("at", Integer, nullable=False),
)

# Cases to be transferred to another team, which goes with the next sending: undone until then.
pending_transfers = Table(
    "pending_transfers",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status_before", Text, nullable=False),
    Column("at", Integer, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("at", Integer, nullable=False),
)

# The state of a case at a desk, as JSON (app.console.rules.merge); of cases not read here, too.
case_states = Table(
    "case_states",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("desk", Text, primary_key=True),
    Column("state", Text, nullable=False),
)

# Each case that is here: which one it was merged into, which one stands for it (itself, unless it
# was merged), and what it brings to that one (`merged_cases`). Rows of few bytes, since a whole
# branch of them moves at once.
merged_cases = Table(
    "merged_cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("into", Text, nullable=False, server_default=text("''")),
    Column("main", Text, nullable=False),
    Column("plan_at", Integer),
    Column("danger", Integer, nullable=False, server_default=text("0")),
    Column("minor", Integer, nullable=False, server_default=text("0")),
    Column("unassessed_at", Integer),
    Column("untaken", Integer, nullable=False, server_default=text("0")),
    Index("merged_cases_into", "into", "case_id"),
    # What a main case gets is read out of this alone.
    Index("merged_cases_main", "main", "plan_at", "danger", "minor", "unassessed_at", "untaken"),
)

# Of a destroyed case that was merged into another one: which. What was merged into it follows.
destroyed_into = Table(
    "destroyed_into",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("into", Text, nullable=False),
    Index("destroyed_into_into", "into"),
)

# Which messages of danger a case says are assessed, or taken (`rules.danger`): for the cases that
# stand with it.
danger_marks = Table(
    "danger_marks",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("mark", Text, primary_key=True),
    Column("taken", Integer, primary_key=True),
    Index("danger_marks_mark", "mark"),
)

case_labels = Table(
    "case_labels",
    metadata,
    Column("label", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
)

# What was said of a desk as a whole, as JSON (app.console.rules.merge).
desk_states = Table(
    "desk_states",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("state", Text, nullable=False),
)

# Referrals as the home desk has them, for counting; what they say is in the case's state.
case_referrals = Table(
    "case_referrals",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("referral", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("began", Integer, nullable=False),
)

# Notes for oneself: in this vault alone.
private_notes = Table(
    "private_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Index("private_notes_case_id", "case_id"),
)

# Everything that was done to a case, here and by the team, in the order in which it came here.
audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False),
    # The custody chain: the entry's number in its case, and its hash (`chain`).
    Column("n", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_events_chain", "case_id", "n", unique=True),
)
