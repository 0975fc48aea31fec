"""Pages challenges, answers, work."""

import base64
import hashlib
import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tests.spec import ristretto
from tests.spec.stranger.basics import (
    Refused,
    Trace,
    hkdf,
    need,
)

# challenges, answers


def solve(rows: bytes, fetch_sk: bytes, line_id: bytes, trace: Trace | None = None) -> list[bytes]:
    need(len(rows) % 64 == 0, "length")
    found = []
    for at in range(0, len(rows), 64):
        try:
            shared = ristretto.multiply(fetch_sk, rows[at + 32 : at + 64])
            key = hkdf(shared, "quietline-challenge-v1", line_id, 32)
            found.append(ChaCha20Poly1305(key).decrypt(bytes(12), rows[at : at + 32], b""))
            if trace is not None:
                trace |= {"r·Z": shared, "key": key}
        except (ValueError, InvalidTag):
            continue
    return found


def is_mine(envelope: bytes, fetch_sk: bytes) -> bool:
    try:
        return ristretto.multiply(fetch_sk, envelope[:32]) == envelope[32:64]
    except ValueError:
        return False


# work


def answer_to(challenge: bytes) -> str:
    outer = json.loads(challenge)
    what = outer["parameters"]
    known = (what["algorithm"], what["keyLength"]) == ("PBKDF2/SHA-256", 32)
    need(known and 1 <= what["cost"] <= 100_000, "bad-work")
    need(1 <= what["data"]["most"] <= 10_000_000, "bad-work")
    need(1 <= what["data"]["uses"] <= 4_096, "bad-work")
    nonce, salt = bytes.fromhex(what["nonce"]), bytes.fromhex(what["salt"])
    for counter in range(what["data"]["most"]):
        password = nonce + counter.to_bytes(4)
        key = hashlib.pbkdf2_hmac("sha256", password, salt, what["cost"], 32).hex()
        if key.startswith(what["keyPrefix"]):
            answer = {"challenge": outer, "solution": {"counter": counter, "derivedKey": key}}
            return base64.b64encode(json.dumps(answer).encode()).decode()
    raise Refused("no answer")
