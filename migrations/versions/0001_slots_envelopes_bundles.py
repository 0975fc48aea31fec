"""The tables: slots, what lies in them, bundles.

In PostgreSQL a row's next version finds room in the page of the one before, so that its place in
the file never changes: an envelope is five rows, a page is filled by half and by a third (ADR
0009). And no value of a message is sampled: ANALYZE would keep some of every column in
``pg_statistic``, readable when the message is long gone. Nothing here is planned by values.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_of_0_2_0"  # not 0001, which databases from before 0.2.0 bear
down_revision = None
branch_labels = None
depends_on = None

_UNSAMPLED = {"slots": ("id", "hint", "expires_day"), "envelopes": ("envelope",)}


def upgrade() -> None:
    """Create the tables; the server fills the slots at its first start."""
    op.create_table(
        "slots",
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("hint", sa.LargeBinary(64), nullable=False),
        sa.Column("expires_day", sa.SmallInteger, nullable=False),
        postgresql_with={"fillfactor": 33},
    )
    op.create_table(
        "envelopes",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("envelope", sa.LargeBinary(19_936), nullable=False),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "bundles",
        sa.Column("vk", sa.LargeBinary(32), primary_key=True),
        sa.Column("not_before", sa.BigInteger, primary_key=True),
        sa.Column("not_after", sa.BigInteger, primary_key=True),
        sa.Column("bundle", sa.LargeBinary(2_512), nullable=False),
    )
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE envelopes ALTER COLUMN envelope SET STORAGE PLAIN")
    for table, columns in _UNSAMPLED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    """Drop everything the server stored."""
    for table in ("bundles", "envelopes", "slots"):
        op.drop_table(table)
