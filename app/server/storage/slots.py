"""Messages live in slots made ahead and full of random bytes.

A submission overwrites random free slots; a deletion refills its slot with random bytes and a
fresh random id. Rows of equal size are overwritten where they stand, so the place of a message in
the file says nothing about when it came (rows added in turn would lie in the order of arrival).

An id is 16 random bytes. There is no index of ids (its pages would keep the order of arrival): each
process knows the slots of the ids that are in challenge sets, read anew every epoch. When slots are
added, messages spread over them (``spreading``) and keep their ids; only then is an id that is not
where it was looked for everywhere, which takes several times as long and would tell, at any other
time, that there was such a message and is none now.

Every function takes part in the caller's transaction.
"""

from __future__ import annotations

import hmac
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, func, insert, select, update

from app.protocol.group import Rng
from app.protocol.wire import ENVELOPE_BYTES, HINT_BYTES, MESSAGE_ID_BYTES
from app.server.storage import envelopes
from app.server.storage.failures import SlotsFull
from app.server.storage.spreading import below, draws, moves
from app.server.storage.tables import SLOTS

FREE = -(2**15)
"""``expires_day`` of a free slot: as wide in a row as any real day."""

_PROBES = 4
_DRAWN = 4_096
"""Slots drawn ahead at the most: a statement of SQLite takes 32,766 values, PostgreSQL 65,535."""

_AMONG = SLOTS.c.slot.in_(bindparam("places", expanding=True))
# Numbers as one text: a hundred rows would be fetched one by one, and each time the interpreter's
# lock be won anew from the thread that serves.
_FREE_AMONG = select(func.aggregate_strings(cast(SLOTS.c.slot, Text), ",").label("free")).where(
    _AMONG, SLOTS.c.expires_day == FREE
)
_OVERWRITE = update(SLOTS).where(SLOTS.c.slot == bindparam("at"))
_LAST = select(func.max(SLOTS.c.slot).label("last")).scalar_subquery().label("last")
_HOLDERS = select(SLOTS.c.slot, SLOTS.c.id, SLOTS.c.expires_day, _LAST).where(_AMONG)


@dataclass(frozen=True, slots=True)
class Stored:
    """A message to store: the envelope 19,936 bytes, and the day on which it expires."""

    envelope: bytes
    expires_day: int


@dataclass(frozen=True, slots=True)
class KnownSlots:
    """Where a process found messages when it looked last."""

    places: dict[bytes, int] = field(default_factory=dict)
    """The slot of each 16-byte id that a challenge set may hold; deleted ones are taken out."""
    made: int = 0
    """How many slots there were."""


def made(connection: Connection) -> int:
    """Return how many slots there are."""
    last = connection.execute(select(func.max(SLOTS.c.slot))).scalar()
    return 0 if last is None else int(last) + 1


def grow(connection: Connection, rng: Rng, count: int) -> None:
    """Make ``count`` more slots, full of random bytes but for the messages that move into them."""
    first = made(connection)
    held = connection.execute(select(SLOTS).where(SLOTS.c.expires_day > FREE)).all()
    moving = moves(held, first, count, rng)
    rows, contents = [], []
    for slot in range(first, first + count):
        if slot in moving:
            rows.append({**moving[slot]._mapping, "slot": slot})
            place = moving[slot].slot
            contents.append((slot, envelopes.read(connection, [place])[place]))
        else:
            rows.append({"slot": slot} | _random_values(rng))
            contents.append((slot, rng(ENVELOPE_BYTES)))
    connection.execute(insert(SLOTS), rows)
    envelopes.add(connection, contents)
    refill(connection, rng, [row.slot for row in moving.values()])


def free(
    connection: Connection,
    rng: Rng,
    size: int,
    least: int,
    most: int,
    written: Container[int] = (),
) -> list[int]:
    """Draw ``least`` to ``most`` distinct random free slots among the first ``size``.

    Those that this transaction has ``written`` are drawn only where no others are free: a page of
    PostgreSQL has room for two versions of what lies in it, and the third moves (ADR 0119). Raises
    SlotsFull if there are not ``least``.
    """
    chosen: dict[int, None] = {}
    for _ in range(_PROBES):
        wanted = min(most, max(least, _DRAWN)) - len(chosen)
        drawn = dict.fromkeys(draws(2 * wanted + 2, size, rng))
        found = _free_among(connection, drawn)
        fresh = [place for place in drawn if place in found and place not in written]
        for place in [place for place in fresh if place not in chosen][:wanted]:
            chosen[place] = None
        if len(chosen) >= least:
            return list(chosen)
    rows = connection.execute(
        select(SLOTS.c.slot).where(SLOTS.c.expires_day == FREE, SLOTS.c.slot < size)
    )
    free_slots = [int(slot) for slot in rows.scalars()]
    if len(free_slots) < least:
        raise SlotsFull
    drawn_last = sorted(free_slots, key=lambda _: rng(16))
    return sorted(drawn_last, key=lambda place: place in written)[:most]


def put(connection: Connection, rng: Rng, messages: Iterable[tuple[int, Stored]]) -> None:
    """Overwrite slots with messages, each in the free slot that it comes with.

    In the order of the slots: neighbours are written together, and the log tells no other order.
    """
    ordered = sorted(messages, key=itemgetter(0))
    _write(
        connection,
        [
            {
                "at": place,
                "id": rng(MESSAGE_ID_BYTES),
                "hint": message.envelope[:HINT_BYTES],
                "expires_day": message.expires_day,
            }
            for place, message in ordered
        ],
        [message.envelope for _, message in ordered],
    )


def forget(
    connection: Connection,
    rng: Rng,
    size: int,
    known: KnownSlots,
    message_ids: Iterable[bytes],
    written: Container[int] = (),
) -> tuple[int, list[int]]:
    """Refill the slots of 16-byte ids, or any free one if none of them is a message's.

    Returns how many messages there were, and the slots that were written.
    """
    places = {
        message_id: known.places[message_id]
        for message_id in message_ids
        if message_id in known.places
    }
    holders, grown = _holders(connection, known, places.values()) if places else ({}, False)
    found: set[int] = set()
    for message_id, place in places.items():
        here = hmac.compare_digest(holders.get(place, b""), message_id)
        moved = _moved(connection, message_id) if grown and not here else None
        now_at = place if here else moved
        if now_at is not None:
            found.add(now_at)
    if not found:
        return 0, touch(connection, rng, size, written)
    refill(connection, rng, sorted(found))
    return len(found), sorted(found)


def touch(connection: Connection, rng: Rng, size: int, written: Container[int] = ()) -> list[int]:
    """Refill a random free slot, if there is one, and return it: a write that changes nothing."""
    try:
        chosen = free(connection, rng, size, 1, 1, written)
    except SlotsFull:
        return []
    refill(connection, rng, chosen)
    return chosen


def expired(connection: Connection, today: int, limit: int) -> list[int]:
    """Return up to ``limit`` slots whose message's last day is over on day ``today``."""
    found = (
        select(SLOTS.c.slot)
        .where(SLOTS.c.expires_day > FREE, SLOTS.c.expires_day <= today)
        .limit(limit)
    )
    return [int(slot) for slot in connection.execute(found).scalars()]


def days(connection: Connection) -> dict[int, int]:
    """Return how many messages expire on each day."""
    counted = (
        select(SLOTS.c.expires_day, func.count())
        .where(SLOTS.c.expires_day > FREE)
        .group_by(SLOTS.c.expires_day)
    )
    return {int(day): int(count) for day, count in connection.execute(counted)}


def hasten(connection: Connection, first: int, last: int, until: int) -> int:
    """Let messages that expire from day ``first`` to ``last`` expire by ``until``; return how many.

    None lives longer for it.
    """
    chosen = (SLOTS.c.expires_day >= first, SLOTS.c.expires_day <= last)
    later = update(SLOTS).where(*chosen, SLOTS.c.expires_day > until)
    return connection.execute(later.values(expires_day=until)).rowcount


def refill(connection: Connection, rng: Rng, places: Iterable[int]) -> None:
    """Overwrite slots with random bytes and fresh ids: they are free then."""
    rows = [{"at": place} | _random_values(rng) for place in places]
    _write(connection, rows, [rng(ENVELOPE_BYTES) for _ in rows])


def rewrite(connection: Connection, places: Iterable[int]) -> None:
    """Write slots again as they are, so that their rows' headers tell nothing older than this."""
    chosen = list(places)
    connection.execute(update(SLOTS).where(SLOTS.c.slot.in_(chosen)).values(hint=SLOTS.c.hint))
    envelopes.rewrite(connection, chosen)


def read(
    connection: Connection,
    rng: Rng,
    size: int,
    known: KnownSlots,
    message_ids: Sequence[bytes],
) -> list[tuple[bool, bytes]]:
    """Return, for each 16-byte id, whether it is a message's, and its envelope, or any slot's.

    Reads as much for an unknown id, or a deleted one, as for a message's; more only for one that
    was known before slots were added.
    """
    drawn = [known.places.get(message_id, below(size, rng)) for message_id in message_ids]
    holders, grown = _holders(connection, known, drawn)
    found, places = [], []
    for message_id, place in zip(message_ids, drawn, strict=True):
        here = hmac.compare_digest(holders.get(place, b""), message_id)
        sought = grown and not here and message_id in known.places
        moved = _moved(connection, message_id) if sought else None
        found.append(here or moved is not None)
        places.append(place if moved is None else moved)
    contents = envelopes.read(connection, places)
    return [(was, contents[place]) for was, place in zip(found, places, strict=True)]


def used(connection: Connection) -> list[tuple[int, bytes, bytes]]:
    """Return slot, id 16 and hint 64 bytes of every message."""
    columns = (SLOTS.c.slot, SLOTS.c.id, SLOTS.c.hint)
    rows = connection.execute(select(*columns).where(SLOTS.c.expires_day > FREE))
    return [(int(row.slot), bytes(row.id), bytes(row.hint)) for row in rows]


def _holders(
    connection: Connection, known: KnownSlots, places: Iterable[int]
) -> tuple[dict[int, bytes], bool]:
    """Return the id that each slot holds now, free ones none; and whether slots were added."""
    rows = connection.execute(_HOLDERS, {"places": list(places)}).all()
    holders = {slot: bytes(id_) for slot, id_, expires_day, _ in rows if expires_day != FREE}
    return holders, any(last >= known.made for *_, last in rows)


def _moved(connection: Connection, message_id: bytes) -> int | None:
    """Look for an id everywhere: slots were added since it was known."""
    found = select(SLOTS.c.slot).where(SLOTS.c.id == message_id, SLOTS.c.expires_day > FREE)
    place = connection.execute(found).scalar_one_or_none()
    return None if place is None else int(place)


def _free_among(connection: Connection, places: Iterable[int]) -> set[int]:
    found = connection.execute(_FREE_AMONG, {"places": list(places)}).scalar()
    return {int(slot) for slot in found.split(",")} if found else set()


def _write(
    connection: Connection, rows: Sequence[dict[str, Any]], contents: Sequence[bytes]
) -> None:
    if rows:
        connection.execute(_OVERWRITE, rows)
    places = [int(row["at"]) for row in rows]
    envelopes.overwrite(connection, zip(places, contents, strict=True))


def _random_values(rng: Rng) -> dict[str, Any]:
    return {"id": rng(MESSAGE_ID_BYTES), "hint": rng(HINT_BYTES), "expires_day": FREE}
