"""Invitations of this console (``transfer``), as the vault keeps them.

Their keys are in ``keyring``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
)

from app.console.vault.keys import keyring
from app.protocol.secrets import Secret

metadata = MetaData()

# `hash` is the invitation's, 32 bytes; `whom` says for whom it was made, in words for here alone.
invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("file", LargeBinary, nullable=False),
    Column("whom", Text, nullable=False),
)

PURPOSE = "invitation"


@dataclass(frozen=True, slots=True)
class KeptInvitation:
    """An invitation's hash, its file, the keys that open what comes for it, and for whom it is."""

    hash: bytes
    file: bytes
    keys: Secret
    whom: str


def add(tx: Connection, one: KeptInvitation) -> None:
    """Keep one, and its keys."""
    tx.execute(insert(invitations).values(hash=one.hash, file=one.file, whom=one.whom))
    keyring.keep(tx, PURPOSE, one.hash, one.keys)


def all_kept(tx: Connection) -> list[KeptInvitation]:
    """All whose keys have not been destroyed, the first made first."""
    keys = keyring.secrets_of(tx, PURPOSE)
    rows = tx.execute(select(invitations).order_by(invitations.c.id))
    return [KeptInvitation(row.hash, row.file, keys[row.hash], row.whom) for row in rows]


def destroy(tx: Connection, hashes: Sequence[bytes]) -> None:
    """Destroys the keys of these, and forgets them."""
    keyring.destroy(tx, PURPOSE, hashes)
    tx.execute(delete(invitations).where(invitations.c.hash.in_(list(hashes))))
