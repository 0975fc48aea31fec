"""Secret keys and what is derived from them (spec: identities, bundles). Private side.

A reporter's keys come from the receipt code alone; an investigator's are random and live in a
vault; a bundle's serve one window. All hide their secrets when printed.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey
from nacl.signing import SigningKey

from app.protocol import group
from app.protocol.errors import WrongLength
from app.protocol.group import Rng
from app.protocol.hpke import xwing_private, xwing_public
from app.protocol.kdf import hkdf
from app.protocol.recipients import Investigator, Recipient
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_BUNDLE, TAG_LONG_TERM_KEYS, tagged
from app.protocol.wire import XWING_PUBLIC_BYTES, Bundle

ENTROPY_BYTES = 16
REPORTER_SALT = b"securedrop-source-v1"


def sign(seed: Secret, tag: bytes, message: bytes) -> bytes:
    """Return the 64-byte Ed25519 signature over the tagged message by a 32-byte seed."""
    return bytes(SigningKey(seed.reveal()).sign(tagged(tag, message)).signature)


def verify_key(seed: Secret) -> bytes:
    """Return the 32-byte Ed25519 public key of a 32-byte seed."""
    return bytes(SigningKey(seed.reveal()).verify_key)


def clamp(scalar: bytes) -> bytes:
    """Clamp 32 bytes to an X25519 scalar (RFC 7748, section 5)."""
    first, last = scalar[0] & 248, (scalar[31] & 127) | 64
    return bytes([first]) + scalar[1:31] + bytes([last])


@dataclass(frozen=True, slots=True)
class Sender:
    """What sealing needs of whoever writes: authentication keys and where answers go."""

    dh_private: X25519PrivateKey
    dh: bytes
    mlkem: bytes
    fetch: bytes
    xwing: bytes
    """1,216 bytes; zeros for an investigator, whose answers go to bundles."""


@dataclass(frozen=True, slots=True)
class Opener:
    """What opening needs of the recipient: three private keys and its public fetch key."""

    dh_private: X25519PrivateKey
    mlkem_private: MLKEM768PrivateKey
    xwing_private: MLKEM768X25519PrivateKey
    fetch: bytes


class ReporterIdentity:
    """All keys of a reporter, derived from the 16 bytes of the receipt code (identities)."""

    def __init__(self, entropy: Secret) -> None:
        if len(entropy) != ENTROPY_BYTES:
            raise WrongLength(f"A receipt code holds {ENTROPY_BYTES} bytes, not {len(entropy)}.")
        self.fetch_sk = Secret(group.reduce(_derive(entropy, b"sourcefetchkey", 64)))
        self.dh_sk = Secret(clamp(_derive(entropy, b"sourceAPKEkey-dh", 32)))
        self.mlkem_seed = Secret(_derive(entropy, b"sourceAPKEkey-mlkem", 64))
        self.xwing_seed = Secret(_derive(entropy, b"sourcePKEkey", 32))
        self._dh = X25519PrivateKey.from_private_bytes(self.dh_sk.reveal())
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(self.mlkem_seed.reveal())
        self.public = Recipient(
            fetch=group.base(self.fetch_sk.reveal()),
            dh=self._dh.public_key().public_bytes_raw(),
            mlkem=self._mlkem.public_key().public_bytes_raw(),
            xwing=xwing_public(self.xwing_seed),
        )

    @classmethod
    def throwaway(cls, rng: Rng) -> ReporterIdentity:
        """Make the fresh identity that seals or receives one cover (spec: batch)."""
        return cls(Secret(rng(ENTROPY_BYTES)))

    def sender(self) -> Sender:
        """Return the writing side."""
        public = self.public
        return Sender(self._dh, public.dh, public.mlkem, public.fetch, public.xwing)

    def opener(self) -> Opener:
        """Return the reading side."""
        return Opener(self._dh, self._mlkem, xwing_private(self.xwing_seed), self.public.fetch)

    def wipe(self) -> None:
        """Overwrite the secrets held here; the library's key objects go with the last reference."""
        for secret in (self.fetch_sk, self.dh_sk, self.mlkem_seed, self.xwing_seed):
            secret.wipe()


def _derive(entropy: Secret, info: bytes, length: int) -> bytes:
    return hkdf(entropy.reveal(), REPORTER_SALT, info, length)


class InvestigatorIdentity:
    """An investigator's long-term keys: signing 32, X25519 32, ML-KEM seed 64, fetch scalar 32."""

    SECRET_BYTES = 160

    def __init__(self, secret: Secret) -> None:
        if len(secret) != self.SECRET_BYTES:
            raise WrongLength(f"An identity has {self.SECRET_BYTES} bytes, not {len(secret)}.")
        value = secret.reveal()
        self._secret = secret
        self.signing_seed = Secret(value[:32])
        self.fetch_sk = Secret(value[128:])
        self._dh = X25519PrivateKey.from_private_bytes(value[32:64])
        mlkem = MLKEM768PrivateKey.from_seed_bytes(value[64:128])
        self.vk = verify_key(self.signing_seed)
        self.dh = self._dh.public_key().public_bytes_raw()
        self.mlkem = mlkem.public_key().public_bytes_raw()
        self.fetch = group.base(self.fetch_sk.reveal())

    @classmethod
    def generate(cls, rng: Rng) -> InvestigatorIdentity:
        """Make new keys."""
        return cls(Secret(rng(32) + clamp(rng(32)) + rng(64) + group.random_scalar(rng)))

    def secret(self) -> Secret:
        """Return the 160 bytes from which the identity can be made again."""
        return self._secret

    def public(self, label: str, status: str = "active") -> Investigator:
        """Return the entry for a directory, signed by its own key (``j-sig-ltk``)."""
        message = self.dh + self.mlkem + self.fetch
        signature = sign(self.signing_seed, TAG_LONG_TERM_KEYS, message)
        return Investigator(self.vk, self.dh, self.mlkem, self.fetch, signature, label, status)

    def sender(self) -> Sender:
        """Return the writing side: the fetch key is real, the X-Wing field is zeros (envelope)."""
        return Sender(self._dh, self.dh, self.mlkem, self.fetch, bytes(XWING_PUBLIC_BYTES))


class BundleKeys:
    """The private half of a bundle: X25519 32, ML-KEM seed 64, X-Wing seed 32 bytes."""

    SECRET_BYTES = 128

    def __init__(self, secret: Secret) -> None:
        if len(secret) != self.SECRET_BYTES:
            raise WrongLength(f"A bundle's keys have {self.SECRET_BYTES} bytes, not {len(secret)}.")
        self._secret = secret

    @classmethod
    def generate(cls, rng: Rng) -> BundleKeys:
        """Make new keys."""
        return cls(Secret(clamp(rng(32)) + rng(96)))

    def secret(self) -> Secret:
        """Return the 128 bytes from which the keys can be made again."""
        return self._secret

    def bundle(self, identity: InvestigatorIdentity, not_before: int, not_after: int) -> Bundle:
        """Return the public half for a window (Unix seconds), signed by the investigator."""
        dh, mlkem = self._dh(), self._mlkem()
        unsigned = Bundle(
            dh=dh.public_key().public_bytes_raw(),
            mlkem=mlkem.public_key().public_bytes_raw(),
            xwing=xwing_public(self._xwing_seed()),
            not_before=not_before,
            not_after=not_after,
            signature=bytes(64),
        )
        signature = sign(identity.signing_seed, TAG_BUNDLE, unsigned.message())
        return Bundle.parse(unsigned.serialise()[:-64] + signature)

    def opener(self, fetch: bytes) -> Opener:
        """Return the reading side; ``fetch`` is the investigator's 32-byte public fetch key."""
        return Opener(self._dh(), self._mlkem(), xwing_private(self._xwing_seed()), fetch)

    def recipient(self, fetch: bytes) -> Recipient:
        """Return the public half, unsigned, with that fetch key."""
        return Recipient(
            fetch=fetch,
            dh=self._dh().public_key().public_bytes_raw(),
            mlkem=self._mlkem().public_key().public_bytes_raw(),
            xwing=xwing_public(self._xwing_seed()),
        )

    def _dh(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self._secret.reveal()[:32])

    def _mlkem(self) -> MLKEM768PrivateKey:
        return MLKEM768PrivateKey.from_seed_bytes(self._secret.reveal()[32:96])

    def _xwing_seed(self) -> Secret:
        return Secret(self._secret.reveal()[96:])
