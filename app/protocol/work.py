"""Work: a small sum that a client solves before it may store anything (docs/spec/work.md).

ALTCHA v2 with PBKDF2-HMAC-SHA256: find the counter whose derived key begins with the prefix that
the challenge names. Bytes in, a header out; fetching and keeping are not handled here.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.protocol.encoding import json_bytes, unhex
from app.protocol.errors import BadWork, ProtocolError

HEADER = "Quietline-Work"
ALGORITHM = "PBKDF2/SHA-256"
HEADER_MAX = 2_048
"""Characters of the header."""
COST_MAX = 100_000
MOST_MAX = 10_000_000
USES = 256
"""What one answer buys: one batch of messages, which takes all of it, or as many chunks."""
_NONCE_BYTES = 16
_KEY_BYTES = 32


def solve(challenge: bytes, stopped: Callable[[], bool] = lambda: False) -> str:
    """Return the value of the ``Quietline-Work`` header that answers a challenge (JSON).

    Long work: seconds to minutes of one core. ``stopped`` is asked before each derivation; once it
    says True, BadWork is raised. Raises BadWork too for a challenge of another form, or one that
    asks for more than anybody should do.
    """
    try:
        outer = json.loads(challenge)
        parameters: dict[str, Any] = outer["parameters"]
        nonce = unhex(parameters["nonce"], _NONCE_BYTES)
        salt = unhex(parameters["salt"], _NONCE_BYTES)
        prefix = bytes.fromhex(parameters["keyPrefix"])
        cost, most = parameters["cost"], parameters["data"]["most"]
        known = (parameters["algorithm"], parameters["keyLength"]) == (ALGORITHM, _KEY_BYTES)
        echo = {"parameters": parameters, "signature": outer["signature"]}
    except (ValueError, KeyError, TypeError, RecursionError, ProtocolError):
        raise BadWork(
            "The line asked for work in a form that this program does not know."
        ) from None
    if not (known and _within(cost, COST_MAX) and _within(most, MOST_MAX)):
        raise BadWork("The line asked for more work than this program does.")
    for counter in range(most):
        if stopped():
            raise BadWork("The work was stopped.")
        key = hashlib.pbkdf2_hmac("sha256", nonce + counter.to_bytes(4), salt, cost, _KEY_BYTES)
        if key.startswith(prefix):
            solution = {"counter": counter, "derivedKey": key.hex()}
            return b64encode(json_bytes({"challenge": echo, "solution": solution})).decode()
    raise BadWork("The line asked for work that has no answer.")


@dataclass(slots=True)
class Purse:
    """An answer that was bought, and how often it can still be used."""

    _header: str = ""
    _left: int = 0

    def fill(self, header: str) -> None:
        """Put a fresh answer in; what was left of the one before is lost."""
        self._header, self._left = header, USES

    def take(self, uses: int) -> str | None:
        """Take ``uses`` of the answer and return its header; None if there are too few."""
        if self._left < uses:
            return None
        self._left -= uses
        return self._header

    def give_back(self, uses: int) -> None:
        """Return ``uses`` that bought nothing: the line was busy, and took none of it."""
        self._left += uses

    def empty(self) -> None:
        """Forget the answer: the line did not take it."""
        self._left = 0


def _within(number: object, most: int) -> bool:
    return type(number) is int and 1 <= number <= most
