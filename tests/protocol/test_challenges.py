"""Challenge sets: recipients find exactly their own; rows tell nobody else anything."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol import challenges, group
from app.protocol.answers import is_for, solve
from app.protocol.errors import BadPoint, WrongLength
from app.protocol.identities import ReporterIdentity
from app.protocol.wire import Hint

LINE_ID = bytes(range(32))
READER, OTHER = (ReporterIdentity.throwaway(os.urandom) for _ in range(2))


def _hint(identity: ReporterIdentity) -> Hint:
    x = group.random_scalar(os.urandom)
    return Hint(group.base(x), group.multiply(x, identity.public.fetch))


def _row(message_id: bytes, hint: Hint) -> bytes:
    return challenges.build_row(message_id, hint, LINE_ID, group.random_scalar(os.urandom))


def test_each_reader_finds_their_own_among_decoys() -> None:
    mine = {os.urandom(16): _hint(READER) for _ in range(3)}
    theirs = {os.urandom(16): _hint(OTHER)}
    entries = [*mine.items(), *theirs.items()]
    nobody = challenges.decoy_hint(os.urandom)
    entries += [(os.urandom(16), nobody) for _ in range(1024 - len(entries))]
    whole = challenges.assemble([_row(*entry) for entry in entries], os.urandom)
    assert len(whole) == 65_536
    steps: list[tuple[int, int]] = []
    found = solve(whole, READER.fetch_sk, LINE_ID, lambda *step: steps.append(step))
    assert sorted(found) == sorted(mine)
    assert steps[-1] == (1024, 1024)
    assert solve(whole, OTHER.fetch_sk, LINE_ID) == list(theirs)
    assert solve(whole, OTHER.fetch_sk, bytes(32)) == [], "another line's rows are nobody's"


def test_rows_are_fresh_each_epoch_and_in_another_order() -> None:
    message_id, hint = os.urandom(16), _hint(READER)
    entries = [(message_id, hint)] * 1024  # even where id and hint are the same
    first, second = ([_row(*entry) for entry in entries] for _ in range(2))
    parts = {part for row in first + second for part in (row[:32], row[32:])}
    assert len(parts) == 4 * 1024
    assert challenges.assemble(first, os.urandom) != b"".join(first)


def test_the_identity_solves_for_nobody() -> None:
    # Were Q = identity accepted, every reader would derive the same key.
    key = challenges.row_key(bytes(32), LINE_ID)
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    sealed = ChaCha20Poly1305(key).encrypt(challenges.NONCE, bytes(16), None)
    assert solve(sealed + bytes(32), READER.fetch_sk, LINE_ID) == []
    with pytest.raises(BadPoint):
        _row(bytes(16), Hint(bytes(32), bytes(32)))


def test_a_row_whose_point_is_spelled_in_a_second_way_is_nobodys() -> None:
    row = _row(os.urandom(16), _hint(READER))
    assert len(solve(row, READER.fetch_sk, LINE_ID)) == 1
    assert solve(row[:-1] + bytes([row[-1] | 0x80]), READER.fetch_sk, LINE_ID) == []


@given(st.integers(0, 16_384))
def test_set_sizes_are_powers_of_two(messages: int) -> None:
    size = challenges.set_size(messages)
    assert size >= max(messages, 1024)
    assert size & (size - 1) == 0
    assert size <= max(1024, 2 * messages)


def test_wrong_sizes_are_refused() -> None:
    with pytest.raises(WrongLength):
        challenges.set_size(16_385)
    with pytest.raises(WrongLength):
        challenges.assemble([bytes(64)] * 1000, os.urandom)
    with pytest.raises(WrongLength):
        solve(bytes(65), READER.fetch_sk, LINE_ID)


def test_random_bytes_are_for_nobody() -> None:
    assert not is_for(os.urandom(19_936), READER.fetch_sk)
    assert not is_for(b"", READER.fetch_sk)
