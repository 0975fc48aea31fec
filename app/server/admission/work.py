"""Proof of work: challenges that carry their own proof of origin, so none is kept (spec: work).

ALTCHA v2 with PBKDF2/SHA-256, which WebCrypto computes as fast without JIT as with it. The counter
to be found is drawn here, so the work is never more than ``most`` derivations; the key that it
leads to is signed, so checking an answer costs two HMACs and no derivation.

The library makes the challenges. Its check spells the JSON anew in Python as JavaScript would, for
challenges of any form, and takes a quarter of the time of a whole report; ours holds strings and
small whole numbers alone, which Python's own JSON spells alike.
"""

from __future__ import annotations

import binascii
import hmac
import json
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from altcha import create_challenge as make_challenge

from app.protocol.encoding import json_bytes
from app.protocol.group import Rng
from app.protocol.work import ALGORITHM, HEADER_MAX

COST = 2_000
"""PBKDF2 iterations of one derivation: what making a challenge costs the server (0.3 ms)."""


class BadProof(Exception):
    """The header is no answer to a challenge of ours."""


class ExpiredProof(Exception):
    """The answer is right, but too late."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An answered challenge: its nonce 16 bytes, when it expires, and who keeps count of it."""

    nonce: bytes
    expires: int
    """Unix seconds."""
    keeper: str


class Issuer:
    """Makes challenges and checks answers with one 32-byte key."""

    def __init__(self, key: bytes, rng: Rng) -> None:
        self._challenge_key = b"challenge" + key
        self._answer_key = b"answer" + key
        self._rng = rng

    def issue(self, *, most: int, expires: int, seconds: int, keeper: str) -> bytes:
        """Return a challenge (JSON) that takes at most ``most`` derivations.

        ``expires`` is in Unix seconds, ``seconds`` the same from now, for clients whose clock is
        wrong; ``keeper`` names who will keep count of it.
        """
        challenge = make_challenge(
            ALGORITHM,
            COST,
            counter=int.from_bytes(self._rng(8)) % most,
            # Not ALTCHA's own expiry, which is judged by the system's clock and not by ours.
            data={"expires": expires, "keeper": keeper, "most": most, "seconds": seconds},
            hmac_secret=self._challenge_key,
            hmac_key_secret=self._answer_key,
        )
        return json_bytes(challenge.to_dict())

    def check(self, header: str, now: float) -> Proof:
        """Return the proof in a ``Quietline-Work`` header. Raises BadProof, ExpiredProof."""
        parameters, signature, found = _parse(header)
        # Whatever was changed, left out or added spells another text, which nobody signed here.
        if not _is_signed(self._challenge_key, _spelt(parameters), signature):
            raise BadProof
        if not _is_signed(self._answer_key, found, parameters["keySignature"]):
            raise BadProof
        data = parameters["data"]
        proof = Proof(bytes.fromhex(parameters["nonce"]), int(data["expires"]), str(data["keeper"]))
        if proof.expires <= now:
            raise ExpiredProof
        return proof


def _parse(header: str) -> tuple[dict[str, Any], str, bytes]:
    """Read ALTCHA's payload, base64 of JSON: the parameters, their signature, the key found.

    Bounded: what is long is refused unread. Only the types are what they should be.
    """
    if len(header) > HEADER_MAX:
        raise BadProof
    try:
        outer = json.loads(b64decode(header, validate=True))
        challenge, solution = outer["challenge"], outer["solution"]
        parameters, signature = challenge["parameters"], challenge["signature"]
        found = bytes.fromhex(solution["derivedKey"])
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        raise BadProof from None
    if not isinstance(parameters, dict) or not isinstance(signature, str):
        raise BadProof
    return parameters, signature, found


def _spelt(parameters: dict[str, Any]) -> bytes:
    """Return the text that the library signs: JSON, the keys sorted, nothing between."""
    try:
        return json_bytes(parameters)
    except (ValueError, RecursionError):
        raise BadProof from None


def _is_signed(key: bytes, message: bytes, signature: str) -> bool:
    """Say whether a signature, in hexadecimal, is this message's."""
    right = hmac.digest(key, message, "sha256").hex()
    return hmac.compare_digest(right.encode(), signature.encode("utf-8", "surrogatepass"))
