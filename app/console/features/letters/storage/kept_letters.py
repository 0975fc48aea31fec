"""Cooperation letters and requests for a proof (``letters``), as the vault keeps them."""

from dataclasses import asdict, dataclass

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

metadata = MetaData()

cooperation_letters = Table(
    "cooperation_letters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("n", LargeBinary, nullable=False),
    Column("pk", LargeBinary, nullable=False),
    Column("letter", LargeBinary, nullable=False),
    Column("file", LargeBinary, nullable=False),
)

# Requests that no proof has answered yet: `nonce` is 16 bytes, `text` what the verifier is given.
proof_requests = Table(
    "proof_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("nonce", LargeBinary, nullable=False, unique=True),
    Column("text", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter's file, its month (YYYY-MM) and case, and what a proof of it names.

    That is the request's ``n`` (16 bytes) and ``pk`` (32), and the letter's hash (32).
    """

    case_id: str
    month: str
    n: bytes
    pk: bytes
    letter: bytes
    file: bytes


def letters(tx: Connection) -> list[KeptLetter]:
    """Every letter, in the order in which they were made."""
    one = cooperation_letters.c
    rows = tx.execute(select(cooperation_letters).order_by(one.id))
    return [KeptLetter(row.case_id, row.month, row.n, row.pk, row.letter, row.file) for row in rows]


def add_letter(tx: Connection, one: KeptLetter) -> None:
    """Keep a letter."""
    tx.execute(insert(cooperation_letters).values(**asdict(one)))


def requests(tx: Connection) -> list[str]:
    """Return the open requests, the first made first."""
    rows = select(proof_requests.c.text).order_by(proof_requests.c.id)
    return list(tx.execute(rows).scalars())


def add_request(tx: Connection, nonce: bytes, request: str) -> None:
    """Keep a request until it is answered."""
    tx.execute(insert(proof_requests).values(nonce=nonce, text=request))


def forget_request(tx: Connection, nonce: bytes) -> None:
    """Drop a request: no proof for it releases anything any more."""
    tx.execute(delete(proof_requests).where(proof_requests.c.nonce == nonce))
