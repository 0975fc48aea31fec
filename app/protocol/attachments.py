"""Attachments: equal chunks that nobody can group (spec: attachments). Private side.

Files pass through piece by piece; nothing here holds a whole one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.protocol.errors import CannotOpen, WrongLength
from app.protocol.kdf import hkdf
from app.protocol.secrets import Secret
from app.protocol.wire import CHUNK_BYTES, PIECE_BYTES

KEY_BYTES = 32
FILE_BYTES_MAX = 2**31
"""The largest file, in bytes, that is sent or read: 8,193 chunks, padded 9,216."""
CHUNK_ID_BYTES = 16
LABEL = b"quietline-attachment-v1"
_LENGTH_BYTES = 8
_SIGNIFICANT_BITS = 4


class Readable(Protocol):
    """What can be read piece by piece, like a file opened for reading bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""


def padded_chunks(chunks: int) -> int:
    """Round a number of chunks up to four significant bits: at most 12.5 % more."""
    step = 1 << max(0, chunks.bit_length() - _SIGNIFICANT_BITS)
    return -(-chunks // step) * step


def chunk_count(size: int) -> int:
    """Return how many chunks a file of ``size`` bytes becomes, padding included."""
    return padded_chunks(-(-(_LENGTH_BYTES + size) // PIECE_BYTES))


def chunk_id(key: Secret, index: int) -> bytes:
    """Return the 16-byte id under which a server keeps a chunk."""
    return hkdf(key.reveal(), LABEL, b"chunk-id" + index.to_bytes(8), CHUNK_ID_BYTES)


def encrypt_chunks(file: Readable, size: int, key: Secret) -> Iterator[tuple[bytes, bytes]]:
    """Yield (id 16 B, chunk 262,144 B) for a file of exactly ``size`` bytes.

    A key serves one file, once. Raises WrongLength if the file is longer or shorter.
    """
    total = chunk_count(size)
    aead = AESGCM(key.reveal())
    left = size
    for index in range(total):
        head = size.to_bytes(_LENGTH_BYTES) if index == 0 else b""
        wanted = min(left, PIECE_BYTES - len(head))
        data = _read_exactly(file, wanted)
        left -= wanted
        piece = head + data
        piece += bytes(PIECE_BYTES - len(piece))
        yield chunk_id(key, index), aead.encrypt(_nonce(index, total), piece, LABEL)
    if file.read(1):
        raise WrongLength("The file grew while it was read.")


def check_chunk(key: Secret, index: int, total: int, chunk: bytes) -> None:
    """Raise CannotOpen for a chunk that is not of this file and place."""
    _open(AESGCM(key.reveal()), index, total, chunk)


def decrypt_chunks(key: Secret, total: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes, piece by piece, from its ``total`` chunks in order.

    Raises CannotOpen for a chunk that is not of this file and place, is missing, or breaks the
    padding rules; what was yielded before is authentic but not the whole file.
    """
    aead = AESGCM(key.reveal())
    left = 0
    seen = 0
    for index, chunk in enumerate(chunks):
        piece = _open(aead, index, total, chunk)
        if index == 0:
            left = int.from_bytes(piece[:_LENGTH_BYTES])
            piece = piece[_LENGTH_BYTES:]
            if chunk_count(left) != total:
                raise CannotOpen("A file has another number of parts than its length needs.")
        data, padding = piece[:left], piece[left:]
        if any(padding):
            raise CannotOpen("A file's padding is not as it must be.")
        left -= len(data)
        seen += 1
        yield data
    if seen != total:
        raise CannotOpen("A part of a file is missing.")


class TreeHash:
    """SHA-256 over the concatenated SHA-256 of each 262,128-byte piece of a file.

    A browser has no incremental SHA-256; this it can make piece by piece.
    """

    def __init__(self) -> None:
        self._pieces = hashlib.sha256()
        self._rest = b""

    def update(self, data: bytes) -> None:
        """Add the file's next bytes, any number."""
        self._rest += data
        whole = len(self._rest) - len(self._rest) % PIECE_BYTES
        for at in range(0, whole, PIECE_BYTES):
            self._pieces.update(hashlib.sha256(self._rest[at : at + PIECE_BYTES]).digest())
        self._rest = self._rest[whole:]

    def digest(self) -> bytes:
        """Return the 32-byte tree hash of all that was added."""
        pieces = self._pieces.copy()
        if self._rest:
            pieces.update(hashlib.sha256(self._rest).digest())
        return pieces.digest()


def _open(aead: AESGCM, index: int, total: int, chunk: bytes) -> bytes:
    if len(chunk) != CHUNK_BYTES or index >= total:
        raise CannotOpen("A part of a file has the wrong length or place.")
    try:
        return aead.decrypt(_nonce(index, total), chunk, LABEL)
    except InvalidTag as error:
        raise CannotOpen("A part of a file was changed or is not in its place.") from error


def _nonce(index: int, total: int) -> bytes:
    """Return an 11-byte index ‖ last flag: no chunk can be swapped, dropped or cut off."""
    return index.to_bytes(11) + bytes([index == total - 1])


def _read_exactly(file: Readable, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = file.read(size - len(data))
        if not more:
            raise WrongLength("The file shrank while it was read.")
        data += more
    return data
