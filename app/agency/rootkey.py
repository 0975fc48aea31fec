"""The agency's root key: an Ed25519 seed (32 bytes) in a file that a passphrase opens.

The file is JSON, made to be kept on a stick in a safe and still be readable in ten years: it names
its own parameters. Its public half and the chain of earlier roots lie in the clear, so that
everything but signing works without the passphrase.

    {"v": 1, "kind": "quietline-root-key", "root": hex 32,
     "chain": [{"root": b64u 32, "signature": b64u 64}, ...],
     "kdf": {"name": "argon2id", "opslimit": n, "memlimit": bytes, "salt": b64u 16},
     "box": b64u (nonce 24 ‖ SecretBox of the seed 48)}

Argon2id (RFC 9106) makes the key of a libsodium SecretBox (XSalsa20-Poly1305). Nothing here reads
or writes files; see ``folder``.
"""

import json
from dataclasses import dataclass
from typing import Final

import nacl.exceptions
from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from app.agency.errors import AgencyError, WrongPassphrase
from app.protocol.encoding import b64u, unb64u, unhex
from app.protocol.errors import ProtocolError
from app.protocol.group import Rng
from app.protocol.identities import verify_key
from app.protocol.secrets import Secret

SEED_BYTES: Final = 32
DAMAGED: Final = "root.key is damaged, or another kind of file. Take it from your backup."


@dataclass(frozen=True, slots=True)
class Kdf:
    """How hard Argon2id works: passes over the memory, and the memory in bytes."""

    opslimit: int
    memlimit: int


MODERATE: Final = Kdf(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
"""For a real key: 3 passes over 256 MiB, about a second."""

SYNTHETIC: Final = Kdf(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN)
"""For demonstrations and tests only: milliseconds, and as quick for whoever guesses."""


@dataclass(frozen=True, slots=True)
class RootLink:
    """One step of a chain of roots: ``root`` (32 bytes) and the root before it signing it."""

    root: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class RootKeyFile:
    """The file's content: public half, chain of roots after the line's first, sealed seed."""

    root: bytes
    chain: tuple[RootLink, ...]
    kdf: Kdf
    salt: bytes
    box: bytes

    def open(self, passphrase: Secret) -> Secret:
        """Return the root seed (32 bytes). Raises WrongPassphrase."""
        box = SecretBox(_stretch(passphrase, self.salt, self.kdf))
        try:
            seed = Secret(box.decrypt(self.box))
        except nacl.exceptions.CryptoError:
            raise WrongPassphrase("This passphrase does not open the root key.") from None
        if verify_key(seed) != self.root:
            raise AgencyError(DAMAGED)
        return seed

    def serialise(self) -> bytes:
        """Return the file's bytes."""
        content = {
            "v": 1,
            "kind": "quietline-root-key",
            "root": self.root.hex(),
            "chain": [
                {"root": b64u(link.root), "signature": b64u(link.signature)} for link in self.chain
            ],
            "kdf": {
                "name": "argon2id",
                "opslimit": self.kdf.opslimit,
                "memlimit": self.kdf.memlimit,
                "salt": b64u(self.salt),
            },
            "box": b64u(self.box),
        }
        return json.dumps(content, indent=1).encode() + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> "RootKeyFile":
        """Read the file's bytes. Raises AgencyError where ``data`` is not such a file."""
        try:
            content = json.loads(data)
            if content["v"] != 1 or content["kind"] != "quietline-root-key":
                raise ValueError("another kind of file")
            if content["kdf"]["name"] != "argon2id":
                raise ValueError("another derivation")
            return cls(
                root=unhex(content["root"], 32),
                chain=tuple(
                    RootLink(unb64u(link["root"], 32), unb64u(link["signature"], 64))
                    for link in content["chain"]
                ),
                kdf=Kdf(int(content["kdf"]["opslimit"]), int(content["kdf"]["memlimit"])),
                salt=unb64u(content["kdf"]["salt"], argon2id.SALTBYTES),
                box=unb64u(content["box"], SecretBox.NONCE_SIZE + SecretBox.MACBYTES + SEED_BYTES),
            )
        except (ProtocolError, ValueError, KeyError, TypeError):
            raise AgencyError(DAMAGED) from None


def seal(
    seed: Secret,
    passphrase: Secret,
    *,
    rng: Rng,
    kdf: Kdf = MODERATE,
    chain: tuple[RootLink, ...] = (),
) -> RootKeyFile:
    """Protect a root seed (32 bytes) with a passphrase.

    ``chain`` names the roots after the line's first, this one's own link last; empty for the first.
    """
    salt = rng(argon2id.SALTBYTES)
    box = SecretBox(_stretch(passphrase, salt, kdf))
    sealed = bytes(box.encrypt(seed.reveal(), rng(SecretBox.NONCE_SIZE)))
    return RootKeyFile(root=verify_key(seed), chain=chain, kdf=kdf, salt=salt, box=sealed)


def _stretch(passphrase: Secret, salt: bytes, kdf: Kdf) -> bytes:
    """Return the SecretBox key (32 bytes).

    Raises AgencyError for parameters Argon2id does not take.
    """
    try:
        return argon2id.kdf(
            SecretBox.KEY_SIZE,
            passphrase.reveal(),
            salt,
            opslimit=kdf.opslimit,
            memlimit=kdf.memlimit,
        )
    except nacl.exceptions.RuntimeError:
        raise AgencyError(
            f"This machine has no {kdf.memlimit // 2**20} MiB of memory free, which the root key "
            "needs to open. Close other programs."
        ) from None
    except nacl.exceptions.ValueError:
        raise AgencyError(DAMAGED) from None
