"""Envelopes by place: in PostgreSQL five rows an envelope, overwritten within their page.

SQLite keeps one row an envelope and overwrites it where it stands; only the column's name changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PIECES = 5
_PIECE_BYTES = 3_988
_ENVELOPE_BYTES = 19_936


def upgrade() -> None:
    """Rename the column; in PostgreSQL cut every envelope into pieces, in the order of slots."""
    if op.get_bind().dialect.name != "postgresql":
        op.alter_column("envelopes", "slot", new_column_name="place")
        return
    op.rename_table("envelopes", "envelopes_whole")
    op.create_table(
        "envelopes",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("envelope", sa.LargeBinary(_ENVELOPE_BYTES), nullable=False),
    )
    # One row a page, so that its next version finds room in the same page; never elsewhere.
    op.execute("ALTER TABLE envelopes ALTER COLUMN envelope SET STORAGE PLAIN")
    op.execute("ALTER TABLE envelopes SET (fillfactor = 50)")
    padding = _PIECES * _PIECE_BYTES - _ENVELOPE_BYTES
    op.execute(
        "INSERT INTO envelopes SELECT slot * :pieces + part, "
        "substr(envelope || decode(repeat('00', :padding), 'hex'), part * :size + 1, :size) "
        "FROM envelopes_whole, generate_series(0, :pieces - 1) AS part ORDER BY 1".replace(
            ":pieces", str(_PIECES)
        )
        .replace(":size", str(_PIECE_BYTES))
        .replace(":padding", str(padding))
    )
    op.drop_table("envelopes_whole")
    # The same for the slots, by writing them anew in their own order.
    op.execute("ALTER TABLE slots SET (fillfactor = 33)")
    op.execute("CLUSTER slots USING slots_pkey")
    op.execute("ALTER TABLE slots SET WITHOUT CLUSTER")


def downgrade() -> None:
    """Put the pieces together again."""
    if op.get_bind().dialect.name != "postgresql":
        op.alter_column("envelopes", "place", new_column_name="slot")
        return
    op.rename_table("envelopes", "envelopes_pieces")
    op.create_table(
        "envelopes",
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("envelope", sa.LargeBinary(_ENVELOPE_BYTES), nullable=False),
    )
    op.execute(
        "INSERT INTO envelopes SELECT place / :pieces, "
        "substr(string_agg(envelope, '' ORDER BY place), 1, :whole) "
        "FROM envelopes_pieces GROUP BY 1 ORDER BY 1".replace(":pieces", str(_PIECES)).replace(
            ":whole", str(_ENVELOPE_BYTES)
        )
    )
    op.drop_table("envelopes_pieces")
