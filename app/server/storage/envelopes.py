"""The envelopes of the slots, overwritten where they stand.

One row an envelope in SQLite; in PostgreSQL several equal pieces, each small enough that its old
and its new version share a page. Slot ``s`` has the places ``s * pieces`` and on.

Every function takes part in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, bindparam, insert, select, update

from app.protocol.wire import ENVELOPE_BYTES
from app.server.storage import dialect
from app.server.storage.tables import ENVELOPES

_OVERWRITE = (
    update(ENVELOPES).where(ENVELOPES.c.place == bindparam("at")).values(envelope=bindparam("new"))
)
_READ = (
    select(ENVELOPES.c.place, ENVELOPES.c.envelope)
    .where(ENVELOPES.c.place.in_(bindparam("places", expanding=True)))
    .order_by(ENVELOPES.c.place)
)


def add(connection: Connection, envelopes: Iterable[tuple[int, bytes]]) -> None:
    """Insert the envelopes (19,936 bytes) of new slots."""
    rows = list(_rows(envelopes, dialect.pieces(connection)))
    connection.execute(
        insert(ENVELOPES), [{"place": place, "envelope": piece} for place, piece in rows]
    )


def overwrite(connection: Connection, envelopes: Iterable[tuple[int, bytes]]) -> None:
    """Overwrite the envelopes (19,936 bytes) of slots."""
    rows = list(_rows(envelopes, dialect.pieces(connection)))
    if rows:
        connection.execute(_OVERWRITE, [{"at": place, "new": piece} for place, piece in rows])


def read(connection: Connection, slots: Iterable[int]) -> dict[int, bytes]:
    """Return the envelope of each slot."""
    pieces = dialect.pieces(connection)
    found: dict[int, bytes] = {}
    for place, piece in connection.execute(_READ, {"places": _places(slots, pieces)}):
        slot = place // pieces
        found[slot] = found.get(slot, b"") + bytes(piece)
    return {slot: whole[:ENVELOPE_BYTES] for slot, whole in found.items()}


def rewrite(connection: Connection, slots: Iterable[int]) -> None:
    """Write envelopes again as they are: their rows then say nothing older than this."""
    places = _places(slots, dialect.pieces(connection))
    connection.execute(
        update(ENVELOPES).where(ENVELOPES.c.place.in_(places)).values(envelope=ENVELOPES.c.envelope)
    )


def _places(slots: Iterable[int], pieces: int) -> list[int]:
    return [slot * pieces + part for slot in slots for part in range(pieces)]


def _rows(envelopes: Iterable[tuple[int, bytes]], pieces: int) -> Iterator[tuple[int, bytes]]:
    size = -(-ENVELOPE_BYTES // pieces)
    for slot, envelope in envelopes:
        padded = envelope.ljust(size * pieces, b"\0")  # every piece has one size
        for part in range(pieces):
            yield slot * pieces + part, padded[part * size : (part + 1) * size]
