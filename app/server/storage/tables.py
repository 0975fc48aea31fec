"""The tables of the blind server.

No column tells when a row was written, who wrote it or what belongs together; ``expires_day`` is
the finest time there is (days since 1970-01-01, UTC).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, SmallInteger, Table

METADATA = MetaData()

# Every value of a slot has the same size, used or free, so that rows are overwritten where they
# stand. No index but the slot's number: the order inside an index page would tell the order of
# arrival (see slots.py for how an id is found).
SLOTS = Table(
    "slots",
    METADATA,
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("id", LargeBinary(16), nullable=False),
    Column("hint", LargeBinary(64), nullable=False),
    Column("expires_day", SmallInteger, nullable=False),
)

# Apart from the slots, so that an epoch reads 90 bytes a message and not 20,000. A slot has as many
# places as its envelope has pieces (see envelopes.py): one in SQLite, where place = slot.
ENVELOPES = Table(
    "envelopes",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("envelope", LargeBinary(19_936), nullable=False),
)

BUNDLES = Table(
    "bundles",
    METADATA,
    Column("vk", LargeBinary(32), primary_key=True),
    Column("not_before", BigInteger, primary_key=True),
    Column("not_after", BigInteger, primary_key=True),
    Column("bundle", LargeBinary(2_512), nullable=False),
)
