"""Envelopes and batches: what is sealed opens for whom it was meant, and for nobody else."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol import bodies, wire
from app.protocol.answers import is_for
from app.protocol.batch import seal_batch, seal_reply_batch
from app.protocol.envelope import open_any, open_envelope, seal
from app.protocol.errors import BadBody, BadBundle, BadPoint, CannotOpen, WrongLength
from app.protocol.identities import ReporterIdentity
from tests.protocol.line import TestLine

LINE = TestLine(3)
DIRECTORY = LINE.directory()
REPORTER = ReporterIdentity.throwaway(LINE.rng)
STRANGER = ReporterIdentity.throwaway(LINE.rng)
RECIPIENT = DIRECTORY.investigators[0].recipient(LINE.bundles().bundles[0])
OPENER = LINE.keys[0].opener(LINE.identities[0].fetch)
SEALED = seal(REPORTER.sender(), RECIPIENT, b"They keep our passports", LINE.line_id, os.urandom)


@given(st.binary(max_size=wire.BODY_MAX))
def test_any_body_opens_unchanged_and_names_its_sender(body: bytes) -> None:
    data = seal(REPORTER.sender(), RECIPIENT, body, LINE.line_id, os.urandom)
    opened = open_envelope(data, OPENER, LINE.line_id)
    assert len(data) == 19_936
    assert opened.body == body
    assert opened.sender == REPORTER.public


@given(st.integers(0, wire.ENVELOPE_BYTES * 8 - 1))
def test_a_flipped_bit_never_opens(bit: int) -> None:
    data = bytearray(SEALED)
    data[bit // 8] ^= 1 << bit % 8
    changed = bytes(data)
    if bit < wire.HINT_BYTES * 8:  # the hint is not part of the ciphertext, but must then not match
        assert not is_for(changed, LINE.identities[0].fetch_sk)
    else:
        with pytest.raises(CannotOpen):
            open_envelope(changed, OPENER, LINE.line_id)


@pytest.mark.parametrize("size", [0, 1, 19_935, 19_937, 2 * 19_936])
def test_another_length_is_refused(size: int) -> None:
    with pytest.raises(WrongLength):
        open_envelope((SEALED * 2)[:size], OPENER, LINE.line_id)


def _top_bit_set(point: bytes) -> bytes:
    """Return the same point in a spelling that a masking decoder would take."""
    return point[:-1] + bytes([point[-1] | 0x80])


@pytest.mark.parametrize(
    "hint",
    [
        bytes(64),
        b"\xff" * 64,
        bytes(32) + SEALED[32:64],
        SEALED[:32] + bytes(32),
        _top_bit_set(SEALED[:32]) + SEALED[32:64],
        SEALED[:32] + _top_bit_set(SEALED[32:64]),
    ],
    ids=["identities", "all ones", "x identity", "z identity", "x top bit", "z top bit"],
)
def test_identity_and_non_canonical_points_are_refused(hint: bytes) -> None:
    with pytest.raises(BadPoint):
        wire.check_envelope(hint + SEALED[64:])


@pytest.mark.parametrize("fetch", [bytes(32), b"\xff" * 32])
def test_a_sender_who_could_not_be_answered_is_refused(fetch: bytes) -> None:
    sender = replace(REPORTER.sender(), fetch=fetch)
    data = seal(sender, RECIPIENT, b"body", LINE.line_id, os.urandom)
    with pytest.raises(CannotOpen, match="answered"):
        open_envelope(data, OPENER, LINE.line_id)


def test_another_line_cannot_open() -> None:
    with pytest.raises(CannotOpen):
        open_envelope(SEALED, OPENER, bytes(32))


def test_a_body_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadBody):
        seal(REPORTER.sender(), RECIPIENT, bytes(15_133), LINE.line_id, os.urandom)


def test_trial_opening_finds_the_right_bundle_among_many() -> None:
    openers = [key.opener(LINE.identities[0].fetch) for key in reversed(LINE.keys)]
    position, opened = open_any(SEALED, openers, LINE.line_id)
    assert (position, opened.body) == (2, b"They keep our passports")
    with pytest.raises(CannotOpen):
        open_any(SEALED, openers[:2], LINE.line_id)


@given(st.integers(1, 6), st.data())
def test_a_batch_reaches_exactly_the_chosen(count: int, data: st.DataObject) -> None:
    line = TestLine(count)
    directory, bundles = line.directory(), line.bundles()
    chosen = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    body = bodies.write_body("report", bodies.new_mid(os.urandom), {"text": "Help"})
    batch = seal_batch(directory, bundles, REPORTER.sender(), chosen, body, os.urandom)
    envelopes = wire.split_batch(batch, count)
    for index, identity in enumerate(line.identities):
        own = [e for e in envelopes if is_for(e, identity.fetch_sk)]
        assert len(own) == 1, "exactly one envelope each, addressed or not"
        opened = open_envelope(own[0], line.keys[index].opener(identity.fetch), line.line_id)
        kind = bodies.read_body(opened.body)["kind"]
        assert kind == ("report" if index in chosen else "cover")
        assert (opened.sender == REPORTER.public) is (index in chosen)


def test_a_reply_takes_the_writers_own_slot() -> None:
    body = bodies.write_body("reply", bodies.new_mid(os.urandom), {"text": "You are not alone"})
    batch = seal_reply_batch(
        DIRECTORY, LINE.bundles(), 1, LINE.identities[1].sender(), REPORTER.public, body, os.urandom
    )
    envelopes = wire.split_batch(batch, 3)
    mine = [e for e in envelopes if is_for(e, REPORTER.fetch_sk)]
    assert len(mine) == 1
    opened = open_envelope(mine[0], REPORTER.opener(), LINE.line_id)
    assert opened.sender_keys == LINE.identities[1].dh + LINE.identities[1].mlkem
    assert opened.sender.xwing == bytes(1216)
    assert not any(is_for(e, LINE.identities[1].fetch_sk) for e in envelopes)
    assert sum(is_for(e, LINE.identities[i].fetch_sk) for e in envelopes for i in (0, 2)) == 2


def test_without_a_bundle_a_slot_is_a_cover_to_nobody_and_the_batch_is_as_long() -> None:
    body = bodies.write_body("report", bodies.new_mid(os.urandom), {"text": "Help"})
    bundles = LINE.bundles(without={0})
    batch = seal_batch(DIRECTORY, bundles, REPORTER.sender(), {0, 1}, body, os.urandom)
    envelopes = wire.split_batch(batch, 3)
    assert not any(is_for(e, LINE.identities[0].fetch_sk) for e in envelopes)
    assert sum(is_for(e, LINE.identities[1].fetch_sk) for e in envelopes) == 1


def test_a_closed_desk_is_said_before_anything_is_sent() -> None:
    with pytest.raises(BadBundle, match="Nobody at the desks"):
        seal_batch(
            DIRECTORY, LINE.bundles(without={0, 1}), REPORTER.sender(), {0, 1}, b"", os.urandom
        )


def test_covers_share_no_key_with_each_other_or_the_sender() -> None:
    body = bodies.write_body("report", bodies.new_mid(os.urandom), {"text": "Help"})
    senders = set()
    for _ in range(2):
        batch = seal_batch(DIRECTORY, LINE.bundles(), REPORTER.sender(), {0}, body, os.urandom)
        for envelope in wire.split_batch(batch, 3):
            for index in (1, 2):
                if is_for(envelope, LINE.identities[index].fetch_sk):
                    opener = LINE.keys[index].opener(LINE.identities[index].fetch)
                    opened = open_envelope(envelope, opener, LINE.line_id)
                    sender = opened.sender
                    senders |= {sender.fetch, sender.dh, sender.mlkem, sender.xwing}
    assert len(senders) == 16
    public = REPORTER.public
    assert not senders & {public.fetch, public.dh, public.mlkem, public.xwing, bytes(1216)}
