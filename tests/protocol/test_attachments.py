"""Attachments: equal chunks, every part in its place, nothing but the whole file passes."""

from __future__ import annotations

import hashlib
import os
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.attachments import (
    TreeHash,
    chunk_count,
    decrypt_chunks,
    encrypt_chunks,
    padded_chunks,
)
from app.protocol.errors import CannotOpen, WrongLength
from app.protocol.secrets import Secret
from app.protocol.wire import CHUNK_BYTES, PIECE_BYTES

EDGES = [0, 1, PIECE_BYTES - 8, PIECE_BYTES - 7, 2 * PIECE_BYTES - 8, 17 * PIECE_BYTES]


def _encrypted(data: bytes, key: Secret) -> list[bytes]:
    return [chunk for _, chunk in encrypt_chunks(BytesIO(data), len(data), key)]


@pytest.mark.parametrize("size", EDGES)
def test_a_file_comes_back_whole(size: int) -> None:
    data, key = os.urandom(size), Secret(os.urandom(32))
    chunks = _encrypted(data, key)
    assert {len(chunk) for chunk in chunks} == {CHUNK_BYTES}
    assert len(chunks) == chunk_count(size)
    assert b"".join(decrypt_chunks(key, len(chunks), chunks)) == data


def test_swapped_missing_cut_or_changed_parts_are_noticed() -> None:
    key = Secret(os.urandom(32))
    chunks = _encrypted(os.urandom(3 * PIECE_BYTES), key)
    changed = bytearray(chunks[1])
    changed[0] ^= 1
    for broken in (
        [chunks[1], chunks[0], *chunks[2:]],
        chunks[:-1],
        [*chunks, chunks[0]],
        [chunks[0], bytes(changed), *chunks[2:]],
        [chunks[0][:-1], *chunks[1:]],
        [],
    ):
        with pytest.raises(CannotOpen):
            list(decrypt_chunks(key, len(chunks), broken))
    with pytest.raises(CannotOpen):
        list(decrypt_chunks(key, len(chunks) - 1, chunks[:-1]))
    with pytest.raises(CannotOpen):
        list(decrypt_chunks(Secret(bytes(32)), len(chunks), chunks))


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    key = Secret(os.urandom(32))
    with pytest.raises(WrongLength, match="shrank"):
        list(encrypt_chunks(BytesIO(b"12345"), 6, key))
    with pytest.raises(WrongLength, match="grew"):
        list(encrypt_chunks(BytesIO(b"12345"), 4, key))


@given(st.integers(1, 1 << 40))
def test_padding_costs_at_most_an_eighth(chunks: int) -> None:
    padded = padded_chunks(chunks)
    assert chunks <= padded <= chunks * 9 / 8
    assert padded_chunks(padded) == padded
    assert padded.bit_length() <= 4 or padded % (1 << (padded.bit_length() - 4)) == 0


@given(st.lists(st.integers(0, 300_000), max_size=6))
def test_the_tree_hash_does_not_depend_on_how_the_file_arrives(sizes: list[int]) -> None:
    data = hashlib.shake_256(b"tree").digest(sum(sizes))
    tree, at = TreeHash(), 0
    for size in sizes:
        tree.update(data[at : at + size])
        at += size
    pieces = [data[i : i + PIECE_BYTES] for i in range(0, len(data), PIECE_BYTES)]
    whole = hashlib.sha256(b"".join(hashlib.sha256(piece).digest() for piece in pieces))
    assert tree.digest() == whole.digest()
