"""PostgreSQL no longer looks through messages by itself.

For ANALYZE it keeps a moment open, in which rows that are written twice move (ADR 0118). There is
nothing to analyze (0001), and the server vacuums both tables itself each epoch. Against numbers of
transactions that run out PostgreSQL still cleans every table.
"""

from __future__ import annotations

from alembic import op

revision = "0002_no_autovacuum"
down_revision = "0001_of_0_2_0"
branch_labels = None
depends_on = None

_TABLES = ("slots", "envelopes")


def upgrade() -> None:
    """Switch it off for both tables of messages."""
    if op.get_context().dialect.name != "postgresql":
        return
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")


def downgrade() -> None:
    """Switch it on again."""
    if op.get_context().dialect.name != "postgresql":
        return
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")
