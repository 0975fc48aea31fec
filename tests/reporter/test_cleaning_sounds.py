"""Recordings: tags before, between and behind the sound, and numbers that tell the second."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reporter.test_cleaning import _break, _examine

FILES = Path(__file__).parent / "files"
SECRET = b"Distinctive words"
SOUND = random.Random(5).randbytes(2_000)


def _read(name: str) -> bytes:
    return (FILES / name).read_bytes()


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _wav(*more: bytes) -> bytes:
    form = _riff(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16))
    body = b"WAVE" + form + b"".join(more) + _riff(b"data", SOUND) + _riff(b"iXML", SECRET)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _void(size: int) -> bytes:
    return b"\xec" + bytes([0x80 | size]) + SECRET.ljust(size, b" ")


def _webm_more(element: bytes) -> bytes:
    """With an element behind the last cluster, in a segment without an end."""
    data = _read("voice.webm")
    at = data.index(b"\x18\x53\x80\x67") + 4
    return data[:at] + b"\x01" + b"\xff" * 7 + data[at + 8 :] + element


AMR = b"#!AMR\n" + b"".join(b"\x3c" + bytes([n] * 31) for n in range(40))
ADTS = b"\xff\xf1\x50\x40\x0b\x5f\xfc" + bytes([0xDE, 0xAD]) + bytes(81)

LEAKS: dict[str, Callable[[], bytes]] = {
    "wav": lambda: _wav(_riff(b"LIST", b"INFOIART" + struct.pack("<I", len(SECRET)) + SECRET)),
    "wav, studio": lambda: _wav(_riff(b"bext", SECRET.ljust(602)), _riff(b"id3 ", SECRET)),
    "mp3": lambda: _read("notes.mp3"),
    "mp3, ape": lambda: _read("notes.mp3")[:-128] + b"APETAGEX" + SECRET + bytes(40),
    "mp3, between": lambda: _read("notes.mp3")[:-128] + SECRET + _read("notes.mp3"),
    "opus": lambda: _read("notes.opus"),
    "webm": lambda: _read("notes.webm"),
    "webm, void": lambda: _webm_more(_void(40)),
    "webm, attachment": lambda: _webm_more(
        b"\x19\x41\xa4\x69" + bytes([0x80 | len(SECRET)]) + SECRET
    ),
    "webm, unknown": lambda: _webm_more(b"\x4f\xff" + bytes([0x80 | len(SECRET)]) + SECRET),
    "m4a": lambda: _read("notes.m4a"),
    "aac": lambda: b"ID3\4\0\0\0\0\0\x11" + SECRET + ADTS * 5 + SECRET,
}


@pytest.mark.parametrize("name", LEAKS)
def test_only_the_sound_is_left_of_a_recording(name: str, tmp_path: Path) -> None:
    data = LEAKS[name]()
    assert b"Distinctive" in data
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert b"Distinctive" not in copy
    assert found["ending"] == {"opus": "ogg"}.get(name[:4], name.partition(",")[0])
    assert found["revealed"]["other"] or name == "webm, void"
    _, twice = _examine(copy, tmp_path)
    assert twice == copy
    if name.startswith("wav"):
        assert SOUND in copy
    if name == "aac":
        assert copy == ADTS * 4, "the last frame could be one that was cut off"


def _ape(text: bytes) -> bytes:
    """Return a tag of one item, as APEv2 puts it at the end: its head first."""
    item = struct.pack("<II", len(text), 0) + b"Location\0" + text
    about = struct.pack("<IIII", 2000, len(item) + 32, 1, 0xA0000000) + bytes(8)
    return b"APETAGEX" + about + item


@pytest.mark.parametrize(
    "tag", [b"TAG" + SECRET.ljust(125, b"\0"), _ape(SECRET)], ids=["id3", "ape"]
)
@pytest.mark.parametrize("name", ["mp3", "aac"])
def test_a_frame_that_was_cut_off_takes_no_piece_of_a_tag_along(
    name: str, tag: bytes, tmp_path: Path
) -> None:
    sound = _read("notes.mp3")[:-128] if name == "mp3" else ADTS * 5
    found, whole = _examine(sound + tag, tmp_path)
    assert found["cleaned"], found
    for short in range(1, 80, 6):
        found, copy = _examine(sound[:-short] + tag, tmp_path)
        assert found["cleaned"], found
        assert b"Dist" not in copy, short
        assert whole.startswith(copy[-64:]) or copy[-64:] in whole, "whole frames"
        assert len(copy) >= len(whole) - 500, "no more is lost than the frame that was cut off"


def test_a_recording_of_the_page_loses_when_it_was_made(tmp_path: Path) -> None:
    """Chromium writes the second into each MP4, and draws a number for each WebM."""
    data = _read("voice.mp4")
    found, copy = _examine(data, tmp_path)
    assert found["revealed"]["time"] == "2026-11-29T14:40"
    (second,) = struct.unpack(">Q", data[data.index(b"mvhd") + 8 :][:8])
    assert struct.pack(">Q", second)[4:] in data
    assert struct.pack(">Q", second)[4:] not in copy
    data = _read("voice.webm")
    uid = data[data.index(b"\x73\xc5") + 3 :][:7]
    assert len(set(uid)) > 4
    _, copy = _examine(data, tmp_path)
    assert uid not in copy
    assert b"Chrome" not in copy


def test_an_oggs_number_is_the_same_for_all(tmp_path: Path) -> None:
    """The program opusenc draws it from the second of the day; and each page is signed anew."""
    data = _read("notes.opus")
    serial = data[14:18]
    assert len(set(serial)) > 1
    _, copy = _examine(data, tmp_path)
    at, pages = 0, 0
    while at < len(copy):
        sizes = copy[at + 27 : at + 27 + copy[at + 26]]
        end = at + 27 + len(sizes) + sum(sizes)
        page = bytearray(copy[at:end])
        assert page[14:18] == b"\0\0\0\1"
        kept, page[22:26] = bytes(page[22:26]), bytes(4)
        assert _checksum(bytes(page)) == int.from_bytes(kept, "little")
        at, pages = end, pages + 1
    assert pages > 2


def _checksum(page: bytes) -> int:
    """RFC 3533: a polynomial of 32 bits, nothing turned round."""
    total = 0
    for byte in page:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1 ^ (0x04C11DB7 if total >> 31 else 0)) & 0xFFFFFFFF
    return total


def test_an_amr_stays_and_one_with_something_else_is_not_cleaned(tmp_path: Path) -> None:
    assert _examine(AMR, tmp_path)[1] == AMR
    found, copy = _examine(AMR + SECRET, tmp_path)
    assert (found["cleaned"], copy) == (False, b"")


@pytest.mark.parametrize(
    "data",
    [
        _read("notes.opus").replace(b"OpusHead", b"Speex   "),
        _read("notes.opus") + SECRET,
        _read("notes.webm").replace(b"V_VP9", b"V_DST"),
        _read("notes.webm")[:-100],
        b"RIFF\x10\0\0\0WAVE" + _riff(b"LIST", SECRET),
        b"ID3\4\0\0\0\0\0\x11" + SECRET,
    ],
    ids=["stream", "behind ogg", "codec", "cut", "no sound", "tag alone"],
)
def test_a_recording_that_is_not_understood_stays_as_it_is(data: bytes, tmp_path: Path) -> None:
    found, copy = _examine(data, tmp_path)
    assert (found["cleaned"], copy) == (False, b"")


@pytest.mark.parametrize("name", ["wav", "mp3", "opus", "webm", "webm, unknown", "m4a", "aac"])
def test_no_broken_recording_makes_the_page_stumble(name: str, tmp_path: Path) -> None:
    _break(LEAKS[name](), tmp_path, tries=300, within=1_500)
