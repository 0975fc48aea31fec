"""Investigators' bundles: write-once per investigator and window.

Every function takes part in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from app.protocol.wire import Bundle
from app.server.storage.dialect import insert_new
from app.server.storage.failures import BundlesFull
from app.server.storage.tables import BUNDLES

MOST = 8_192
"""Bundles kept of one investigator, 34 MB of SQLite: by the hour, the 30 days gone and the 30 ahead
are about 1,500, and each time that a vault is restored 750 more."""


def add(connection: Connection, vk: bytes, bundles: Sequence[Bundle]) -> None:
    """Store verified bundles of one investigator (vk 32 bytes); an existing window stays as is.

    Raises BundlesFull.
    """
    windows = select(BUNDLES.c.not_before, BUNDLES.c.not_after).where(BUNDLES.c.vk == vk)
    held = {(int(begins), int(ends)) for begins, ends in connection.execute(windows)}
    if len(held | {(one.not_before, one.not_after) for one in bundles}) > MOST:
        raise BundlesFull
    rows = [
        {
            "vk": vk,
            "not_before": bundle.not_before,
            "not_after": bundle.not_after,
            "bundle": bundle.serialise(),
        }
        for bundle in bundles
    ]
    if rows:
        connection.execute(insert_new(connection, BUNDLES), rows)


def latest(connection: Connection, vk: bytes, now: int) -> list[Bundle]:
    """Return the bundle of an investigator that began last at ``now`` (Unix seconds), if any."""
    newest = (
        select(BUNDLES.c.bundle)
        .where(BUNDLES.c.vk == vk, BUNDLES.c.not_before <= now)
        .order_by(BUNDLES.c.not_before.desc(), BUNDLES.c.not_after.desc())
        .limit(1)
    )
    return [Bundle.parse(bytes(row)) for row in connection.execute(newest).scalars()]


def forget_ended(connection: Connection, before: int) -> None:
    """Delete the bundles whose window ended before ``before`` (Unix seconds)."""
    connection.execute(delete(BUNDLES).where(BUNDLES.c.not_after < before))
