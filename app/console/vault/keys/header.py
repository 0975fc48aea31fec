"""The vault's header: what opens the database's key.

``vault.json`` holds the Argon2id parameters, the salt, and the vault's key wrapped by what the
passphrase gives; and, if the agency wants it, wrapped a second time for recovery. A new passphrase
wraps the same key anew, so the database is not written again. The key itself never touches the
disk; the database (SQLCipher) is given it raw, so that its own weaker key derivation is not used.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from nacl.pwhash import argon2id

from app.console.errors import VaultDamaged, VaultMissing, VaultTooOld, WeakPassphrase
from app.console.vault.keys.wrapping import (
    KEY_BYTES,
    PASSPHRASE,
    RECOVERY,
    WRAPPED_BYTES,
    recovery_key,
    unwrap,
    wrap,
)
from app.files import erasing
from app.passphrases import weakness
from app.protocol.encoding import b64u, unb64u
from app.protocol.group import Rng
from app.protocol.secrets import Secret
from app.sentences.translatable import say

HEADER_NAME = "vault.json"
VERSION = 2
"""A header of before the first release had a lower one."""
SALT_BYTES = 16
SHARES_MAX = 16
# A header could be swapped for one that asks for all the machine's memory: refuse beyond 4 GiB.
MEMORY_MAX = 4 * 1024**3
ROUNDS_MAX = 64


_WEAK = {
    str(one): one
    for one in (
        say(
            "The passphrase is shorter than 12 characters. Use several words that do not belong "
            "together."
        ),
        say(
            "This passphrase would be guessed: it is made of what is tried first, such as common "
            "words, names, dates, repetitions or rows of keys. Use four or more words that do not "
            "belong together, drawn by dice if you can."
        ),
    )
}
"""What ``passphrases.weakness`` says, which knows no other language."""


class Kdf(StrEnum):
    """How much work a guess of the passphrase costs (libsodium's named levels)."""

    SYNTHETIC = "synthetic"  # 8 kiB: tests, whose vaults hold nothing worth guessing
    INTERACTIVE = "interactive"  # 64 MiB: the demo
    MODERATE = "moderate"  # 256 MiB: the default
    SENSITIVE = "sensitive"  # 1 GiB


@dataclass(frozen=True)
class RecoverySlot:
    """The vault's key for a recovery code.

    ``needed`` of ``of`` pieces give the code back (1 of 1 is the code itself). ``made`` is a day,
    YYYY-MM-DD.
    """

    needed: int
    of: int
    made: str
    salt: bytes
    wrapped: bytes

    @classmethod
    def new(
        cls, key: Secret, code: Secret, needed: int, of: int, made: str, rng: Rng
    ) -> "RecoverySlot":
        """Wrap the key under ``code``, which is 16 random bytes, made for this slot alone."""
        salt = rng(SALT_BYTES)
        return cls(needed, of, made, salt, wrap(key, recovery_key(code, salt), RECOVERY, rng))

    def key(self, code: Secret) -> Secret | None:
        """Return the vault's key; None for another code."""
        return unwrap(self.wrapped, recovery_key(code, self.salt), RECOVERY)


@dataclass(frozen=True)
class Header:
    """Argon2id parameters (passes, bytes of memory, 16-byte salt) and what they open."""

    rounds: int
    memory: int
    salt: bytes
    wrapped: bytes
    recovery: RecoverySlot | None = None

    @classmethod
    def new(cls, kdf: Kdf, passphrase: Secret, key: Secret, rng: Rng) -> "Header":
        """Return a header that gives ``key`` (32 bytes) to who has the passphrase."""
        rounds, memory = {
            Kdf.SYNTHETIC: (argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN),
            Kdf.INTERACTIVE: (argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE),
            Kdf.MODERATE: (argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE),
            Kdf.SENSITIVE: (argon2id.OPSLIMIT_SENSITIVE, argon2id.MEMLIMIT_SENSITIVE),
        }[kdf]
        return cls(rounds, memory, b"", b"").with_passphrase(passphrase, key, rng)

    def key(self, passphrase: Secret) -> Secret | None:
        """Derive the database's 32-byte key, None by a wrong passphrase; 0.1 to 3 s by design."""
        return unwrap(self.wrapped, self._derived(passphrase), PASSPHRASE)

    def with_passphrase(self, passphrase: Secret, key: Secret, rng: Rng) -> "Header":
        """Return the same header with the key under another passphrase, by as much work."""
        salted = replace(self, salt=rng(SALT_BYTES))
        return replace(salted, wrapped=wrap(key, salted._derived(passphrase), PASSPHRASE, rng))

    def _derived(self, passphrase: Secret) -> Secret:
        raw = argon2id.kdf(
            KEY_BYTES, passphrase.reveal(), self.salt, opslimit=self.rounds, memlimit=self.memory
        )
        return Secret(raw)


def has_vault(folder: Path) -> bool:
    """Say whether a folder is a vault's."""
    return (folder / HEADER_NAME).exists()


def check_new_passphrase(passphrase: Secret) -> None:
    """Refuse one that can be guessed: all this would be decoration. Raises WeakPassphrase."""
    if (weak := weakness(passphrase)) is not None:
        raise WeakPassphrase(_WEAK.get(weak, weak))


def write_header(folder: Path, header: Header) -> None:
    """Write vault.json durably, in the place of the one before: a kill leaves one of the two."""
    content = _to_json(header)
    if _from_json(content, folder) != header:
        raise VaultDamaged(say("{header_name} could not be written.", header_name=HEADER_NAME))
    erasing.replace(folder / HEADER_NAME, (json.dumps(content) + "\n").encode())


def read_header(folder: Path) -> Header:
    """Read vault.json.

    Raises VaultMissing when there is none, VaultDamaged when it is not a header.
    """
    try:
        found = json.loads((folder / HEADER_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise VaultMissing(
            say(
                "There is no case store in {folder}. Make one with: quietline console init "
                "{folder}",
                folder=folder,
            )
        ) from None
    except (OSError, ValueError):
        raise VaultDamaged(
            say("{header_name} in {folder} cannot be read.", header_name=HEADER_NAME, folder=folder)
        ) from None
    try:
        header = _from_json(found, folder)
    except (KeyError, TypeError, ValueError):
        raise VaultDamaged(
            say("{header_name} in {folder} is damaged.", header_name=HEADER_NAME, folder=folder)
        ) from None
    if not (1 <= header.rounds <= ROUNDS_MAX and 8192 <= header.memory <= MEMORY_MAX):
        raise VaultDamaged(
            say(
                "{header_name} in {folder} asks for an impossible amount of work.",
                header_name=HEADER_NAME,
                folder=folder,
            )
        )
    return header


def _to_json(header: Header) -> dict[str, Any]:
    slot = header.recovery
    content: dict[str, Any] = {
        "v": VERSION,
        "kdf": "argon2id",
        "rounds": header.rounds,
        "memory": header.memory,
        "salt": b64u(header.salt),
        "wrapped": b64u(header.wrapped),
    }
    if slot is not None:
        content["recovery"] = {
            "needed": slot.needed,
            "of": slot.of,
            "made": slot.made,
            "salt": b64u(slot.salt),
            "wrapped": b64u(slot.wrapped),
        }
    return content


def _from_json(found: dict[str, Any], folder: Path) -> Header:
    if found["v"] < VERSION:
        raise VaultTooOld
    if found["v"] != VERSION or found["kdf"] != "argon2id":
        raise VaultDamaged(
            say(
                "{header_name} in {folder} was written by a newer version of Quietline.",
                header_name=HEADER_NAME,
                folder=folder,
            )
        )
    slot = found.get("recovery")
    return Header(
        int(found["rounds"]),
        int(found["memory"]),
        unb64u(found["salt"], SALT_BYTES),
        unb64u(found["wrapped"], WRAPPED_BYTES),
        _slot(slot) if slot is not None else None,
    )


def _slot(found: dict[str, Any]) -> RecoverySlot:
    needed, of = int(found["needed"]), int(found["of"])
    if not 1 <= needed <= of <= SHARES_MAX:
        raise ValueError(say("A recovery that nobody can make."))
    return RecoverySlot(
        needed,
        of,
        str(found["made"]),
        unb64u(found["salt"], SALT_BYTES),
        unb64u(found["wrapped"], WRAPPED_BYTES),
    )
