"""Operations in bodies of at most 15,132 bytes, and snapshots in parts (spec: team, bodies). Pure.

What a body carries beside its operations is read with distrust: it comes from a member's console,
which may be of another version, or in other hands.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.protocol import bodies
from app.protocol.encoding import b64u, read_json, unb64u, unhex
from app.protocol.errors import BadBody, ProtocolError
from app.protocol.group import Rng
from app.protocol.operation import Operation, Seen
from app.protocol.wire import BODY_MAX

DESK = "desk"
HEADS_MAX = 40
"""Heads of one body; where a desk has more members, each body tells of others."""

OPERATIONS_A_BODY = 24
"""More than fit into one: an operation with one change has 400 bytes and more."""

HELD_BYTES, HOLDS_MAX = 12, 120
"""Of one message that a console says it holds, and how many one body tells of."""

PART_BYTES = 10_800
PARTS_MAX = 1_000
SNAPSHOT_BYTES_MAX = 4 * 1024**2
"""Of one snapshot, unpacked: a desk's cases go in as many as they need. What is 4 MiB of JSON takes
some hundred megabytes of memory at the most, whatever it says.
"""
_OVERHEAD = 64
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class Ask:
    """A console lacks a member's operations from a number on; ``anyone`` may answer."""

    index: int
    seq: int
    anyone: bool

    def to_json(self) -> list[Any]:
        """Return it as a body's JSON has it."""
        return [self.index, self.seq, self.anyone]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a snapshot: the snapshot's id, this piece's place, how many there are."""

    snapshot: str
    place: int
    count: int
    data: bytes


@dataclass(frozen=True, slots=True)
class DeskBody:
    """What a desk body says.

    ``since`` tells new members where the sender's chain begins for them; ``operations`` are as they
    came, unverified; ``copy`` is an answer to a reporter, with its case.
    """

    desk: str
    version: int
    directory: bytes
    heads: tuple[Seen, ...] = ()
    since: tuple[Seen, ...] = ()
    asks: tuple[Ask, ...] = ()
    operations: tuple[Any, ...] = ()
    copy: tuple[str, dict[str, Any]] | None = None
    part: Part | None = None
    holds: tuple[tuple[str, bytes], ...] = ()
    """By day, what the sender holds of reporters' messages, 12 bytes each."""
    mid: str = field(default="", compare=False)


def write_bodies(
    about: DeskBody, operations: Sequence[Operation], rng: Rng
) -> list[tuple[bytes, list[Operation]]]:
    """Return bodies that carry the operations in their order, and which are in which.

    It is at least one body, empty if need be. Heads, asks and the rest go with the first.
    """
    made: list[tuple[bytes, list[Operation]]] = []
    rest = list(operations)
    fields = _fields(about)
    while rest or not made:
        base = len(bodies.write_body(DESK, bodies.new_mid(rng), {**fields, "ops": []}))
        taken: list[Operation] = []
        size = base + _OVERHEAD
        while rest:
            cost = sum(len(text) for text in rest[0].to_json()) + 8
            if size + cost > BODY_MAX:
                break  # beside many heads even one may not fit; beside none every one does
            taken.append(rest.pop(0))
            size += cost
        ops = [one.to_json() for one in taken]
        made.append((bodies.write_body(DESK, bodies.new_mid(rng), {**fields, "ops": ops}), taken))
        fields = _fields(DeskBody(about.desk, about.version, about.directory))
    return made


def write_copy(
    about: DeskBody, case: str, reply: bytes, operations: Sequence[Operation], rng: Rng
) -> tuple[bytes, list[Operation]]:
    """Return the body that gives a desk an answer, and as many operations as go along with it.

    The answer is one that a member gives a reporter; the operations go in their order.

    Raises BadBody where the answer leaves no room for the rest: it must be shorter then.
    """
    fields = _fields(DeskBody(about.desk, about.version, about.directory))
    fields |= {"case": case, "reply": json.loads(reply)}
    mid = bodies.new_mid(rng)
    size = len(bodies.write_body(DESK, mid, fields)) + _OVERHEAD
    taken: list[Operation] = []
    for one in operations:
        size += sum(len(text) for text in one.to_json()) + 8
        if size > BODY_MAX:
            break
        taken.append(one)
    ops = {"ops": [one.to_json() for one in taken]} if taken else {}
    return bodies.write_body(DESK, mid, {**fields, **ops}), taken


def split_snapshot(cases: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return cases in groups that each fit into a snapshot.

    A case with many messages or notes is in several, each time with others. Raises BadBody for a
    single thing that is too large.
    """
    room = SNAPSHOT_BYTES_MAX - _OVERHEAD
    groups: list[list[dict[str, Any]]] = []
    size = room
    for whole in cases:
        for one in _pieces(whole, room):
            cost = _size(one)
            if cost > room:
                raise BadBody("One case is too large to be given to a new member.")
            if size + cost > room:
                groups.append([])
                size = 0
            groups[-1].append(one)
            size += cost
    return groups


def write_snapshot(
    about: DeskBody, content: dict[str, Any], snapshot: str, rng: Rng
) -> list[bytes]:
    """Return a snapshot's bodies, all its parts. Raises BadBody for one that is too large."""
    data = json.dumps(content, ensure_ascii=False).encode()
    packed = zlib.compress(data, 9)
    pieces = [packed[at : at + PART_BYTES] for at in range(0, len(packed), PART_BYTES)]
    if len(pieces) > PARTS_MAX or len(data) > SNAPSHOT_BYTES_MAX:
        raise BadBody("What was said of the team is too much to be given to a new member.")
    fields = _fields(DeskBody(about.desk, about.version, about.directory))
    return [
        bodies.write_body(
            DESK,
            bodies.new_mid(rng),
            {**fields, "part": [snapshot, place, len(pieces), b64u(piece)]},
        )
        for place, piece in enumerate(pieces)
    ]


def read_snapshot(pieces: Iterable[bytes]) -> dict[str, Any]:
    """Return a snapshot's content from all its parts in order. Raises BadBody."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(b"".join(pieces), SNAPSHOT_BYTES_MAX)
        if not stream.eof:
            raise BadBody("A snapshot is larger than it may be.")
        content = read_json(data)
    except (zlib.error, ProtocolError) as error:
        raise BadBody("A snapshot is damaged.") from error
    if not isinstance(content, dict):
        raise BadBody("A snapshot is not an object.")
    return content


def read_desk_body(data: bytes) -> DeskBody:
    """Read a body of kind ``desk``; members this version does not know are left alone.

    Raises BadBody, NewerBody.
    """
    found = bodies.read_body(data)
    try:
        if found["kind"] != DESK or not isinstance(found["desk"], str):
            raise BadBody("This is no team's body.")
        version = found["version"]
        if type(version) is not int or version < 1:
            raise BadBody("A team's body names no directory.")
        return DeskBody(
            desk=found["desk"],
            version=version,
            directory=unhex(found["directory"], 32),
            heads=tuple(Seen.from_json(one) for one in _list(found, "heads")),
            since=tuple(Seen.from_json(one) for one in _list(found, "since")),
            asks=tuple(_ask(one) for one in _list(found, "asks")),
            operations=tuple(_list(found, "ops")),
            copy=_copy(found),
            part=_part(found.get("part")),
            holds=_holds(_list(found, "holds")),
            mid=found["mid"],
        )
    except (KeyError, TypeError, ValueError, ProtocolError) as error:
        raise BadBody("A team's body is not in its form.") from error


def _fields(about: DeskBody) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "desk": about.desk,
        "version": about.version,
        "directory": about.directory.hex(),
    }
    if about.heads:
        fields["heads"] = [one.to_json() for one in about.heads[:HEADS_MAX]]
    if about.since:
        fields["since"] = [one.to_json() for one in about.since[:HEADS_MAX]]
    if about.asks:
        fields["asks"] = [one.to_json() for one in about.asks[:HEADS_MAX]]
    if about.holds:
        fields["holds"] = [[day, b64u(pieces)] for day, pieces in about.holds]
    return fields


def _list(found: dict[str, Any], name: str) -> list[Any]:
    value = found.get(name, [])
    if not isinstance(value, list):
        raise BadBody("A list is expected.")
    return value


def _pieces(case: dict[str, Any], room: int) -> list[dict[str, Any]]:
    if _size(case) <= room:
        return [case]
    said, state = case["messages"], case["state"]
    if len(said) > 1:
        half = len(said) // 2
        halves = [{**case, "messages": some} for some in (said[:half], said[half:])]
    elif len(state["notes"]) > 1:
        notes = list(state["notes"].items())
        half = len(notes) // 2
        parts = (dict(notes[:half]), dict(notes[half:]))
        halves = [{**case, "state": {**state, "notes": some}} for some in parts]
    else:
        return [case]
    return [piece for some in halves for piece in _pieces(some, room)]


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode()) + 2


def _ask(value: Any) -> Ask:
    index, seq, anyone = value
    if type(index) is not int or type(seq) is not int or not isinstance(anyone, bool):
        raise BadBody("What is asked for is in no known form.")
    if index < 0 or seq < 1:
        raise BadBody("What is asked for is in no known form.")
    return Ask(index, seq, anyone)


def _copy(found: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    case, reply = found.get("case"), found.get("reply")
    if case is None and reply is None:
        return None
    unhex(case, 32)
    if not isinstance(case, str) or not isinstance(reply, dict):
        raise BadBody("A copy of an answer is in no known form.")
    return case, reply


def _holds(values: list[Any]) -> tuple[tuple[str, bytes], ...]:
    found = []
    for value in values:
        day, pieces = value
        data = unb64u(pieces)
        if not isinstance(day, str) or not _DAY.match(day) or len(data) % HELD_BYTES:
            raise BadBody("What is held is in no known form.")
        found.append((day, data))
    if sum(len(data) for _, data in found) > HOLDS_MAX * HELD_BYTES:
        raise BadBody("A body tells of too many messages.")
    return tuple(found)


def _part(value: Any) -> Part | None:
    if value is None:
        return None
    snapshot, place, count, data = value
    unhex(snapshot, 16)
    if type(place) is not int or type(count) is not int or not 0 <= place < count <= PARTS_MAX:
        raise BadBody("A part of a snapshot has no place.")
    return Part(snapshot, place, count, unb64u(data))
