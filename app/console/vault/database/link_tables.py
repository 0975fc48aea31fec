"""What desks say of links, as rows (``link_statements``). What was found is ``features.links``."""

from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData()

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

# The country by which a desk's telephone numbers are read, where it chose one; for an empty desk
# the agency's countries, a space between them.
link_regions = Table(
    "link_regions",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("region", Text, nullable=False),
)


def make_trigger(tx: Connection) -> None:
    """Let what a desk said of a case's links go with what else it said of it."""
    tx.execute(
        text(
            """CREATE TRIGGER link_said_gone AFTER DELETE ON case_states BEGIN
            DELETE FROM link_dismissed WHERE case_id = OLD.case_id AND desk = OLD.desk; END"""
        )
    )
