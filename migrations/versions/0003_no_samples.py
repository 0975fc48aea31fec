"""No samples of messages: PostgreSQL's ANALYZE keeps some values of every column it may look at.

Ids and hints of messages that are long deleted stayed readable in ``pg_statistic`` until the next
time. Nothing here is planned by the values of a column.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = {"slots": ("id", "hint", "expires_day"), "envelopes": ("envelope",)}


def upgrade() -> None:
    """Sample none of these columns from now on, and forget what was sampled."""
    if op.get_bind().dialect.name != "postgresql":
        return
    kinds = {"expires_day": "smallint"}
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
            # Changing a type, even to itself, is what makes PostgreSQL drop a column's samples.
            kind = kinds.get(column, "bytea")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
    # It also forgets where values are kept: in the row, as revision 0002 says, never elsewhere.
    op.execute("ALTER TABLE envelopes ALTER COLUMN envelope SET STORAGE PLAIN")


def downgrade() -> None:
    """Sample as PostgreSQL does by itself."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")
