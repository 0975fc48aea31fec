"""The private halves of this machine's bundles: made, uploaded, superseded, destroyed.

When one may be destroyed is decided by ``app.console.rules.lifecycle``, never here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from app.console.vault.database.machine_tables import bundle_keys
from app.protocol.identities import BundleKeys
from app.protocol.secrets import Secret


@dataclass(frozen=True, slots=True)
class HeldKey:
    """One bundle's private half; times are Unix seconds.

    ``superseded_at`` is when a later bundle of this machine was first seen in service.
    """

    id: int
    not_before: int
    not_after: int
    keys: BundleKeys
    superseded_at: int | None


def windows(tx: Connection) -> set[tuple[int, int]]:
    """Return every window that has a key, as (not_before, not_after)."""
    rows = tx.execute(select(bundle_keys.c.not_before, bundle_keys.c.not_after))
    return {(row.not_before, row.not_after) for row in rows}


def add(tx: Connection, made: Iterable[tuple[int, int, BundleKeys]]) -> None:
    """Keep new keys as not yet uploaded."""
    rows = [
        {
            "not_before": not_before,
            "not_after": not_after,
            "secret": keys.secret().reveal(),
            "uploaded": 0,
        }
        for not_before, not_after, keys in made
    ]
    if rows:
        tx.execute(insert(bundle_keys), rows)


def to_upload(tx: Connection, limit: int) -> list[HeldKey]:
    """Return the next keys whose public half the server has not taken yet, soonest window first."""
    return _held(tx, bundle_keys.c.uploaded == 0, limit)


def mark_uploaded(tx: Connection, ids: Iterable[int]) -> None:
    """Note that the server has taken the public halves of these."""
    tx.execute(update(bundle_keys).where(bundle_keys.c.id.in_(list(ids))).values(uploaded=1))


def all_held(tx: Connection) -> list[HeldKey]:
    """Return every key not yet destroyed, soonest window first."""
    return _held(tx, bundle_keys.c.id > 0, None)


def superseded(tx: Connection) -> list[tuple[int, int]]:
    """Return the superseded keys not yet destroyed, as (id, Unix seconds of ``superseded_at``)."""
    rows = tx.execute(
        select(bundle_keys.c.id, bundle_keys.c.superseded_at).where(
            bundle_keys.c.superseded_at.is_not(None)
        )
    )
    return [(row.id, row.superseded_at) for row in rows]


def supersede_before(tx: Connection, not_before: int, now: int) -> None:
    """Note that a bundle beginning at ``not_before`` serves: every earlier one is superseded.

    The first sight counts; later ones do not move it.
    """
    tx.execute(
        update(bundle_keys)
        .where(bundle_keys.c.not_before < not_before, bundle_keys.c.superseded_at.is_(None))
        .values(superseded_at=now)
    )


def destroy(tx: Connection, ids: Iterable[int]) -> None:
    """Delete rows; secure_delete overwrites them with zeros before they are let go."""
    tx.execute(delete(bundle_keys).where(bundle_keys.c.id.in_(list(ids))))


def count(tx: Connection) -> int:
    """Return how many keys there are."""
    return int(tx.execute(select(func.count()).select_from(bundle_keys)).scalar_one())


def _held(tx: Connection, condition: object, limit: int | None) -> list[HeldKey]:
    statement = (
        select(bundle_keys)
        .where(condition)  # type: ignore[arg-type]
        .order_by(bundle_keys.c.not_before)
        .limit(limit)
    )
    return [
        HeldKey(
            row.id, row.not_before, row.not_after, BundleKeys(Secret(row.secret)), row.superseded_at
        )
        for row in tx.execute(statement)
    ]
