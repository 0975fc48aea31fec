"""Secrets that lie in the vault for a purpose: keys that open one thing and are then destroyed.

The owner's keys are in ``owner``, those of the bundles in ``bundle_keys``.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from app.console.vault.database.machine_tables import keyring
from app.protocol.secrets import Secret


def keep(tx: Connection, purpose: str, name: bytes, secret: Secret) -> None:
    """Keep a secret under a name that is new for its purpose."""
    tx.execute(insert(keyring).values(purpose=purpose, name=name, secret=secret.reveal()))


def secrets_of(tx: Connection, purpose: str) -> dict[bytes, Secret]:
    """All for one purpose, by name."""
    rows = tx.execute(select(keyring).where(keyring.c.purpose == purpose))
    return {row.name: Secret(row.secret) for row in rows}


def destroy(tx: Connection, purpose: str, names: Sequence[bytes]) -> None:
    """Delete rows; secure_delete overwrites them with zeros.

    The caller empties the write-ahead log (``Vault.forget_old_pages``).
    """
    mine = (keyring.c.purpose == purpose) & keyring.c.name.in_(list(names))
    tx.execute(delete(keyring).where(mine))
