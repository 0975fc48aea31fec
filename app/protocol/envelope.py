"""The one message: 19,936 bytes, whatever it holds (spec: envelope). Private side.

Sealing and opening one envelope; a whole send is a batch (app.protocol.batch).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey

from app.protocol import group, hpke
from app.protocol.errors import BadBody, BadPoint, CannotOpen
from app.protocol.group import Rng
from app.protocol.identities import Opener, Sender
from app.protocol.recipients import Recipient
from app.protocol.wire import (
    BODY_MAX,
    PLAINTEXT_BYTES,
    PLAINTEXT_HEADER_BYTES,
    X25519_BYTES,
    XWING_PUBLIC_BYTES,
    Envelope,
    Hint,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened message: the body, and the sender's four public keys.

    ``sender.xwing`` is zeros when an investigator wrote.
    """

    body: bytes
    sender: Recipient

    @property
    def sender_keys(self) -> bytes:
        """The 1,216 authenticated bytes dh ‖ ml-kem that tell senders apart."""
        return self.sender.dh + self.sender.mlkem


def seal(sender: Sender, recipient: Recipient, body: bytes, line_id: bytes, rng: Rng) -> bytes:
    """Seal a body of at most 15,132 bytes; return 19,936 bytes.

    Raises BadBody if it is longer, CannotOpen if the recipient's keys are not usable, BadPoint
    if its fetch key is not. ML-KEM draws its randomness inside the library, all else from ``rng``.
    """
    if len(body) > BODY_MAX:
        raise BadBody(f"A message holds at most {BODY_MAX} bytes, not {len(body)}.")
    plaintext = sender.fetch + sender.xwing + len(body).to_bytes(4) + body
    plaintext += bytes(PLAINTEXT_BYTES - len(plaintext))
    group.check_point(recipient.fetch)
    try:
        k2, c2 = MLKEM768PublicKey.from_public_bytes(recipient.mlkem).encapsulate()
    except ValueError as error:
        raise CannotOpen("A recipient's key is not usable.") from error
    psk = hpke.Psk(k2, c2 + recipient.fetch + sender.mlkem)
    c1, cp = hpke.seal_auth_psk(sender.dh_private, recipient.dh, psk, line_id, plaintext, rng)
    pke = hpke.seal_xwing(recipient.xwing, sender.dh + sender.mlkem)
    x = group.random_scalar(rng)
    hint = Hint(group.base(x), group.multiply(x, recipient.fetch))
    return Envelope(hint, c2, c1, cp, pke).serialise()


def open_envelope(data: bytes, opener: Opener, line_id: bytes) -> Opened:
    """Open 19,936 bytes with one set of keys.

    Raises WrongLength or BadPoint for what is no envelope, CannotOpen for one that was not made
    for these keys, was changed, or breaks the padding rules.
    """
    envelope = Envelope.parse(data)
    keys = hpke.open_xwing(opener.xwing_private, envelope.pke)
    dh, mlkem = keys[:X25519_BYTES], keys[X25519_BYTES:]
    try:
        k2 = opener.mlkem_private.decapsulate(envelope.c2)
    except ValueError as error:
        raise CannotOpen("A message was changed.") from error
    psk = hpke.Psk(k2, envelope.c2 + opener.fetch + mlkem)
    plaintext = hpke.open_auth_psk(opener.dh_private, dh, envelope.c1, psk, line_id, envelope.cp)
    fetch, xwing = plaintext[:32], plaintext[32 : 32 + XWING_PUBLIC_BYTES]
    length = int.from_bytes(plaintext[PLAINTEXT_HEADER_BYTES - 4 : PLAINTEXT_HEADER_BYTES])
    rest = plaintext[PLAINTEXT_HEADER_BYTES:]
    if length > BODY_MAX or any(rest[length:]):  # one spelling only
        raise CannotOpen("A message's padding is not as it must be.")
    try:
        group.check_point(fetch)  # an answer's hint will be made with it
    except BadPoint as error:
        raise CannotOpen("A message's sender cannot be answered.") from error
    return Opened(rest[:length], Recipient(fetch, dh, mlkem, xwing))


def open_any(data: bytes, openers: Iterable[Opener], line_id: bytes) -> tuple[int, Opened]:
    """Try several sets of keys; return the position of the one that opened, and the message.

    Raises as ``open_envelope``.
    """
    Envelope.parse(data)
    for position, opener in enumerate(openers):
        try:
            return position, open_envelope(data, opener, line_id)
        except CannotOpen:
            continue
    raise CannotOpen("A message was not made for any of these keys, or was changed.")
