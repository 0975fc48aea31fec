"""Pages receipt, identities, signatures."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from tests.spec import ristretto
from tests.spec.stranger.basics import Refused, hkdf, need, unb64u

# receipt


def indexes(mk: bytes) -> list[int]:
    bits = f"{int.from_bytes(mk):0128b}" + f"{hashlib.sha256(mk).digest()[0]:08b}"[:4]
    return [int(bits[at : at + 11], 2) for at in range(0, 132, 11)]


def numbers(mk: bytes) -> str:
    return " ".join(f"{index + 1:04d}" for index in indexes(mk))


def read_numbers(text: str) -> bytes:
    bits = "".join(f"{int(number) - 1:011b}" for number in text.split())
    mk = int(bits[:128], 2).to_bytes(16)
    need(numbers(mk) == text, "the checksum fails")
    return mk


# identities


def clamp(scalar: bytes) -> bytes:
    return bytes([scalar[0] & 248]) + scalar[1:31] + bytes([scalar[31] & 127 | 64])


def mlkem(seed: bytes) -> MLKEM768PrivateKey:
    return MLKEM768PrivateKey.from_seed_bytes(seed)


def x25519_public(scalar: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw()


def x25519(scalar: bytes, public: bytes) -> bytes:
    private = X25519PrivateKey.from_private_bytes(scalar)
    return private.exchange(X25519PublicKey.from_public_bytes(public))


@dataclass
class Keys:
    """All private keys of a reporter, and the public ones as a recipient has them."""

    mk: bytes
    fetch_sk: bytes = field(init=False)
    dh_sk: bytes = field(init=False)
    mlkem_seed: bytes = field(init=False)
    xwing_seed: bytes = field(init=False)

    def __post_init__(self) -> None:
        def derive(info: bytes, size: int) -> bytes:
            return hkdf(self.mk, "securedrop-source-v1", info, size)

        self.fetch_sk = ristretto.reduce(derive(b"sourcefetchkey", 64))
        self.dh_sk = clamp(derive(b"sourceAPKEkey-dh", 32))
        self.mlkem_seed = derive(b"sourceAPKEkey-mlkem", 64)
        self.xwing_seed = derive(b"sourcePKEkey", 32)

    def public(self) -> dict[str, bytes]:
        xwing_mlkem, xwing_dh = xwing_private(self.xwing_seed)
        return {
            "fetch": ristretto.multiply(self.fetch_sk, ristretto.BASE),
            "dh": x25519_public(self.dh_sk),
            "mlkem": mlkem(self.mlkem_seed).public_key().public_bytes_raw(),
            "xwing": xwing_mlkem.public_key().public_bytes_raw() + x25519_public(xwing_dh),
        }


def xwing_private(seed: bytes) -> tuple[MLKEM768PrivateKey, bytes]:
    wide = hashlib.shake_256(seed).digest(96)
    return mlkem(wide[:64]), wide[64:]


def fingerprint(keys: tuple[bytes, bytes, bytes, bytes], label: str, line: dict[str, Any]) -> bytes:
    """Enrolment: of vk, dh, mlkem and fetch, with the label, for the line of a line.json."""
    said = [label, line["name"], line["server"], line["onion"], line.get("investigators")]
    texts = [(text or "").encode() for text in said]
    bound = b"".join([*keys, unb64u(line["line_id"])])
    bound += b"".join(len(text).to_bytes(2) + text for text in texts)
    return hashlib.sha256(b"quietline-enrolment-v2" + bound).digest()[:16]


# signatures


def verify(tag: str, vk: bytes, message: bytes, signature: bytes) -> None:
    try:
        signed = bytes([len(tag)]) + tag.encode() + message
        Ed25519PublicKey.from_public_bytes(vk).verify(signature, signed)
    except (InvalidSignature, ValueError):
        raise Refused(f"bad signature {tag}") from None
