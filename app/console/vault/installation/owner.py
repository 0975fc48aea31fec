"""Who this machine is: its keys, its line, the highest directory it has verified."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.errors import VaultDamaged
from app.console.vault.database.machine_tables import directory, identity
from app.console.vault.installation.line_file import read_line
from app.protocol.identities import InvestigatorIdentity
from app.protocol.line import Line
from app.protocol.secrets import Secret
from app.sentences.translatable import say


@dataclass(frozen=True, slots=True)
class Owner:
    """The keys of this machine, the label it asked to bear, and the line it reads for."""

    identity: InvestigatorIdentity
    label: str
    line: Line


def store_owner(tx: Connection, keys: InvestigatorIdentity, label: str, line_file: bytes) -> None:
    """Store the owner's keys, once, when the vault is made."""
    tx.execute(
        insert(identity).values(id=1, secret=keys.secret().reveal(), label=label, line=line_file)
    )


def load_owner(tx: Connection) -> Owner:
    """Load the owner's keys. Raises VaultDamaged for a vault whose making was interrupted."""
    row = tx.execute(select(identity)).one_or_none()
    if row is None:
        raise VaultDamaged(
            say(
                "This case store was never finished. Delete its folder and make it again with: "
                "quietline console init"
            )
        )
    return Owner(InvestigatorIdentity(Secret(row.secret)), row.label, read_line(row.line))


def line_id(tx: Connection) -> bytes:
    """Return the line's 32 bytes, without making ready the owner's keys. Raises VaultDamaged."""
    file: bytes | None = tx.execute(select(identity.c.line)).scalar_one_or_none()
    return load_owner(tx).line.line_id if file is None else read_line(file).line_id


def directory_file(tx: Connection) -> bytes | None:
    """Return the signed file of the highest version verified so far."""
    file: bytes | None = tx.execute(select(directory.c.file)).scalar_one_or_none()
    return file


def store_directory(tx: Connection, version: int, file: bytes, now: int) -> None:
    """Store a directory in the place of the one before; the caller has verified and compared it."""
    row = {"version": version, "file": file, "seen_at": now}
    statement = upsert(directory).values(id=1, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
