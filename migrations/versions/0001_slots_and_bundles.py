"""The first tables: slots, their envelopes, bundles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the server fills the slots at its first start."""
    op.create_table(
        "slots",
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("hint", sa.LargeBinary(64), nullable=False),
        sa.Column("expires_day", sa.SmallInteger, nullable=False),
    )
    op.create_table(
        "envelopes",
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("envelope", sa.LargeBinary(19_936), nullable=False),
    )
    op.create_table(
        "bundles",
        sa.Column("vk", sa.LargeBinary(32), primary_key=True),
        sa.Column("not_before", sa.BigInteger, primary_key=True),
        sa.Column("not_after", sa.BigInteger, primary_key=True),
        sa.Column("bundle", sa.LargeBinary(2_512), nullable=False),
    )


def downgrade() -> None:
    """Drop everything the server stored."""
    for table in ("bundles", "envelopes", "slots"):
        op.drop_table(table)
