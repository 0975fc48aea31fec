"""ristretto255 (RFC 9496), the group for fetching (spec: group).

The one module that touches ``rbcl``, the packaged libsodium that has ristretto255. On import rbcl
writes its shared library to a temporary file and leaves it there; once it is loaded the file is
not needed, so it is removed here. Calls release the GIL: threads scale.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path

import rbcl

from app.protocol.errors import BadPoint, WrongLength

Rng = Callable[[int], bytes]
"""Returns that many cryptographically secure random bytes, such as ``os.urandom``."""

POINT_BYTES = 32
SCALAR_BYTES = 32
IDENTITY = bytes(POINT_BYTES)

Path(sys.modules["rbcl._sodium"].lib_path).unlink(missing_ok=True)


def library_version() -> str:
    """Return the version of the libsodium that rbcl packs."""
    library = sys.modules["rbcl._sodium"]._sodium
    library.sodium_version_string.restype = ctypes.c_char_p
    version: bytes = library.sodium_version_string()
    return version.decode()


def check_point(point: bytes) -> None:
    """Accept a 32-byte canonical encoding of a point that is not the identity.

    Raises BadPoint otherwise. Two things libsodium itself lets pass: the identity (with X = Z =
    identity every recipient would take a row for their own), and, in the version that rbcl packs,
    a set top bit, which RFC 9496 refuses: the same point in two spellings (spec: group).
    """
    if len(point) != POINT_BYTES:
        raise BadPoint(f"A group element has {POINT_BYTES} bytes, not {len(point)}.")
    if point == IDENTITY:
        raise BadPoint("A group element is the identity.")
    if point[-1] & 0x80 or not rbcl.crypto_core_ristretto255_is_valid_point(point):
        raise BadPoint("A group element is not canonically encoded.")


def multiply(scalar: bytes, point: bytes) -> bytes:
    """Return scalar·point, 32 bytes, for a reduced 32-byte scalar.

    Raises BadPoint if the point does not decode or the product is the identity.
    """
    try:
        return bytes(rbcl.crypto_scalarmult_ristretto255(scalar, point))
    except RuntimeError as error:
        raise BadPoint("A group element does not decode, or a product is the identity.") from error


def base(scalar: bytes) -> bytes:
    """Return scalar·B, 32 bytes, for a reduced non-zero 32-byte scalar."""
    try:
        return bytes(rbcl.crypto_scalarmult_ristretto255_base(scalar))
    except RuntimeError as error:
        raise BadPoint("A scalar is zero.") from error


def reduce(wide: bytes) -> bytes:
    """Reduce 64 little-endian bytes modulo the group order to a 32-byte scalar."""
    if len(wide) != 2 * SCALAR_BYTES:
        raise WrongLength(f"A wide scalar has 64 bytes, not {len(wide)}.")
    return bytes(rbcl.crypto_core_ristretto255_scalar_reduce(wide))


def random_scalar(rng: Rng) -> bytes:
    """Return a uniform 32-byte scalar (64 random bytes reduced: no measurable bias)."""
    return reduce(rng(2 * SCALAR_BYTES))
