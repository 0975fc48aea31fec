"""A cooperation letter, from its holder's side (spec: letter). Private side.

The key of a letter, what a verifier asks, the proof that answers it. Never here: the letter itself,
which is the agency's, and who keeps or releases it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from app.protocol.encoding import b64u, json_bytes, read_json, unb64u, unhex
from app.protocol.errors import BadProof, BadSignature, ProtocolError
from app.protocol.identities import sign, verify_key
from app.protocol.kdf import hkdf
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_LETTER_PROOF, verify

SALT = b"quietline-letter-v1"
VERSION = 1
REQUEST, PROOF = "letter-proof-request", "letter-proof"
NONCE_BYTES = 16
VERIFIER_BYTES_MAX = 200
LETTERS_MAX = 500


def letter_seed(entropy: Secret, nonce: bytes) -> Secret:
    """Derive the 32-byte Ed25519 seed from the receipt code's 16 bytes and a 16-byte nonce."""
    return Secret(hkdf(entropy.reveal(), SALT, nonce, 32))


def letter_public(entropy: Secret, nonce: bytes) -> bytes:
    """Return the 32-byte public key that a letter names."""
    return verify_key(letter_seed(entropy, nonce))


@dataclass(frozen=True, slots=True)
class LetterRef:
    """A letter as a verifier names it: its ``n`` (16 bytes), ``pk`` (32), SHA-256 (32)."""

    n: bytes
    pk: bytes
    letter: bytes


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """What a verifier asks: whose are these letters? ``nonce`` is theirs, 16 random bytes."""

    verifier: str
    nonce: bytes
    letters: tuple[LetterRef, ...]

    def to_text(self) -> str:
        """Return the text that the holder pastes. Raises BadProof for what nobody would read."""
        letters = [
            {"n": one.n.hex(), "pk": one.pk.hex(), "letter": one.letter.hex()}
            for one in self.letters
        ]
        fields = {"verifier": self.verifier, "nonce": self.nonce.hex(), "letters": letters}
        text = b64u(json_bytes({"v": VERSION, "kind": REQUEST, **fields}))
        ProofRequest.from_text(text)
        return text

    @classmethod
    def from_text(cls, text: str) -> ProofRequest:
        """Read such a text; white space in it does not matter. Raises BadProof."""
        value = _read(text, REQUEST)
        verifier, letters = value.get("verifier"), value.get("letters")
        if not isinstance(verifier, str) or not verifier.strip() or not _printable(verifier):
            raise BadProof("The request for a proof does not say who asks.")
        if len(verifier.encode()) > VERIFIER_BYTES_MAX:
            raise BadProof(f"A verifier's name has at most {VERIFIER_BYTES_MAX} bytes.")
        if not isinstance(letters, list) or not 1 <= len(letters) <= LETTERS_MAX:
            raise BadProof(f"A request for a proof names 1 to {LETTERS_MAX} letters.")
        try:
            nonce = unhex(value.get("nonce"), NONCE_BYTES)
            return cls(verifier, nonce, tuple(_letter_ref(one) for one in letters))
        except ProtocolError as error:
            raise BadProof("The request for a proof is damaged.") from error


def prove(entropy: Secret, request: ProofRequest) -> str | None:
    """Return the proof, a text for the verifier; None if none of the letters is this code's."""
    for one in request.letters:
        seed = letter_seed(entropy, one.n)
        if verify_key(seed) != one.pk:
            continue
        message = proof_message(one.letter, request.verifier, request.nonce)
        signature = sign(seed, TAG_LETTER_PROOF, message)
        proof = {"letter": one.letter.hex(), "pk": one.pk.hex(), "signature": signature.hex()}
        return b64u(json_bytes({"v": VERSION, "kind": PROOF, **proof}))
    return None


def check_proof(text: str, request: ProofRequest) -> LetterRef:
    """Return the letter of the request that the proof is for.

    Raises BadProof for what is no proof, BadSignature for one that proves nothing: for another
    letter, verifier or nonce.
    """
    value = _read(text, PROOF)
    try:
        letter, pk = unhex(value.get("letter"), 32), unhex(value.get("pk"), 32)
        signature = unhex(value.get("signature"), 64)
    except ProtocolError as error:
        raise BadProof("The proof is damaged.") from error
    for one in request.letters:
        if (one.letter, one.pk) == (letter, pk):
            message = proof_message(letter, request.verifier, request.nonce)
            verify(TAG_LETTER_PROOF, pk, message, signature)
            return one
    raise BadSignature("The proof is for a letter that was not asked for.")


def proof_message(letter: bytes, verifier: str, nonce: bytes) -> bytes:
    """Return what is signed: SHA-256 of the letter ‖ the verifier's name ‖ their nonce.

    The nonce's length is fixed, so where the name ends is never in doubt.
    """
    return letter + verifier.encode() + nonce


def _read(text: str, kind: str) -> dict[str, object]:
    try:
        value = read_json(unb64u("".join(text.split())))
    except ProtocolError as error:
        raise BadProof(f"This is no {kind.replace('-', ' ')}.") from error
    if not isinstance(value, dict) or value.get("v") != VERSION or value.get("kind") != kind:
        raise BadProof(f"This is no {kind.replace('-', ' ')}.")
    return value


def _letter_ref(value: object) -> LetterRef:
    one = value if isinstance(value, dict) else {}
    sizes = (("n", 16), ("pk", 32), ("letter", 32))
    return LetterRef(*(unhex(one.get(name), size) for name, size in sizes))


def _printable(text: str) -> bool:
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)
