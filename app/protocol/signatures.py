"""Ed25519 signatures with a domain tag each (spec: signatures). Public side: verifying only.

What is signed is ``u8(len(tag)) ‖ tag ‖ message``, so no signature can be taken for one of another
kind.
"""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from app.protocol.errors import BadSignature

TAG_LONG_TERM_KEYS = b"j-sig-ltk"
TAG_BUNDLE = b"j-sig-eph-w1"
TAG_DIRECTORY = b"nr-directory-v1"
TAG_ROOT = b"nr-root-v1"
TAG_SITE = b"nr-site-v1"
TAG_ENTRY = b"nr-entry-v1"
TAG_REVIEW = b"nr-review-v1"
TAG_OPERATION = b"j-sig-op-v1"
TAG_LETTER = b"j-sig-letter-v1"
TAG_LETTER_PROOF = b"letter-proof-v1"
TAG_EXPORT = b"j-sig-export-v1"
TAG_INVITATION = b"j-sig-invitation-v1"

VERIFY_KEY_BYTES = 32
SIGNATURE_BYTES = 64


def tagged(tag: bytes, message: bytes) -> bytes:
    """Return the bytes that are signed: one length byte, the tag, the message."""
    return bytes([len(tag)]) + tag + message


def verify(tag: bytes, verify_key: bytes, message: bytes, signature: bytes) -> None:
    """Accept a 64-byte Ed25519 signature (RFC 8032) by a 32-byte key; else raise BadSignature."""
    if len(verify_key) != VERIFY_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        raise BadSignature("A signature or its key has the wrong length.")
    try:
        VerifyKey(verify_key).verify(tagged(tag, message), signature)
    except BadSignatureError as error:
        raise BadSignature(f"A signature of kind {tag.decode()} does not verify.") from error
