"""Those one can write to, by their public keys alone (spec: identities)."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from app.protocol.errors import BadPoint, WrongLength
from app.protocol.group import check_point
from app.protocol.line import Line
from app.protocol.signatures import TAG_LONG_TERM_KEYS, verify
from app.protocol.wire import MLKEM_PUBLIC_BYTES, Bundle

ENROLMENT_LABEL = b"quietline-enrolment-v2"
_ANY_SCALAR = X25519PrivateKey.from_private_bytes(bytes(32))
"""No secret: any clamped scalar takes a point of small order to zero."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The four public keys an envelope is sealed to: 32, 32, 1,184 and 1,216 bytes."""

    fetch: bytes
    dh: bytes
    mlkem: bytes
    xwing: bytes


@dataclass(frozen=True, slots=True)
class Investigator:
    """An enrolled key set: one machine of one person, as the directory lists it."""

    vk: bytes
    dh: bytes
    mlkem: bytes
    fetch: bytes
    signature: bytes
    label: str
    status: str = "active"
    left: dt.date | None = None
    """The day on which a ``former`` one left, None for all others."""

    def key_message(self) -> bytes:
        """Return what ``j-sig-ltk`` signs: dh 32, ml-kem 1,184, fetch 32."""
        return self.dh + self.mlkem + self.fetch

    def verify(self) -> None:
        """Check lengths, the fetch point and the signature over the keys.

        Raises WrongLength, BadPoint, BadSignature.
        """
        if (len(self.dh), len(self.mlkem)) != (32, MLKEM_PUBLIC_BYTES):
            raise WrongLength("An investigator's keys have the wrong length.")
        check_point(self.fetch)
        verify(TAG_LONG_TERM_KEYS, self.vk, self.key_message(), self.signature)

    def fingerprint(self, line: Line) -> bytes:
        """Return 16 bytes that two people compare as twelve words (spec: identities, enrolment).

        They bind the keys, the label and all that line.json says: whoever compares them finds that
        any of it was swapped on its way.
        """
        said = (self.label, line.name, line.server, line.onion or "", line.investigators or "")
        texts = b"".join(len(text.encode()).to_bytes(2) + text.encode() for text in said)
        bound = self.vk + self.key_message() + line.line_id + texts
        return hashlib.sha256(ENROLMENT_LABEL + bound).digest()[:16]

    def recipient(self, bundle: Bundle) -> Recipient:
        """Join the long-term fetch key with a bundle's one-window keys."""
        return Recipient(self.fetch, bundle.dh, bundle.mlkem, bundle.xwing)


def check_encryption_keys(dh: bytes, mlkem: bytes) -> None:
    """Refuse public keys that nobody could be written to with: one such record silences a line.

    Raises BadPoint for an X25519 key of small order (RFC 7748, 6.1) and for an ML-KEM key that does
    not pass FIPS 203's check of the encapsulation key (7.2).
    """
    try:
        MLKEM768PublicKey.from_public_bytes(mlkem)
        _ANY_SCALAR.exchange(X25519PublicKey.from_public_bytes(dh))
    except ValueError as error:
        raise BadPoint("An encryption key is not a valid key.") from error
