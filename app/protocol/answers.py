"""Solving a challenge set: which messages are mine (spec: challenges, answers). Private side."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.protocol import group
from app.protocol.challenges import NONCE, parse_set, row_key
from app.protocol.errors import BadPoint
from app.protocol.secrets import Secret
from app.protocol.wire import check_envelope


def solve(
    challenge_set: bytes,
    fetch_sk: Secret,
    line_id: bytes,
    progress: Callable[[int, int], None] | None = None,
) -> list[bytes]:
    """Return the 16-byte ids of the rows made for this fetch key, in the set's order.

    ``progress`` is told rows done and rows in all. A row whose point is the identity or is not
    canonical is no reader's. Raises WrongLength if the set is not whole rows.
    """
    rows = parse_set(challenge_set)
    scalar = fetch_sk.reveal()
    found = []
    for done, row in enumerate(rows, 1):
        try:
            group.check_point(row.q)
            key = row_key(group.multiply(scalar, row.q), line_id)
            found.append(ChaCha20Poly1305(key).decrypt(NONCE, row.sealed_id, None))
        except (BadPoint, InvalidTag):
            pass
        if progress and (done % 256 == 0 or done == len(rows)):
            progress(done, len(rows))
    return found


def is_for(envelope: bytes, fetch_sk: Secret) -> bool:
    """Say whether an envelope's hint is ours: Z = fetch_sk·X (challenges, 6).

    An answer to an unknown id is random bytes; this is how a client knows. False, too, for what
    is no envelope.
    """
    try:
        hint = check_envelope(envelope)
        return group.multiply(fetch_sk.reveal(), hint.x) == hint.z
    except (BadPoint, ValueError):
        return False
