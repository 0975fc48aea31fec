"""The desk's shared work as the vault keeps it: signed operations, heads, bodies to be sent.

``VaultLog`` is the store under ``app.console.rules.log``; states of cases are ``cases``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.console.rules.log import NOTHING, Gap, Head, after_head
from app.console.vault.collaboration import chain_gaps
from app.console.vault.database.desk_tables import (
    desk_outbox,
    operations,
    snapshot_parts,
    team_heads,
)
from app.protocol.encoding import b64u
from app.protocol.errors import ProtocolError
from app.protocol.operation import Operation, open_operation

ACCEPTED, HELD, FORKED = "accepted", "held", "forked"
PARTS_KEPT = 30 * 86_400
"""Seconds for which parts of a snapshot wait for the others."""
PARTS_MAX = 4_000
"""Parts that wait, of one sender: who sends more has none of the earlier ones taken in."""
HELD_MAX = 2_000
"""Operations of an author that wait for others: a member who sends without end fills no disk, and
takes the room of no other.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A body that waits to be sent to a desk, or to one member of it by key."""

    id: int
    desk: str
    recipient: bytes | None
    body: bytes


class VaultLog:
    """Chains of operations in an open transaction; ``now`` is noted beside what comes in."""

    def __init__(self, tx: Connection, line_id: bytes, now: int) -> None:
        self._tx = tx
        self._line_id = line_id
        self._now = now

    def head(self, desk: str, author: bytes) -> Head:
        """Return the last accepted of an author's chain at a desk, NOTHING for none."""
        mine = (team_heads.c.desk == desk) & (team_heads.c.author == author)
        row = self._tx.execute(select(team_heads).where(mine)).one_or_none()
        return NOTHING if row is None else Head(row.seq, row.hash)

    def heads(self, desk: str) -> dict[bytes, Head]:
        """Return the head of every author at a desk, by key."""
        rows = self._tx.execute(select(team_heads).where(team_heads.c.desk == desk))
        return {row.author: Head(row.seq, row.hash) for row in rows}

    def heads_since_own(self, desk: str, own: bytes) -> dict[bytes, Head]:
        """Return heads of others that came after the last own operation at a desk."""
        mine = select(func.coalesce(func.max(operations.c.id), 0)).where(_mine(desk, own))
        last = int(self._tx.execute(mine).scalar_one())
        fresh = select(operations.c.author).where(
            operations.c.desk == desk,
            operations.c.id > last,
            operations.c.author != own,
            operations.c.standing == ACCEPTED,
        )
        authors = set(self._tx.execute(fresh.distinct()).scalars())
        return {vk: head for vk, head in self.heads(desk).items() if vk in authors}

    def begin_at(self, desk: str, author: bytes, head: Head) -> None:
        """Let an author's chain go on from ``head`` for us, who came later; never backwards.

        What lies before is not lacking.
        """
        if head.seq > self.head(desk, author).seq:
            self._set_head(desk, author, head)
        self.keep_gaps(desk, author, after_head(self.gaps(desk, author), head))

    def hash_at(self, desk: str, author: bytes, seq: int) -> bytes | None:
        """Return the hash of the accepted operation with this number, if it is here."""
        mine = _mine(desk, author) & (operations.c.seq == seq)
        accepted = select(operations.c.hash).where(mine, operations.c.standing == ACCEPTED)
        found: bytes | None = self._tx.execute(accepted).scalar_one_or_none()
        return found

    def named(self, desk: str, author: bytes, seq: int) -> bytes | None:
        """Return the hash of what has this number in the history that is here.

        Accepted, or named by what was accepted after it.
        """
        ends = (one.above for one in self.gaps(desk, author) if one.last == seq)
        return self.hash_at(desk, author, seq) or next(ends, None)

    def accept(self, operation: Operation, *, to_send: bool = False) -> None:
        """Keep an operation as accepted, and let the chain's head follow."""
        self._keep(operation, ACCEPTED, to_send=to_send)
        if operation.seq > self.head(operation.desk, operation.author).seq:
            self._set_head(operation.desk, operation.author, Head(operation.seq, operation.hash))

    def gaps(self, desk: str, author: bytes) -> list[Gap]:
        """Return what was passed over of an author's chain at a desk."""
        return chain_gaps.read(self._tx, desk, author)

    def keep_gaps(self, desk: str, author: bytes, found: list[Gap]) -> None:
        """Keep gaps in the place of those kept before."""
        chain_gaps.keep(self._tx, desk, author, found)

    def forked(self, desk: str, author: bytes) -> bool:
        """Say whether a fork of an author's chain was seen at a desk."""
        mine = _mine(desk, author) & (operations.c.standing == FORKED)
        return self._tx.execute(select(operations.c.id).where(mine)).first() is not None

    def hold(self, operation: Operation) -> None:
        """Hold an operation that waits for others, up to HELD_MAX of an author's."""
        of_author = operations.c.author == operation.author
        waiting = select(func.count()).where(operations.c.standing == HELD, of_author)
        if int(self._tx.execute(waiting).scalar_one()) < HELD_MAX:
            self._keep(operation, HELD)

    def keep_fork(self, operation: Operation) -> None:
        """Keep a fork as evidence: signed by its author, and no part of the chain."""
        self._keep(operation, FORKED)

    def held(self, desk: str, author: bytes, seq: int) -> list[Operation]:
        """Return those held with this number, which are not held any more."""
        mine = _mine(desk, author) & (operations.c.seq == seq) & (operations.c.standing == HELD)
        found = [one for one in self._read(select(operations).where(mine)) if one is not None]
        self._tx.execute(delete(operations).where(mine))
        return found

    def held_authors(self, desk: str) -> list[bytes]:
        """Return the authors of whom anything waits for others."""
        waiting = (operations.c.desk == desk) & (operations.c.standing == HELD)
        chosen = select(operations.c.author).where(waiting).distinct()
        return list(self._tx.execute(chosen.order_by(operations.c.author)).scalars())

    def held_numbers(self, desk: str, author: bytes) -> list[int]:
        """Return the numbers of all that wait for others, in the order of the chain."""
        mine = _mine(desk, author) & (operations.c.standing == HELD)
        chosen = select(operations.c.seq).where(mine).distinct().order_by(operations.c.seq)
        return [int(seq) for seq in self._tx.execute(chosen).scalars()]

    def held_since(self, desk: str, author: bytes) -> int | None:
        """Return since when the first of them has been waiting (Unix seconds)."""
        mine = _mine(desk, author) & (operations.c.standing == HELD)
        first = self._tx.execute(select(func.min(operations.c.at)).where(mine)).scalar_one()
        return None if first is None else int(first)

    def since(self, desk: str, author: bytes, seq: int, limit: int) -> list[Operation]:
        """Return accepted ones of an author from a number on."""
        mine = _mine(desk, author) & (operations.c.seq >= seq)
        # Of a destroyed case's only number and hash are left.
        whole = (operations.c.standing == ACCEPTED) & (func.length(operations.c.raw) > 0)
        chosen = select(operations).where(mine, whole)
        return self._chain(chosen.order_by(operations.c.seq).limit(limit))

    def unpacked(self, desk: str) -> list[Operation]:
        """Return own ones that are in no body yet, oldest first, as far as they open."""
        mine = (operations.c.desk == desk) & (operations.c.packed == 0)
        return self._chain(select(operations).where(mine).order_by(operations.c.id))

    def mark_packed(self, done: Iterable[Operation]) -> None:
        """Note that these went into a body."""
        for one in done:
            mine = _mine(one.desk, one.author) & (operations.c.hash == one.hash)
            self._tx.execute(update(operations).where(mine).values(packed=1))

    def _keep(self, one: Operation, standing: str, *, to_send: bool = False) -> None:
        statement = upsert(operations).values(
            desk=one.desk,
            author=one.author,
            seq=one.seq,
            hash=one.hash,
            raw=one.raw,
            signature=one.signature,
            standing=standing,
            packed=0 if to_send else 1,
            at=self._now,
        )
        same = ["desk", "author", "seq", "hash"]
        self._tx.execute(
            statement.on_conflict_do_update(index_elements=same, set_={"standing": standing})
        )

    def _set_head(self, desk: str, author: bytes, head: Head) -> None:
        row = {"seq": head.seq, "hash": head.hash}
        statement = upsert(team_heads).values(desk=desk, author=author, **row)
        self._tx.execute(
            statement.on_conflict_do_update(index_elements=["desk", "author"], set_=row)
        )

    def _chain(self, statement: Any) -> list[Operation]:
        """Return them as far as they open: what comes after one that does not is of no use."""
        whole = takewhile(lambda one: one is not None, self._read(statement))
        return [one for one in whole if one is not None]

    def _read(self, statement: Any) -> list[Operation | None]:
        return [self._open(row) for row in self._tx.execute(statement)]

    def _open(self, row: Row[Any]) -> Operation | None:
        try:
            return open_operation([b64u(row.raw), b64u(row.signature)], self._line_id)
        except ProtocolError:
            return None  # not even one's own row may end a sync


def count_unpacked(tx: Connection) -> int:
    """Return how many own operations wait to be put into a body."""
    return int(tx.execute(select(func.count()).where(operations.c.packed == 0)).scalar_one())


def latest(tx: Connection) -> int:
    """Return what grows with every operation that came or was made: pages ask again then."""
    return int(tx.execute(select(func.coalesce(func.max(operations.c.id), 0))).scalar_one())


def queue_body(tx: Connection, desk: str, recipient: bytes | None, body: bytes, now: int) -> None:
    """Keep a body that waits to be sent."""
    tx.execute(insert(desk_outbox).values(desk=desk, recipient=recipient, body=body, at=now))


def waiting(tx: Connection, limit: int, until: int | None = None) -> list[Waiting]:
    """Return bodies to be sent, oldest first, without those made after ``until`` (Unix seconds).

    Those for a whole desk come before what single members asked for.
    """
    whole_desk_first = desk_outbox.c.recipient.is_not(None)
    chosen = select(desk_outbox).order_by(whole_desk_first, desk_outbox.c.id).limit(limit)
    if until is not None:
        chosen = chosen.where(desk_outbox.c.at <= until)
    rows = tx.execute(chosen)
    return [Waiting(row.id, row.desk, row.recipient, row.body) for row in rows]


def count_waiting(tx: Connection) -> int:
    """Return how many bodies wait to be sent."""
    return int(tx.execute(select(func.count()).select_from(desk_outbox)).scalar_one())


def sent(tx: Connection, id_: int) -> None:
    """Forget a body that was sent."""
    tx.execute(delete(desk_outbox).where(desk_outbox.c.id == id_))


def keep_part(
    tx: Connection, sender: bytes, desk: str, snapshot: str, place: int, count: int, data: bytes,
    now: int,
) -> list[bytes] | None:  # fmt: skip
    """Keep a part of a snapshot; once all are here, return them in order and forget them."""
    tx.execute(delete(snapshot_parts).where(snapshot_parts.c.at < now - PARTS_KEPT))
    kept = select(func.count()).where(snapshot_parts.c.sender == sender)
    if int(tx.execute(kept).scalar_one()) >= PARTS_MAX:
        tx.execute(delete(snapshot_parts).where(snapshot_parts.c.sender == sender))
    row = {"count": count, "desk": desk, "data": data, "at": now}
    key = {"snapshot": snapshot, "sender": sender, "place": place}
    tx.execute(upsert(snapshot_parts).values(**key, **row).on_conflict_do_nothing())
    mine = (
        (snapshot_parts.c.snapshot == snapshot)
        & (snapshot_parts.c.sender == sender)
        & (snapshot_parts.c.desk == desk)
        & (snapshot_parts.c.count == count)
    )
    rows: list[Row[Any]] = list(
        tx.execute(select(snapshot_parts).where(mine).order_by(snapshot_parts.c.place))
    )
    if len(rows) < count:
        return None
    tx.execute(delete(snapshot_parts).where(mine))
    return [one.data for one in rows]


def _mine(desk: str, author: bytes) -> Any:
    return (operations.c.desk == desk) & (operations.c.author == author)
