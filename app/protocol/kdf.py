"""HKDF-SHA256 (RFC 5869), the one key derivation of QL1 outside HPKE. Public: it holds no key."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Return ``length`` bytes of HKDF-SHA256(ikm, salt, info)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(ikm)
