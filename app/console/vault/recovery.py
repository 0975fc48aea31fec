"""A way back into a vault whose passphrase is lost, as far as the agency's directory allows one.

A code is 16 random bytes, written as twelve words like a receipt code. It opens the vault's header
(``vault.keys.header``), so without the vault's own files it opens nothing. Where the agency wants
it in several hands it is split by Shamir's scheme (PyCryptodome): so many pieces give it back,
fewer say nothing about it. A code works once; making one ends the one before.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from Crypto.Protocol.SecretSharing import Shamir

from app.console.errors import ConsoleError, WrongCode
from app.console.vault import Rng, Vault, unlocking
from app.console.vault.installation import machine_log
from app.console.vault.keys.header import SHARES_MAX, read_header
from app.protocol.directory import Directory
from app.protocol.errors import BadReceipt
from app.protocol.receipt import new_entropy, read_code, words_of
from app.protocol.secrets import Secret
from app.sentences.translatable import say

PARAM = "recovery"
"""The directory's parameter: ``none``, ``code`` or ``K of N``; without it, each owner may."""

_SHARES = re.compile(r"([2-9]|1[0-6]) of ([2-9]|1[0-6])")
_NUMBERED = re.compile(r"\s*(\d{1,2})\s*[:.)]?\s+(.*)", re.DOTALL)
_READINGS_MAX = 64


@dataclass(frozen=True, slots=True)
class Policy:
    """``needed`` of ``of`` pieces open a vault; 1 of 1 is one code, 0 of 0 is no recovery at all.

    ``said`` tells whether the agency has decided it.
    """

    needed: int
    of: int
    said: bool

    @property
    def allowed(self) -> bool:
        """Whether the agency allows a recovery code."""
        return self.needed > 0

    @property
    def words(self) -> str:
        """As the owner reads it."""
        if not self.allowed:
            return say("The agency allows no recovery: a lost passphrase is a lost case store.")
        if self.needed == 1:
            each = (
                say("The agency wants")
                if self.said
                else say("The agency has not decided; you may make")
            )
            return say("{each} one recovery code of twelve words, on paper.", each=each)
        return say(
            "The agency wants a recovery code in {of} pieces, {needed} of which open the "
            "case store.",
            of=self.of,
            needed=self.needed,
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """What is written on one sheet: its number, and twelve words."""

    number: int
    words: str


def policy(directory: Directory | None) -> Policy:
    """Return what the signed directory says; what it says in no known form allows nothing."""
    said = directory.params.get(PARAM) if directory else None
    if said is None:
        return Policy(1, 1, said=False)
    return parse_policy(said) or Policy(0, 0, said=True)


def parse_policy(said: Any) -> Policy | None:
    """Read a policy; None for something else."""
    if said == "none":
        return Policy(0, 0, said=True)
    if said == "code":
        return Policy(1, 1, said=True)
    found = _SHARES.fullmatch(said) if isinstance(said, str) else None
    if found is None or int(found[1]) > int(found[2]):
        return None
    return Policy(int(found[1]), int(found[2]), said=True)


def make(vault: Vault, passphrase: Secret, wanted: Policy, now: int, rng: Rng) -> list[Piece]:
    """Make a new code in as many pieces as are wanted; earlier ones open nothing from here on.

    The pieces are nowhere but in what is returned. Raises WrongPassphrase, ConsoleError.
    """
    if not wanted.allowed:
        raise ConsoleError(wanted.words)
    code = new_entropy(rng)
    day = dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat()
    unlocking.set_recovery(vault, passphrase, code, wanted.needed, wanted.of, day, rng)
    with vault.write() as tx:
        machine_log.add(tx, now, machine_log.RECOVERY_MADE, needed=wanted.needed, of=wanted.of)
    if wanted.needed == 1:
        return [Piece(1, words_of(code.reveal()))]
    shares = Shamir.split(wanted.needed, wanted.of, code.reveal())
    return [Piece(number, words_of(share)) for number, share in shares]


def end(vault: Vault, passphrase: Secret, now: int) -> None:
    """Let nothing but the passphrase open the vault from here on. Raises WrongPassphrase."""
    unlocking.drop_recovery(vault, passphrase)
    with vault.write() as tx:
        machine_log.add(tx, now, machine_log.RECOVERY_ENDED)


def needed(folder: Path) -> int:
    """Return how many pieces the vault in a folder wants, 0 for one without a recovery code."""
    slot = read_header(folder).recovery
    return slot.needed if slot else 0


def use(folder: Path, pieces: Sequence[str], passphrase: Secret, now: int, rng: Rng) -> Vault:
    """Open the vault by what was written on the sheets, and give it a new passphrase.

    That it happened is noted before anything else. Raises WrongCode, WeakPassphrase, VaultInUse …
    """
    wanted = needed(folder)
    if not wanted:
        raise WrongCode(say("No recovery code was made for this case store, or it has been used."))
    if len(pieces) != wanted:
        raise WrongCode(
            say(
                "This case store wants {wanted} different pieces; {pieces} were given.",
                wanted=wanted,
                pieces=len(pieces),
            )
            if wanted > 1
            else say("This case store wants one code of twelve words.")
        )
    wrong: WrongCode | None = None
    for code in _codes(pieces):
        try:
            vault = Vault.open_by_code(folder, code, passphrase)
        except WrongCode as error:
            wrong = error
            continue
        try:
            with vault.write() as tx:
                machine_log.add(tx, now, machine_log.RECOVERED, pieces=wanted)
            unlocking.leave_recovery(vault, passphrase, rng)
        except BaseException:
            vault.close()
            raise
        return vault
    raise wrong or WrongCode(say("This is no recovery code."))


def _codes(pieces: Sequence[str]) -> Iterator[Secret]:
    """Yield every code that the pieces can mean; usually one."""
    if len(pieces) == 1:
        yield from _read(pieces[0], None)
        return
    numbers, readings = [], []
    for place, text in enumerate(pieces, 1):
        found = _NUMBERED.match(text)
        if found is None or not 1 <= int(found[1]) <= SHARES_MAX:
            raise WrongCode(
                say("Piece {place} of those given does not begin with its number.", place=place)
            )
        numbers.append(int(found[1]))
        readings.append(_read(found[2], int(found[1])))
    if len(set(numbers)) < len(numbers):
        raise WrongCode(say("Two of the pieces have the same number: they are one and the same."))
    for place, some in enumerate(product(*readings)):
        if place == _READINGS_MAX:
            return
        shares = [
            (number, one.reveal()) for number, one in zip(numbers, some, strict=True)
        ]  # fmt: skip
        yield Secret(Shamir.combine(shares))


def _read(text: str, number: int | None) -> list[Secret]:
    try:
        return read_code(text)
    except BadReceipt as error:
        if number is None:
            raise WrongCode(say("The code: {reason}", reason=error)) from None
        raise WrongCode(say("Piece {number}: {reason}", number=number, reason=error)) from None
