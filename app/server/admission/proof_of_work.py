"""Proof of work: challenges that carry their own proof of origin, so none is kept (spec: work).

ALTCHA v2 with PBKDF2/SHA-256, which WebCrypto computes as fast without JIT as with it. The counter
to be found is below ``most``, so the work is never more than so many derivations; the key that it
leads to is signed, so checking an answer costs three HMACs and no derivation.

A challenge is what ALTCHA's library makes, and is taken where its library takes it (tests ask
both); it holds strings and small whole numbers alone, which Python's own JSON spells as JavaScript
would. Ours draws the counter by a keyed hash of the nonce, so that the one in an answer can be
checked as well.
"""

from __future__ import annotations

import binascii
import hmac
import json
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from app.protocol.encoding import json_bytes, unhex
from app.protocol.errors import ProtocolError
from app.protocol.group import Rng
from app.protocol.work import ALGORITHM, HEADER_MAX, derive

COST = 2_000
"""PBKDF2 iterations of one derivation: what making a challenge costs the server (0.3 ms)."""
_SEED_BYTES = 16


class BadProof(Exception):
    """The header is no answer to a challenge of ours."""


class ExpiredProof(Exception):
    """The answer is right, but too late."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a challenge is for, and how hard it is."""

    buys: str
    """``BATCH`` or ``FILES`` (protocol's ``work``)."""
    uses: int
    most: int
    """Derivations that it takes at the most."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An answered challenge: its nonce 16 bytes, when it expires, and who keeps count of it."""

    nonce: bytes
    expires: int
    """Unix seconds."""
    keeper: str
    terms: Terms


class Issuer:
    """Makes challenges and checks answers with one 32-byte key."""

    def __init__(self, key: bytes, rng: Rng) -> None:
        self._challenge_key = b"challenge" + key
        self._answer_key = b"answer" + key
        self._counter_key = b"counter" + key
        self._rng = rng

    def issue(self, terms: Terms, *, expires: int, seconds: int, keeper: str) -> bytes:
        """Return a challenge (JSON) on these terms.

        ``expires`` is in Unix seconds, ``seconds`` the same from now, for clients whose clock is
        wrong; ``keeper`` names who will keep count of it.
        """
        nonce, salt = self._rng(_SEED_BYTES), self._rng(_SEED_BYTES)
        key = derive(nonce, salt, self._counter(nonce, terms.most), COST)
        parameters = {
            "algorithm": ALGORITHM,
            "cost": COST,
            # Not ALTCHA's own expiry, which is judged by the system's clock and not by ours.
            "data": {
                "buys": terms.buys,
                "expires": expires,
                "keeper": keeper,
                "most": terms.most,
                "seconds": seconds,
                "uses": terms.uses,
            },
            "keyLength": len(key),
            "keyPrefix": key[: len(key) // 2].hex(),
            "keySignature": _signature(self._answer_key, key),
            "nonce": nonce.hex(),
            "salt": salt.hex(),
        }
        signature = _signature(self._challenge_key, json_bytes(parameters))
        return json_bytes({"parameters": parameters, "signature": signature})

    def check(self, header: str, now: float) -> Proof:
        """Return the proof in a ``Quietline-Work`` header. Raises BadProof, ExpiredProof."""
        parameters, signature, counter, found = _parse(header)
        # Whatever was changed, left out or added spells another text, which was not signed here.
        if not _is_signed(self._challenge_key, _spelt(parameters), signature):
            raise BadProof
        if not _is_signed(self._answer_key, found, parameters["keySignature"]):
            raise BadProof
        data, nonce = parameters["data"], bytes.fromhex(parameters["nonce"])
        terms = Terms(str(data["buys"]), int(data["uses"]), int(data["most"]))
        if counter != self._counter(nonce, terms.most):
            raise BadProof
        proof = Proof(nonce, int(data["expires"]), str(data["keeper"]), terms)
        if proof.expires <= now:
            raise ExpiredProof
        return proof

    def _counter(self, nonce: bytes, most: int) -> int:
        """Return the counter to be found: drawn by a nonce that is used once."""
        return int.from_bytes(hmac.digest(self._counter_key, nonce, "sha256")[:8]) % most


def _parse(header: str) -> tuple[dict[str, Any], str, int, bytes]:
    """Read ALTCHA's payload, base64 of JSON: parameters, their signature, counter and key found.

    Bounded: what is long is refused unread. Only the types are what they should be.
    """
    if len(header) > HEADER_MAX:
        raise BadProof
    try:
        outer = json.loads(b64decode(header, validate=True))
        challenge, solution = outer["challenge"], outer["solution"]
        parameters, signature = challenge["parameters"], challenge["signature"]
        counter, found = solution["counter"], unhex(solution["derivedKey"])
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError, ProtocolError):
        raise BadProof from None
    if not isinstance(parameters, dict) or not isinstance(signature, str):
        raise BadProof
    if type(counter) is not int:
        raise BadProof
    return parameters, signature, counter, found


def _spelt(parameters: dict[str, Any]) -> bytes:
    """Return the text that the library signs: JSON, the keys sorted, nothing between."""
    try:
        return json_bytes(parameters)
    except (ValueError, RecursionError):
        raise BadProof from None


def _signature(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, "sha256").hex()


def _is_signed(key: bytes, message: bytes, signature: str) -> bool:
    """Say whether a signature, in hexadecimal, is this message's."""
    right = _signature(key, message)
    return hmac.compare_digest(right.encode(), signature.encode("utf-8", "surrogatepass"))
