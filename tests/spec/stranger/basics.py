"""README: notation."""

import base64
import hmac

ENVELOPE, PIECE, CHUNK, BODY_MAX = 19_936, 262_128, 262_144, 15_132
Trace = dict[str, bytes]


class Refused(Exception):
    """The specification says to refuse this."""


def need(good: object, why: str) -> None:
    if not good:
        raise Refused(why)


# README: notation


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64u(text: str) -> bytes:
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(b64u(data) == text, "not canonical")
    return data


def extract(salt: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), ikm, "sha256")


def expand(prk: bytes, info: bytes, size: int) -> bytes:
    out = block = b""
    while len(out) < size:
        block = hmac.digest(prk, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:size]


def hkdf(ikm: bytes, salt: str, info: bytes, size: int) -> bytes:
    return expand(extract(salt.encode(), ikm), info, size)
