"""What a database holds, as bytes to hash: every slot, used or free, and every bundle.

Two databases with one digest hold the same messages under the same ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.server.storage import envelopes, slots
from app.server.storage.tables import BUNDLES, SLOTS

STEP = 32
"""Slots looked at together: 0.6 MB."""


def digest(connection: Connection) -> str:
    """Return the SHA-256, in hexadecimal, of what a database holds."""
    total = hashlib.sha256()
    made = slots.made(connection)
    for first in range(0, made, STEP):
        for part in of_slots(connection, first, min(first + STEP, made)):
            total.update(part)
    for vk in vks(connection):
        total.update(of_bundles(connection, vk))
    return total.hexdigest()


def of_slots(connection: Connection, first: int, last: int) -> Iterator[bytes]:
    """Yield what the slots from ``first`` to before ``last`` hold, in their order."""
    contents = envelopes.read(connection, range(first, last))
    chosen = select(SLOTS).where(SLOTS.c.slot >= first, SLOTS.c.slot < last)
    for row in connection.execute(chosen.order_by(SLOTS.c.slot)):
        yield row.slot.to_bytes(4) + bytes(row.id) + bytes(row.hint)
        yield (row.expires_day + 2**15).to_bytes(2) + contents[row.slot]


def vks(connection: Connection) -> list[bytes]:
    """Return the 32-byte key of each investigator who has bundles, in their order."""
    found = select(BUNDLES.c.vk).distinct().order_by(BUNDLES.c.vk)
    return [bytes(vk) for vk in connection.execute(found).scalars()]


def of_bundles(connection: Connection, vk: bytes) -> bytes:
    """Return an investigator's bundles, each after the 32-byte key, ordered by their windows."""
    chosen = select(BUNDLES).where(BUNDLES.c.vk == vk)
    rows = connection.execute(chosen.order_by(*BUNDLES.primary_key))
    return b"".join(bytes(row.vk) + bytes(row.bundle) for row in rows)
