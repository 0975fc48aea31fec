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
BATCH, FILES = "batch", "chunks"
"""What an answer can be for."""
CHALLENGE_PATHS = {BATCH: "/api/v1/work", FILES: "/api/v1/work?for=chunks"}
"""Where its challenge is fetched."""
CHUNKS = 32
"""How many chunks an answer for files buys; one for messages buys one batch."""
USES_MAX = 4_096
_NONCE_BYTES = 16
_KEY_BYTES = 32
_COUNTER_BYTES = 4
_PROGRESS_EVERY = 64

Progress = Callable[[int, int], None]
"""Told how many derivations are done, and how many it takes at the most."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that was read: what is to be found, for at most ``most`` derivations."""

    nonce: bytes
    salt: bytes
    prefix: bytes
    cost: int
    most: int
    uses: int
    """How often the answer may be sent."""
    echo: dict[str, Any]
    """What goes back with the answer."""


def read_challenge(challenge: bytes) -> Challenge:
    """Read a challenge (JSON). Raises BadWork: another form, or more than any sender should do."""
    try:
        outer = json.loads(challenge)
        parameters: dict[str, Any] = outer["parameters"]
        data = parameters["data"]
        read = Challenge(
            unhex(parameters["nonce"], _NONCE_BYTES),
            unhex(parameters["salt"], _NONCE_BYTES),
            unhex(parameters["keyPrefix"], _NONCE_BYTES),
            parameters["cost"],
            data["most"],
            data["uses"],
            {"parameters": parameters, "signature": outer["signature"]},
        )
        known = (parameters["algorithm"], parameters["keyLength"]) == (ALGORITHM, _KEY_BYTES)
    except (ValueError, KeyError, TypeError, RecursionError, ProtocolError):
        raise BadWork(
            "The line asked for work in a form that this program does not know."
        ) from None
    bounds = ((read.cost, COST_MAX), (read.most, MOST_MAX), (read.uses, USES_MAX))
    if not known or not all(_within(number, most) for number, most in bounds):
        raise BadWork("The line asked for more work than this program does.")
    return read


def solve(
    challenge: bytes,
    stopped: Callable[[], bool] = lambda: False,
    progress: Progress = lambda *_: None,
) -> str:
    """Return the value of the ``Quietline-Work`` header that answers a challenge (JSON).

    Long work: seconds to minutes of one core. ``stopped`` is asked before each derivation; once it
    says True, BadWork is raised. Raises BadWork too for what ``read_challenge`` refuses.
    """
    puzzle = read_challenge(challenge)
    for counter in range(puzzle.most):
        if stopped():
            raise BadWork("The work was stopped.")
        if counter % _PROGRESS_EVERY == 0:
            progress(counter, puzzle.most)
        key = derive(puzzle.nonce, puzzle.salt, counter, puzzle.cost)
        if key.startswith(puzzle.prefix):
            solution = {"counter": counter, "derivedKey": key.hex()}
            return b64encode(json_bytes({"challenge": puzzle.echo, "solution": solution})).decode()
    raise BadWork("The line asked for work that has no answer.")


def costs_clearly_less(other: Challenge, present: Challenge, done: int) -> bool:
    """Say whether it is worth going over to another challenge after ``done`` steps of this one.

    Less than half of what is left: who goes over loses what was done, and luck may be near.
    """
    return 2 * other.cost * other.most < present.cost * (present.most - done)


def derive(nonce: bytes, salt: bytes, counter: int, cost: int) -> bytes:
    """Return the 32-byte key of a counter: one step of the work, ``cost`` iterations."""
    password = nonce + counter.to_bytes(_COUNTER_BYTES)
    return hashlib.pbkdf2_hmac("sha256", password, salt, cost, _KEY_BYTES)


@dataclass(slots=True)
class WorkCredit:
    """An answer that was bought, and how often it can still be used."""

    _header: str = ""
    _left: int = 0

    def earn(
        self,
        challenge: bytes,
        stopped: Callable[[], bool] = lambda: False,
        progress: Progress = lambda *_: None,
    ) -> None:
        """Solve a challenge and put the answer in; what was left of the one before is lost.

        Long work; raises BadWork (see ``solve``).
        """
        header = solve(challenge, stopped, progress)
        self._header, self._left = header, read_challenge(challenge).uses

    def take(self) -> str | None:
        """Take one use of the answer and return its header; None if there is none left."""
        if self._left < 1:
            return None
        self._left -= 1
        return self._header

    def give_back(self) -> None:
        """Return a use that bought nothing: the line took none of it."""
        self._left += 1

    def empty(self) -> None:
        """Forget the answer: the line did not take it."""
        self._left = 0


def _within(number: object, most: int) -> bool:
    return type(number) is int and 1 <= number <= most
