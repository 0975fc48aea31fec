"""One step of a desk's shared work, signed by its author (spec: team). Private side.

The bytes that were signed are kept and passed on as they came: whoever asks for them again gets
the same ones, and only they are ever parsed. What changes mean is the console's
(app.console.rules).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from app.protocol.encoding import b64u, json_bytes, read_json, unb64u, unhex
from app.protocol.errors import BadBody, NewerBody, ProtocolError
from app.protocol.identities import sign, verify_key
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_OPERATION, verify

VERSION = 1
OPERATION_MAX = 8_192
"""Bytes of one operation: with its signature it always fits into a body beside the heads."""

NO_HASH = bytes(32)
"""What the first operation of an author names as the one before."""

SEQUENCE_MAX = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """The last operation of a member, by index in the directory, that a member has seen."""

    index: int
    seq: int
    hash: bytes

    def to_json(self) -> list[Any]:
        """Return the JSON form, [index, seq, hex 32]."""
        return [self.index, self.seq, self.hash.hex()]

    @classmethod
    def from_json(cls, value: object) -> Seen:
        """Read the JSON form. Raises BadBody."""
        if not isinstance(value, list) or len(value) != 3:
            raise BadBody("A head is not three things.")
        index, seq = value[0], value[1]
        if type(index) is not int or type(seq) is not int or index < 0 or seq < 0:
            raise BadBody("A head has an impossible number.")
        return cls(index, seq, unhex(value[2], 32))


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, verified or just made.

    ``raw`` are the signed bytes, ``clock`` is Unix seconds and a counter (hybrid logical clock),
    ``directory`` is SHA-256 of the author's directory.
    """

    desk: str
    author: bytes
    seq: int
    previous: bytes
    heads: tuple[Seen, ...]
    directory: bytes
    clock: tuple[int, int]
    changes: tuple[dict[str, Any], ...]
    raw: bytes
    signature: bytes

    @property
    def hash(self) -> bytes:
        """SHA-256 of the signed bytes, 32 bytes: what the author's next one names."""
        return hashlib.sha256(self.raw).digest()

    def to_json(self) -> list[str]:
        """Return how a body carries it: [b64u of the bytes, b64u of the signature]."""
        return [b64u(self.raw), b64u(self.signature)]


def write_operation(
    seed: Secret,
    line_id: bytes,
    *,
    desk: str,
    seq: int,
    previous: bytes,
    heads: tuple[Seen, ...],
    directory: bytes,
    clock: tuple[int, int],
    changes: tuple[dict[str, Any], ...],
) -> Operation:
    """Make and sign an operation. Raises BadBody if it has more than 8,192 bytes."""
    author = verify_key(seed)
    raw = json_bytes(
        {
            "v": VERSION,
            "desk": desk,
            "author": b64u(author),
            "seq": seq,
            "previous": previous.hex(),
            "heads": [one.to_json() for one in heads],
            "directory": directory.hex(),
            "clock": list(clock),
            "changes": list(changes),
        }
    )
    if len(raw) > OPERATION_MAX:
        raise BadBody(f"An operation holds at most {OPERATION_MAX} bytes, not {len(raw)}.")
    signature = sign(seed, TAG_OPERATION, line_id + raw)
    return Operation(
        desk, author, seq, previous, heads, directory, clock, changes, raw, signature
    )  # fmt: skip


def open_operation(value: object, line_id: bytes) -> Operation:
    """Read and verify what a body carries. Whether the author may write is for the caller.

    Raises BadSignature, NewerBody for another ``v``, and BadBody.
    """
    if not isinstance(value, list) or len(value) != 2:
        raise BadBody("An operation is not two texts.")
    raw, signature = unb64u(value[0]), unb64u(value[1], 64)
    if len(raw) > OPERATION_MAX:
        raise BadBody("An operation is too long.")
    try:
        found = read_json(raw)
        if not isinstance(found, dict) or type(found.get("v")) is not int:
            raise BadBody("An operation does not say of what version it is.")
        author = unb64u(found.get("author"), 32)
    except ProtocolError as error:
        raise BadBody("An operation is not in its form.") from error
    verify(TAG_OPERATION, author, line_id + raw, signature)
    if found["v"] != VERSION:
        raise NewerBody("An operation is of a version this program does not know.")
    try:
        return Operation(
            desk=_text(found["desk"]),
            author=author,
            seq=_number(found["seq"], 1),
            previous=unhex(found["previous"], 32),
            heads=tuple(Seen.from_json(one) for one in _list(found["heads"])),
            directory=unhex(found["directory"], 32),
            clock=_clock(found["clock"]),
            changes=tuple(_change(one) for one in _list(found["changes"])),
            raw=raw,
            signature=signature,
        )
    except (KeyError, ProtocolError) as error:
        raise BadBody("An operation is not in its form.") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadBody("A text is expected.")
    return value


def _number(value: object, least: int) -> int:
    if type(value) is not int or not least <= value <= SEQUENCE_MAX:
        raise BadBody("A number is out of its bounds.")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise BadBody("A list is expected.")
    return value


def _clock(value: object) -> tuple[int, int]:
    both = _list(value)
    if len(both) != 2:
        raise BadBody("A clock has two numbers.")
    return _number(both[0], 0), _number(both[1], 0)


def _change(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadBody("A change is an object.")
    return value
