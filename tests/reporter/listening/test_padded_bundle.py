"""One padded bundle a language: of equal parts, the same for the same sounds."""

import hashlib
import json

import pytest

from app.reporter.errors import ContentError
from app.reporter.listening.padded_bundle import PART_BYTES, PARTS_MAX, make_bundle


def _unpacked(parts: tuple[bytes, ...]) -> tuple[dict[str, bytes], bytes]:
    """Return the sounds by screen, as the spec says, and what is behind them."""
    whole = b"".join(parts)
    behind = 4 + int.from_bytes(whole[:4], "big")
    index = json.loads(whole[4:behind])
    assert index["v"] == 1
    sounds = {
        screen: whole[behind + at : behind + at + size]
        for screen, (at, size) in index["screens"].items()
    }
    return sounds, whole[behind + sum(map(len, sounds.values())) :]


def test_every_part_has_the_same_size_and_the_sounds_are_in_it() -> None:
    sounds = {"text": b"t" * 300_000, "safety": b"s" * 5, "desks": b"d" * 70_000}
    bundle = make_bundle(sounds)
    assert [len(part) for part in bundle.parts] == [PART_BYTES] * 2
    assert bundle.digest == hashlib.sha256(b"".join(bundle.parts)).hexdigest()
    found, rest = _unpacked(bundle.parts)
    assert found == sounds
    assert not any(rest)
    assert list(bundle.files("en")) == ["en/listen/00.bin", "en/listen/01.bin"]


def test_the_size_tells_nothing_of_one_screen() -> None:
    sizes = {len(make_bundle({"safety": b"s" * n, "text": b"t"}).parts) for n in (1, 99, 250_000)}
    assert sizes == {1}


def test_the_order_in_which_recordings_came_changes_nothing() -> None:
    assert make_bundle({"a": b"1", "b": b"2"}) == make_bundle({"b": b"2", "a": b"1"})


def test_more_than_a_phone_should_load_is_refused() -> None:
    with pytest.raises(ContentError, match="more than 8 MB"):
        make_bundle({"safety": bytes(PART_BYTES * PARTS_MAX)})
