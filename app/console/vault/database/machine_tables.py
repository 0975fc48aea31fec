"""The tables of what is of this computer alone: who sits here, its keys, what is set once.

Nothing of them is shared with a desk, and a case that is destroyed leaves them as they are.
"""

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()

identity = Table(
    "identity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("label", Text, nullable=False),
    Column("line", LargeBinary, nullable=False),
)

# The highest directory ever verified: an older one is refused (QL1, signatures, directory).
directory = Table(
    "directory",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("file", LargeBinary, nullable=False),
    Column("seen_at", Integer, nullable=False),
)

bundle_keys = Table(
    "bundle_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("not_before", Integer, nullable=False),
    Column("not_after", Integer, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("uploaded", Integer, nullable=False),
    Column("superseded_at", Integer),
    UniqueConstraint("not_before", "not_after"),
)

# Ids that were listed for us at the last sync and did not come.
missed_ids = Table("missed_ids", metadata, Column("id", LargeBinary, primary_key=True))

# What was done to the vault itself (`machine_log`).
machine_log = Table(
    "machine_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

# What there is one of (`app.console.vault.installation.settings`), as JSON.
settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# Secrets that are kept for something other than reading a line's messages (`keyring`).
keyring = Table(
    "keyring",
    metadata,
    Column("purpose", Text, primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("address", Text, nullable=False),
)
