"""Page attachments."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.spec.stranger.basics import (
    PIECE,
    hkdf,
    need,
    unb64u,
)

# attachments


def chunks_of(size: int) -> int:
    n = -(-(8 + size) // PIECE)
    step = 1 << max(0, n.bit_length() - 4)
    return -(-n // step) * step


def chunk_id(key: bytes, index: int) -> bytes:
    return hkdf(key, "quietline-attachment-v1", b"chunk-id" + index.to_bytes(8), 16)


def _nonce(index: int, total: int) -> bytes:
    return index.to_bytes(11) + bytes([index == total - 1])


def encrypt_file(data: bytes, key: bytes) -> Iterator[tuple[bytes, bytes]]:
    total = chunks_of(len(data))
    stream = (len(data).to_bytes(8) + data).ljust(total * PIECE, b"\0")
    for i in range(total):
        piece = stream[i * PIECE : (i + 1) * PIECE]
        chunk = AESGCM(key).encrypt(_nonce(i, total), piece, b"quietline-attachment-v1")
        yield chunk_id(key, i), chunk


def tree_of(data: bytes) -> bytes:
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    return hashlib.sha256(b"".join(hashlib.sha256(piece).digest() for piece in pieces)).digest()


def decrypt_file(entry: dict[str, Any], fetch_chunk: Callable[[bytes], bytes]) -> bytes:
    key, total, size = unb64u(entry["key"]), entry["chunks"], entry["size"]
    need(total == chunks_of(size), "number of chunks")
    stream = b"".join(
        AESGCM(key).decrypt(
            _nonce(i, total), fetch_chunk(chunk_id(key, i)), b"quietline-attachment-v1"
        )
        for i in range(total)
    )
    need(int.from_bytes(stream[:8]) == size and not any(stream[8 + size :]), "size or padding")
    data = stream[8 : 8 + size]
    need(tree_of(data).hex() == entry["tree"], "tree")
    return data
