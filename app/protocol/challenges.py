"""The challenge set: how a recipient finds messages without asking for them (spec: challenges).

Made by the server from hints alone; solving one needs a fetch key and lives on the private side
(app.protocol.answers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.protocol import group
from app.protocol.errors import WrongLength
from app.protocol.group import Rng
from app.protocol.kdf import hkdf
from app.protocol.shuffle import shuffled
from app.protocol.wire import Hint

SALT = b"quietline-challenge-v1"
NONCE = bytes(12)  # every key seals exactly one id
ROW_BYTES = 64
MIN_ROWS = 1_024
MAX_ROWS = 16_384


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the sealed message id 32 ‖ the point Q 32."""

    sealed_id: bytes
    q: bytes


def row_key(shared: bytes, line_id: bytes) -> bytes:
    """Derive the 32-byte key of a row from r·Z (server) or fetch_sk·Q (recipient)."""
    return hkdf(shared, SALT, line_id, 32)


def build_row(message_id: bytes, hint: Hint, line_id: bytes, r: bytes) -> bytes:
    """Return a 64-byte row for a 16-byte id; ``r`` is a fresh scalar. Raises BadPoint."""
    q = group.multiply(r, hint.x)
    key = row_key(group.multiply(r, hint.z), line_id)
    return ChaCha20Poly1305(key).encrypt(NONCE, message_id, None) + q


def decoy_hint(rng: Rng) -> Hint:
    """Make the hint of a recipient who does not exist: nobody holds its key.

    One serves all decoys of a set, each with a random id and, like every row, a fresh ``r``: they
    are then rows of that recipient, made by ``build_row`` in the same time (challenges, 2).
    """
    point = group.base(group.random_scalar(rng))
    return Hint(point, group.base(group.random_scalar(rng)))


def set_size(messages: int) -> int:
    """Return the number of rows for so many messages: a power of two from 1,024 to 16,384.

    Raises WrongLength for more than 16,384 messages.
    """
    if messages > MAX_ROWS:
        raise WrongLength(f"A challenge set holds at most {MAX_ROWS} messages.")
    size = MIN_ROWS
    while size < messages:
        size *= 2
    return size


def assemble(rows: Sequence[bytes], rng: Rng) -> bytes:
    """Join an epoch's rows in a fresh random order (challenges, 3).

    Raises WrongLength unless their number is one that ``set_size`` gives.
    """
    if len(rows) != set_size(len(rows)):
        raise WrongLength("A challenge set has a power of two of rows, at least 1,024.")
    return b"".join(shuffled(rows, rng))


def parse_set(data: bytes) -> list[Row]:
    """Split a set into rows. Raises WrongLength unless it is a multiple of 64 bytes.

    Points are checked by whoever multiplies them.
    """
    if len(data) % ROW_BYTES:
        raise WrongLength("A challenge set is not a whole number of rows.")
    starts = range(0, len(data), ROW_BYTES)
    return [Row(data[at : at + 32], data[at + 32 : at + ROW_BYTES]) for at in starts]
