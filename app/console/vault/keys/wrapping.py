"""The vault's key under another key: XChaCha20-Poly1305 (libsodium). Pure but for randomness.

What opens it is derived from a passphrase (Argon2id, ``header``) or from a recovery code of 128
random bits (HKDF-SHA256, here); the purpose is authenticated, so that neither stands for the other.
"""

from collections.abc import Callable

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from app.protocol.kdf import hkdf
from app.protocol.secrets import Secret

KEY_BYTES = 32
WRAPPED_BYTES = Aead.NONCE_SIZE + KEY_BYTES + Aead.MACBYTES
"""24 nonce ‖ 32 ciphertext ‖ 16 tag."""

PASSPHRASE, RECOVERY = b"quietline-vault-passphrase-v1", b"quietline-vault-recovery-v1"


def wrap(key: Secret, under: Secret, purpose: bytes, rng: Callable[[int], bytes]) -> bytes:
    """Return 72 bytes that give the 32-byte ``key`` back to who has ``under`` (32 bytes)."""
    sealed = Aead(under.reveal()).encrypt(key.reveal(), purpose, rng(Aead.NONCE_SIZE))
    return bytes(sealed)


def unwrap(wrapped: bytes, under: Secret, purpose: bytes) -> Secret | None:
    """Return the key, or None if ``under`` is another one than it was wrapped with."""
    try:
        return Secret(Aead(under.reveal()).decrypt(wrapped, purpose))
    except CryptoError:
        return None


def recovery_key(code: Secret, salt: bytes) -> Secret:
    """Return 32 bytes out of a code's 16; not stretched: 128 random bits are not guessed."""
    return Secret(hkdf(code.reveal(), salt, RECOVERY, KEY_BYTES))
