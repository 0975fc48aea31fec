"""What a desk's alarms are made of: sentences that stand, and what was seen of the directory."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.vault.database.desk_tables import desk_alarms as alarms
from app.console.vault.database.desk_tables import directories_seen, directory_claims
from app.sentences.stored_sentences import kept, said


@dataclass(frozen=True, slots=True)
class Claim:
    """A colleague's word, by label, of a directory's version; said since ``at`` (Unix seconds)."""

    name: str
    version: int
    at: int


def count_of(tx: Connection, by: str) -> int:
    """How many alarms stand that one person's console gave cause for."""
    mine = select(func.count()).select_from(alarms).where(alarms.c.by == by)
    return int(tx.execute(mine).scalar_one())


def add(tx: Connection, text: str, now: int, by: str) -> None:
    """Keep a sentence; one that stands stays as it was."""
    tx.execute(upsert(alarms).values(text=kept(text), at=now, by=by).on_conflict_do_nothing())


def standing(tx: Connection) -> list[str]:
    """Return the sentences, the first noticed first."""
    return [
        said(text) for text in tx.execute(select(alarms.c.text).order_by(alarms.c.id)).scalars()
    ]


def clear(tx: Connection) -> None:
    """Somebody has dealt with all of them, and with what is said of newer directories."""
    tx.execute(delete(alarms))
    tx.execute(delete(directory_claims))


def see_directory(tx: Connection, version: int, hash_: bytes) -> None:
    """Keep the hash (32 bytes) of a version that this console has seen."""
    statement = upsert(directories_seen).values(version=version, hash=hash_)
    tx.execute(statement.on_conflict_do_update(index_elements=["version"], set_={"hash": hash_}))


def directory_hash(tx: Connection, version: int) -> bytes | None:
    """Return the hash of a version that this console has seen."""
    mine = select(directories_seen.c.hash).where(directories_seen.c.version == version)
    found: bytes | None = tx.execute(mine).scalar_one_or_none()
    return found


def claim_of(tx: Connection, name: str) -> Claim | None:
    """Return what one colleague's console says."""
    return next((one for one in claims(tx) if one.name == name), None)


def claims(tx: Connection) -> list[Claim]:
    """Return what colleagues' consoles say, by their labels."""
    rows = tx.execute(select(directory_claims).order_by(directory_claims.c.name))
    return [Claim(row.name, row.version, row.at) for row in rows]


def claim(tx: Connection, one: Claim) -> None:
    """Keep what one says, in the place of what they said before."""
    tx.execute(delete(directory_claims).where(directory_claims.c.name == one.name))
    tx.execute(insert(directory_claims).values(name=one.name, version=one.version, at=one.at))
