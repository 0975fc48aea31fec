"""The fixed layouts that travel (spec: envelope, bundles, batch, http).

Splitting and joining only: lengths and points are checked, nothing is decrypted and no signature
is verified here. Integers are big-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from app.protocol.errors import BadBundle, WrongLength
from app.protocol.group import check_point

X25519_BYTES = 32
MLKEM_PUBLIC_BYTES = 1184
MLKEM_CIPHERTEXT_BYTES = 1088
XWING_PUBLIC_BYTES = 1216
LINE_ID_BYTES = 32

MESSAGE_ID_BYTES = 16
ENVELOPE_BYTES = 19_936
HINT_BYTES = 64
PLAINTEXT_BYTES = 16_384
PLAINTEXT_HEADER_BYTES = 32 + XWING_PUBLIC_BYTES + 4
BODY_MAX = PLAINTEXT_BYTES - PLAINTEXT_HEADER_BYTES  # 15,132
APKE_CIPHERTEXT_BYTES = PLAINTEXT_BYTES + 16  # 16,400
SENDER_BYTES = X25519_BYTES + MLKEM_PUBLIC_BYTES  # 1,216

CHUNK_BYTES = 262_144
PIECE_BYTES = CHUNK_BYTES - 16  # 262,128

_BUNDLE = struct.Struct(f">{X25519_BYTES}s{MLKEM_PUBLIC_BYTES}s{XWING_PUBLIC_BYTES}sQQ64s")
BUNDLE_BYTES = _BUNDLE.size  # 2,512
RECORD_BYTES = 2 + BUNDLE_BYTES  # 2,514
_EPOCH_HEADER = struct.Struct(">Q32sH")
_UPLOAD_HEADER = struct.Struct(">HH")


@dataclass(frozen=True, slots=True)
class Hint:
    """What lets a recipient find a message: X = x·B and Z = x·(recipient's fetch key)."""

    x: bytes
    z: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """The six fields of an envelope, 19,936 bytes in all."""

    hint: Hint
    c2: bytes
    c1: bytes
    cp: bytes
    pke: bytes

    @classmethod
    def parse(cls, data: bytes) -> Envelope:
        """Split 19,936 bytes. Raises WrongLength, BadPoint."""
        hint = check_envelope(data)
        at = HINT_BYTES
        fields = []
        for size in (MLKEM_CIPHERTEXT_BYTES, X25519_BYTES, APKE_CIPHERTEXT_BYTES):
            fields.append(data[at : at + size])
            at += size
        return cls(hint, fields[0], fields[1], fields[2], data[at:])

    def serialise(self) -> bytes:
        """Join the fields to 19,936 bytes."""
        return self.hint.x + self.hint.z + self.c2 + self.c1 + self.cp + self.pke


def check_envelope(data: bytes) -> Hint:
    """Check all that a blind server can check of an envelope and return its hint.

    Raises WrongLength unless it is 19,936 bytes, BadPoint unless X and Z are canonical and not the
    identity.
    """
    if len(data) != ENVELOPE_BYTES:
        raise WrongLength(f"An envelope has {ENVELOPE_BYTES} bytes, not {len(data)}.")
    hint = Hint(data[:32], data[32:64])
    check_point(hint.x)
    check_point(hint.z)
    return hint


def split_batch(data: bytes, count: int) -> list[bytes]:
    """Split a batch into its ``count`` envelopes, unchecked. Raises WrongLength."""
    if len(data) != count * ENVELOPE_BYTES:
        raise WrongLength(
            f"A batch has {count} envelopes of {ENVELOPE_BYTES} bytes here, not {len(data)} bytes."
        )
    return [data[i : i + ENVELOPE_BYTES] for i in range(0, len(data), ENVELOPE_BYTES)]


@dataclass(frozen=True, slots=True)
class Bundle:
    """An investigator's one-window keys: X25519 32, ML-KEM-768 1,184, X-Wing 1,216 bytes.

    ``not_before`` and ``not_after`` are Unix seconds; the signature is the investigator's.
    """

    dh: bytes
    mlkem: bytes
    xwing: bytes
    not_before: int
    not_after: int
    signature: bytes

    @classmethod
    def parse(cls, data: bytes) -> Bundle:
        """Split 2,512 bytes. Raises WrongLength."""
        if len(data) != BUNDLE_BYTES:
            raise WrongLength(f"A bundle has {BUNDLE_BYTES} bytes, not {len(data)}.")
        return cls(*_BUNDLE.unpack(data))

    def serialise(self) -> bytes:
        """Join the fields to 2,512 bytes."""
        return _BUNDLE.pack(
            self.dh, self.mlkem, self.xwing, self.not_before, self.not_after, self.signature
        )

    def message(self) -> bytes:
        """Return the signed part: all fields before the signature, 2,448 bytes."""
        return self.serialise()[:-64]


@dataclass(frozen=True, slots=True)
class EpochBundles:
    """The answer of ``GET /api/v1/bundles``: one bundle per investigator in service."""

    epoch: int
    directory_hash: bytes
    bundles: dict[int, Bundle]
    """By the investigator's index in the directory."""

    @classmethod
    def parse(cls, data: bytes) -> EpochBundles:
        """Read the static file of an epoch.

        Raises WrongLength, and BadBundle unless the indexes grow (one record each, one spelling).
        """
        if len(data) < _EPOCH_HEADER.size:
            raise WrongLength("A bundles file is too short.")
        epoch, directory_hash, count = _EPOCH_HEADER.unpack_from(data)
        if len(data) != _EPOCH_HEADER.size + count * RECORD_BYTES:
            raise WrongLength("A bundles file has another length than its count says.")
        bundles: dict[int, Bundle] = {}
        last = -1
        for at in range(_EPOCH_HEADER.size, len(data), RECORD_BYTES):
            index = int.from_bytes(data[at : at + 2])
            if index <= last:
                raise BadBundle("A bundles file is not in the order of the directory.")
            last = index
            bundles[index] = Bundle.parse(data[at + 2 : at + RECORD_BYTES])
        return cls(epoch, directory_hash, bundles)

    def serialise(self) -> bytes:
        """Write the static file: u64 epoch, directory hash 32, u16 count, records by index."""
        records = b"".join(
            index.to_bytes(2) + bundle.serialise() for index, bundle in sorted(self.bundles.items())
        )
        return _EPOCH_HEADER.pack(self.epoch, self.directory_hash, len(self.bundles)) + records


@dataclass(frozen=True, slots=True)
class BundleUpload:
    """The body of ``POST /api/v1/bundles``: an investigator's index and signed bundles."""

    index: int
    bundles: tuple[Bundle, ...]

    @classmethod
    def parse(cls, data: bytes) -> BundleUpload:
        """Read u16 index, u16 count, count × 2,512 bytes. Raises WrongLength."""
        if len(data) < _UPLOAD_HEADER.size:
            raise WrongLength("An upload of bundles is too short.")
        index, count = _UPLOAD_HEADER.unpack_from(data)
        if len(data) != _UPLOAD_HEADER.size + count * BUNDLE_BYTES:
            raise WrongLength("An upload of bundles has another length than its count says.")
        starts = range(_UPLOAD_HEADER.size, len(data), BUNDLE_BYTES)
        return cls(index, tuple(Bundle.parse(data[at : at + BUNDLE_BYTES]) for at in starts))

    def serialise(self) -> bytes:
        """Write the body of the call."""
        head = _UPLOAD_HEADER.pack(self.index, len(self.bundles))
        return head + b"".join(bundle.serialise() for bundle in self.bundles)
