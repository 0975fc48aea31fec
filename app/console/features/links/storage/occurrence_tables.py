"""The tables of what was found in texts; ``link_triggers`` keep them true."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# What was found, once for all texts: how it is compared is its value.
link_values = Table(
    "link_values",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("kind", "value"),
)

# Where it was found: of the text `part` of a message, a desk's notes (`row` is the desk, `part` the
# note's tag) or a private note, the characters from `start` to before `stop`.
link_occurrences = Table(
    "link_occurrences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", Integer, ForeignKey("link_values.id"), nullable=False),
    Column("case_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("sure", Integer, nullable=False),
    Index("link_occurrences_value", "value", "case_id"),
    Index("link_occurrences_text", "case_id", "source", "row"),
)

# What names that may be one person's have in common (`links.names.keys`).
link_keys = Table(
    "link_keys",
    metadata,
    Column("key", Text, nullable=False),
    Column("value", Integer, nullable=False),
    PrimaryKeyConstraint("key", "value"),
    Index("link_keys_value", "value"),
)

# Names that may be one person's, each pair in both directions.
link_alike = Table(
    "link_alike",
    metadata,
    Column("value", Integer, nullable=False),
    Column("other", Integer, nullable=False),
    PrimaryKeyConstraint("value", "other"),
    Index("link_alike_other", "other"),
)

# Texts that are still to be read; `fresh` ones may be news.
link_queue = Table(
    "link_queue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("fresh", Integer, nullable=False),
    UniqueConstraint("case_id", "source", "row"),
)

# A value that came to a case and was in another one already: to be told until somebody has seen it.
link_news = Table(
    "link_news",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("value", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    PrimaryKeyConstraint("case_id", "value"),
)
