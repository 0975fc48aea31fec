"""HPKE (RFC 9180) in the two modes of QL1 (spec: envelope). Private side.

AuthPSK over DHKEM(X25519, HKDF-SHA256) is composed here from primitives, since the library offers
Base mode only; Base over X-Wing is the library's own. Both: HKDF-SHA256, ChaCha20Poly1305, one
message per context (sequence number 0).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from app.protocol.errors import CannotOpen
from app.protocol.group import Rng
from app.protocol.secrets import Secret
from app.protocol.wire import MLKEM_PUBLIC_BYTES

PSK_ID = b"SD-pskAPKE"

_VERSION = b"HPKE-v1"
_KEM_ID = b"\x00\x20"  # DHKEM(X25519, HKDF-SHA256)
_KEM_SUITE = b"KEM" + _KEM_ID
_SUITE = b"HPKE" + _KEM_ID + b"\x00\x01" + b"\x00\x03"  # HKDF-SHA256, ChaCha20Poly1305
_MODE_AUTH_PSK = b"\x03"


@dataclass(frozen=True, slots=True)
class Psk:
    """What binds the second key encapsulation to the first: its key and the info string."""

    key: bytes
    info: bytes


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), _VERSION + suite + label + ikm, "sha256")


def _labeled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2) + _VERSION + suite + label + info
    return HKDFExpand(algorithm=SHA256(), length=length, info=labeled).derive(prk)


def _key_and_nonce(dh: bytes, kem_context: bytes, psk: Psk) -> tuple[bytes, bytes]:
    """Return key and nonce: RFC 9180, 4.1 ExtractAndExpand and 5.1 KeySchedule (auth_psk)."""
    prk = _labeled_extract(_KEM_SUITE, b"", b"eae_prk", dh)
    shared = _labeled_expand(_KEM_SUITE, prk, b"shared_secret", kem_context, 32)
    psk_id_hash = _labeled_extract(_SUITE, b"", b"psk_id_hash", PSK_ID)
    info_hash = _labeled_extract(_SUITE, b"", b"info_hash", psk.info)
    context = _MODE_AUTH_PSK + psk_id_hash + info_hash
    secret = _labeled_extract(_SUITE, shared, b"secret", psk.key)
    return (
        _labeled_expand(_SUITE, secret, b"key", context, 32),
        _labeled_expand(_SUITE, secret, b"base_nonce", context, 12),
    )


def seal_auth_psk(
    sender: X25519PrivateKey, recipient: bytes, psk: Psk, aad: bytes, plaintext: bytes, rng: Rng
) -> tuple[bytes, bytes]:
    """Return enc (32 bytes) and the ciphertext (plaintext + 16 bytes).

    Raises CannotOpen if the recipient's 32-byte key is of small order.
    """
    ephemeral = X25519PrivateKey.from_private_bytes(rng(32))
    enc = ephemeral.public_key().public_bytes_raw()
    try:
        pk = X25519PublicKey.from_public_bytes(recipient)
        dh = ephemeral.exchange(pk) + sender.exchange(pk)
    except ValueError as error:
        raise CannotOpen("A recipient's key is not usable.") from error
    context = enc + recipient + sender.public_key().public_bytes_raw()
    key, nonce = _key_and_nonce(dh, context, psk)
    return enc, ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)


def open_auth_psk(
    recipient: X25519PrivateKey, sender: bytes, enc: bytes, psk: Psk, aad: bytes, ciphertext: bytes
) -> bytes:
    """Return the plaintext, authenticated by the sender's 32-byte key. Raises CannotOpen."""
    try:
        dh = recipient.exchange(X25519PublicKey.from_public_bytes(enc))
        dh += recipient.exchange(X25519PublicKey.from_public_bytes(sender))
        context = enc + recipient.public_key().public_bytes_raw() + sender
        key, nonce = _key_and_nonce(dh, context, psk)
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, aad)
    except (ValueError, InvalidTag) as error:
        raise CannotOpen("A message was not made for these keys, or was changed.") from error


def xwing_private(seed: Secret) -> MLKEM768X25519PrivateKey:
    """Expand a 32-byte X-Wing seed: SHAKE256(seed, 96) = ML-KEM seed 64 ‖ X25519 32."""
    expanded = hashlib.shake_256(seed.reveal()).digest(96)
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def xwing_public(seed: Secret) -> bytes:
    """Return the 1,216-byte X-Wing public key of a 32-byte seed: ML-KEM 1,184 ‖ X25519 32."""
    expanded = hashlib.shake_256(seed.reveal()).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key()
    dh = X25519PrivateKey.from_private_bytes(expanded[64:]).public_key()
    return mlkem.public_bytes_raw() + dh.public_bytes_raw()


def seal_xwing(recipient: bytes, plaintext: bytes) -> bytes:
    """Seal to a 1,216-byte X-Wing key: enc 1,120 ‖ ciphertext. Raises CannotOpen for a bad key.

    The library draws the randomness of the encapsulation itself.
    """
    try:
        public = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(recipient[:MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(recipient[MLKEM_PUBLIC_BYTES:]),
        )
        return _xwing_suite().encrypt(plaintext, public)
    except ValueError as error:
        raise CannotOpen("A recipient's key is not usable.") from error


def open_xwing(recipient: MLKEM768X25519PrivateKey, ciphertext: bytes) -> bytes:
    """Open what ``seal_xwing`` made. Raises CannotOpen."""
    try:
        return _xwing_suite().decrypt(ciphertext, recipient)
    except (ValueError, InvalidTag) as error:
        raise CannotOpen("A message was not made for these keys, or was changed.") from error


def _xwing_suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
