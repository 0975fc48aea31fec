"""The tables of links as the code sees them; their triggers are in `link_triggers`."""

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

# A value that came to a case and was in another one already: to be told until it was seen.
link_news = Table(
    "link_news",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("value", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    PrimaryKeyConstraint("case_id", "value"),
)

# What a desk's states say of links (`rules.linked`), as rows; an empty desk is this vault alone.
link_dismissed = Table(
    "link_dismissed",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("case_id", "other", "mark", "desk", "who"),
    Index("link_dismissed_other", "other"),
)

link_ignored = Table(
    "link_ignored",
    metadata,
    Column("desk", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("desk", "kind", "value", "who"),
)

# The country by which a desk's telephone numbers are read, where it chose one.
link_regions = Table(
    "link_regions",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("region", Text, nullable=False),
)
