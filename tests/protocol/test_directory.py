"""Directories and bundles: only what this line's root signed, in one form, is believed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from itertools import pairwise

import pytest

from app.protocol.bundles import GRACE_SECONDS, bundle_in_service, open_bundles, reference_time
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u
from app.protocol.errors import BadBundle, BadDirectory, BadSignature, ProtocolError
from app.protocol.identities import sign, verify_key
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_BUNDLE, TAG_ROOT
from tests.protocol.line import NOON, WINDOW, TestLine

LINE = TestLine(3)


def test_a_good_directory_is_read() -> None:
    directory = LINE.directory()
    assert directory.active == (0, 1, 2)
    assert directory.members({"d0"}) == {0, 1}
    assert directory.members({"d0", "d1"}) == {0, 1, 2}
    with pytest.raises(BadDirectory):
        directory.members({"nobody"})


def test_the_state_by_day() -> None:
    directory = LINE.directory()  # expires 2027-02-28
    states = [
        ("2026-11-01", "ok"),
        ("2027-01-14", "ok"),
        ("2027-01-15", "expiring"),
        ("2027-02-28", "expiring"),
        ("2027-03-01", "grace"),
        ("2027-03-14", "grace"),
        ("2027-03-15", "expired"),
    ]
    for day, state in states:
        assert directory.state(dt.date.fromisoformat(day)) == state


def test_another_root_or_a_changed_byte_is_refused() -> None:
    with pytest.raises(BadSignature):
        open_directory(LINE.signed(root=Secret(bytes(32))), LINE.line_id)
    signed = json.loads(LINE.signed())
    other = json.loads(LINE.signed({**LINE.inner(), "version": 2}))
    with pytest.raises(BadSignature):
        open_directory(
            json.dumps({**signed, "directory": other["directory"]}).encode(), LINE.line_id
        )
    with pytest.raises(BadDirectory):
        open_directory(LINE.signed({**LINE.inner(), "line_id": b64u(bytes(32))}), LINE.line_id)


def test_a_file_that_names_another_root_than_its_signer_is_refused() -> None:
    signed = json.loads(LINE.signed())
    with pytest.raises(BadSignature, match="current root"):
        open_directory(json.dumps({**signed, "root": "00" * 32}).encode(), LINE.line_id)


def test_a_chain_of_roots_is_followed_from_the_line_id() -> None:
    roots = [LINE.root, Secret(b"1" * 32), Secret(b"2" * 32)]
    chain = [
        {
            "root": b64u(verify_key(new)),
            "signature": b64u(sign(old, TAG_ROOT, verify_key(new))),
        }
        for old, new in pairwise(roots)
    ]
    signed = LINE.signed({**LINE.inner(), "roots": chain}, roots[2])
    assert open_directory(signed, LINE.line_id).root == verify_key(roots[2])
    for broken in (chain[1:], chain[:1], [chain[1], chain[0]]):
        with pytest.raises(BadSignature):
            open_directory(LINE.signed({**LINE.inner(), "roots": broken}, roots[2]), LINE.line_id)


def test_who_has_left_has_a_day_and_speaks_for_no_desk() -> None:
    line = TestLine(3)
    line.statuses = ["active", "former", "active"]
    directory = line.directory()
    assert [one.left for one in directory.investigators] == [None, dt.date(2026, 8, 15), None]
    named = [directory.desk_of(index, "d0") for index in range(3)]
    assert [desk.id if desk else None for desk in named] == ["d0", None, None]
    assert directory.desk_of(0, "d1") is None
    assert directory.desk_of(0, 7) is None


@pytest.mark.parametrize(
    ("status", "left"),
    [
        ("former", {}),
        ("former", {"left": None}),
        ("former", {"left": "2026-02-30"}),
        ("former", {"left": "2026-09-02"}),  # the directory is of the day before
        ("active", {"left": "2026-08-15"}),
        ("compromised", {"left": "2026-08-15"}),
    ],
)
def test_a_day_of_leaving_that_does_not_fit_refuses_the_directory(
    status: str, left: dict[str, str]
) -> None:
    inner = LINE.inner()
    inner["investigators"][2] |= {"status": status} | left
    with pytest.raises(BadDirectory):
        open_directory(LINE.signed(inner), LINE.line_id)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"directory": 1}', b"[" * 5000])
def test_rubbish_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ProtocolError, match=r"\w+ \w+"):
        open_directory(data, LINE.line_id)


def test_bundles_are_verified_against_the_directory_they_name() -> None:
    directory, bundles = LINE.directory(), LINE.bundles()
    opened = open_bundles(bundles.serialise(), directory)
    assert opened == bundles
    assert reference_time(opened, directory) == NOON

    with pytest.raises(BadBundle, match="another directory"):
        open_bundles(replace(bundles, directory_hash=bytes(32)).serialise(), directory)
    swapped = replace(bundles, bundles={0: bundles.bundles[1]})
    with pytest.raises(BadSignature):
        open_bundles(swapped.serialise(), directory)
    later = replace(bundles.bundles[0], not_after=NOON + 2 * WINDOW)
    with pytest.raises(BadSignature):
        open_bundles(replace(bundles, bundles={0: later}).serialise(), directory)
    with pytest.raises(BadBundle, match="nobody"):
        open_bundles(replace(bundles, bundles={3: bundles.bundles[0]}).serialise(), directory)
    twice = bundles.serialise()
    with pytest.raises(ProtocolError):
        open_bundles(twice[:42] + twice[42 : 42 + 2514] * 3, directory)
    with pytest.raises(ProtocolError):
        open_bundles(twice[:-1], directory)


def test_a_bundle_long_past_its_window_refuses_the_file() -> None:
    """No server has it in service beside those of now: it was kept, and its keys are destroyed."""
    old_end = NOON + WINDOW - GRACE_SECONDS
    old = LINE.keys[2].bundle(LINE.identities[2], old_end - WINDOW, old_end)
    bundles = LINE.bundles()
    with_old = replace(bundles, bundles={**bundles.bundles, 2: old})
    assert set(open_bundles(with_old.serialise(), LINE.directory()).bundles) == {0, 1, 2}
    older = LINE.keys[2].bundle(LINE.identities[2], old_end - 2 * WINDOW, old_end - WINDOW)
    with_older = replace(bundles, bundles={**bundles.bundles, 2: older})
    with pytest.raises(BadBundle, match="no one moment"):
        open_bundles(with_older.serialise(), LINE.directory())


@pytest.mark.parametrize("field", ["dh", "mlkem", "xwing"])
def test_a_signed_bundle_that_nobody_can_seal_to_is_left_out(field: str) -> None:
    """One investigator must not be able to silence the line for the others."""
    good = LINE.bundles().bundles[1]
    bad = replace(good, **{field: bytes(32) if field == "dh" else b"\xff" * len(good.mlkem)})
    if field == "xwing":
        bad = replace(good, xwing=good.xwing[:-32] + bytes(32))
    signature = sign(LINE.identities[1].signing_seed, TAG_BUNDLE, bad.message())
    bundles = LINE.bundles()
    bundles.bundles[1] = replace(bad, signature=signature)
    opened = open_bundles(bundles.serialise(), LINE.directory())
    assert set(opened.bundles) == {0, 2}


def test_the_newest_bundle_stays_in_service_for_thirty_days() -> None:
    key, identity = LINE.keys[0], LINE.identities[0]
    first, second = (
        key.bundle(identity, NOON + at * WINDOW, NOON + (at + 1) * WINDOW) for at in (0, 1)
    )
    both = [second, first]
    assert bundle_in_service(both, NOON - 1) is None
    assert bundle_in_service(both, NOON) == first
    assert bundle_in_service(both, NOON + WINDOW) == second
    last = second.not_after + GRACE_SECONDS
    assert bundle_in_service(both, last - 1) == second
    assert bundle_in_service(both, last) is None
