"""The tables of what is shared at desks: chains of operations, bodies to be sent, who was heard."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()

# Signed operations: `accepted` make the chains, `held` wait for what is missing, `forked` are kept
# as evidence. `packed` says whether an own one has been put into a body to be sent.
operations = Table(
    "operations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("desk", Text, nullable=False),
    Column("author", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("standing", Text, nullable=False),
    Column("packed", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    UniqueConstraint("desk", "author", "seq", "hash"),
    Index("operations_packed", "packed"),
)

team_heads = Table(
    "team_heads",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("author", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# Bodies for the desk, durable before they are sent; `recipient` is a member's key, or all.
desk_outbox = Table(
    "desk_outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("desk", Text, nullable=False),
    Column("recipient", LargeBinary),
    Column("body", LargeBinary, nullable=False),
    Column("at", Integer, nullable=False),
)

snapshot_parts = Table(
    "snapshot_parts",
    metadata,
    Column("snapshot", Text, primary_key=True),
    Column("sender", LargeBinary, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("desk", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("at", Integer, nullable=False),
)

# Numbers of authors' chains that were passed over and have not come (`chain_gaps`).
chain_gaps = Table(
    "chain_gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("desk", Text, nullable=False),
    Column("author", LargeBinary, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("below", LargeBinary, nullable=False),
    Column("above", LargeBinary, nullable=False),
    Column("at", Integer, nullable=False),
    Column("acknowledged", Integer, nullable=False),
    Index("chain_gaps_author", "desk", "author"),
)

# What this console's own chain has that is not here: proven, and said by colleagues (`own_chain`).
own_returned = Table(
    "own_returned",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)

own_claimed = Table(
    "own_claimed",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("sayer", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("denied", Integer, nullable=False),
)

desk_clocks = Table(
    "desk_clocks",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("seconds", Integer, nullable=False),
    Column("counter", Integer, nullable=False),
)

# What is lacking of an investigator's chain by what a colleague says, and is asked for
# (`missing_operations`).
wanted_operations = Table(
    "wanted_operations",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("investigator", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("upto", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Integer, nullable=False),
)

# What each member was given in answer: how many bodies on which day; up to which number of whose
# chain, and when; since when they ask for it.
given_bodies = Table(
    "given_bodies",
    metadata,
    Column("member", LargeBinary, primary_key=True),
    Column("day", Integer, nullable=False),
    Column("bodies", Integer, nullable=False),
)

given_operations = Table(
    "given_operations",
    metadata,
    Column("member", LargeBinary, primary_key=True),
    Column("desk", Text, primary_key=True),
    Column("author", LargeBinary, primary_key=True),
    Column("upto", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("asking_since", Integer),
)

# Sentences that stand until somebody has dealt with them; `by` is who gave cause.
desk_alarms = Table(
    "desk_alarms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False, unique=True),
    Column("at", Integer, nullable=False),
    Column("by", Text, nullable=False),
)

# The directories that this console has seen, and who says that there is a newer one.
directories_seen = Table(
    "directories_seen",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

directory_claims = Table(
    "directory_claims",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at", Integer, nullable=False),
)

# Who sits at the own desks, since when, where each author's chain stood then (`members`).
desk_members = Table(
    "desk_members",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("investigator", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("joined", Integer, nullable=False),
)

desk_member_heads = Table(
    "desk_member_heads",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("investigator", Integer, primary_key=True),
    Column("author", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

desk_welcomes = Table(
    "desk_welcomes",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("scope", Text, nullable=False),
)

desk_heard = Table(
    "desk_heard",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("sender", LargeBinary, primary_key=True),
    Column("at", Integer, nullable=False),
)

# Of messages: since when few members' keys are shown, when full syncs were, which of those that
# colleagues hold have not come (`missed_messages`).
few_readers = Table(
    "few_readers",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("since", Integer, nullable=False),
)

full_syncs = Table(
    "full_syncs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("began", Integer, nullable=False),
    Column("finished", Integer, nullable=False),
)

missed_messages = Table(
    "missed_messages",
    metadata,
    Column("sender", LargeBinary, primary_key=True),
    Column("piece", LargeBinary, primary_key=True),
    Column("since", Integer, nullable=False),
)
