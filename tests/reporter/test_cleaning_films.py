"""Films: what lies among and beside the pictures, and tells. The pictures stay where they were."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reporter import films
from tests.reporter.films import (
    PICTURES,
    Track,
    box,
    film,
    fragments,
    full,
    note,
    picture,
    pictures,
    sound,
    table,
    units,
)
from tests.reporter.test_cleaning import _break, _examine

SECRETS = (b"Distinctive", b"DSTV", struct.pack(">I", films.SECONDS))
GPS = b"\0\0\x80\0freeGPS Distinctive +48.8583-002.2944/" + bytes(40)
ENCODER = (
    bytes(range(1, 17)) + b"x264 - core 164 - Distinctive - options: cabac=1 ref=3 deblock=1:0:0"
)


def _notes(size: int) -> bytes:
    return note(5, (ENCODER * 8)[:size])


def _noted(*extra: bytes, entry: bytes | None = None, head: bytes = b"\x65") -> Track:
    samples = [units(*extra, picture(n, head)) for n in range(6)]
    return Track(samples, entry or pictures())


def _hevc(*extra: bytes, sets: tuple[bytes, ...] = ()) -> Track:
    entry = pictures(b"hvc1", box(b"hvcC", films.hvcc(*sets)))
    return _noted(*extra, entry=entry, head=b"\x26\x01")


def _other(handler: bytes, kind: bytes, inside: bytes) -> Track:
    """Return a track of no pictures nor sound: a way on the map, a time, what a phone saw."""
    samples = [
        b"DEVC" + bytes(4) + b"Distinctive +48.8583-002.2944/" + bytes([n]) for n in range(6)
    ]
    return Track(samples, box(kind, bytes(6) + b"\0\1", inside), handler)


ALIAS = full(b"alis", b"\0\0\1\x20Distinctive disk:Users:Distinctive:film.mov", flags=1)
T35 = note(4, b"\xb5\0\x3cDistinctive captions")
CLOCK = note(136, b"Distinctive clock", head=b"\x4e\x01")
SPEAKING = note(5, ENCODER, head=b"\x4e\x01")
AFTER = note(5, ENCODER, head=b"\x50\x01")
FIRST = units(picture(0))

LEAKS: dict[str, Callable[[], bytes]] = {
    "names": lambda: film(PICTURES),
    "dash camera": lambda: film(PICTURES, between=[GPS] * 6),
    "dash camera, long": lambda: film(PICTURES, between=[GPS] * 6, wide=True),
    "dash camera, mov": lambda: film(PICTURES, between=[GPS] * 6, brand=b"qt  "),
    "several mdat": lambda: film(PICTURES, between=[GPS] * 6, apart=True),
    "mdat of nobody": lambda: film(PICTURES, tail=box(b"mdat", GPS)),
    "free at the top": lambda: film(PICTURES, tail=box(b"free", GPS)),
    "wide at the top": lambda: film(PICTURES, tail=box(b"wide", GPS)),
    "behind a brand": lambda: film(PICTURES).replace(b"\0\0\2\0", b"DSTV", 1),
    "action camera": lambda: film(PICTURES, _other(b"meta", b"gpmd", bytes(4))),
    "telephone": lambda: film(PICTURES, _other(b"meta", b"mebx", box(b"keys", b"Distinctive"))),
    "time code": lambda: film(PICTURES, _other(b"tmcd", b"tmcd", bytes(26))),
    "subtitles": lambda: film(PICTURES, _other(b"text", b"tx3g", bytes(30))),
    "disk": lambda: film(Track(PICTURES.samples, places=ALIAS)),
    "unknown table": lambda: film(Track(PICTURES.samples, tables=box(b"gps0", GPS))),
    "groups": lambda: film(Track(PICTURES.samples, tables=full(b"sgpd", b"dstv" + GPS))),
    "longer than it says": lambda: film(
        Track(PICTURES.samples, tables=full(b"cslg", bytes(20) + GPS))
    ),
    "rows behind": lambda: film(
        Track(PICTURES.samples, tables=full(b"stss", struct.pack(">II", 1, 1) + GPS))
    ),
    "behind an entry": lambda: film(
        _noted(entry=pictures(b"avc1", box(b"avcC", films.AVCC), box(b"dstv", GPS)))
    ),
    "end of avcC": lambda: film(_noted(entry=pictures(b"avc1", box(b"avcC", films.AVCC + GPS)))),
    "user data": lambda: film(PICTURES, moov=box(b"udta", box(b"\xa9xyz", GPS))),
    "beside a track": lambda: film(Track(PICTURES.samples, inside={b"trak": box(b"gps ", GPS)})),
    "beside media": lambda: film(Track(PICTURES.samples, inside={b"mdia": box(b"meta", GPS)})),
    "under minf": lambda: film(Track(PICTURES.samples, inside={b"minf": box(b"gmhd", GPS)})),
    "encoder": lambda: film(_noted(note(5, ENCODER))),
    "encoder, hevc": lambda: film(_hevc(SPEAKING, AFTER)),
    "encoder, told before": lambda: film(_hevc(sets=(SPEAKING,))),
    "captions": lambda: film(_noted(T35)),
    "clock, hevc": lambda: film(_hevc(CLOCK)),
    "among what stays": lambda: film(_noted(note(6, b"\x90")[:-1] + note(5, ENCODER)[1:])),
    "unknown unit": lambda: film(_noted(b"\x1e" + ENCODER)),
    "unknown unit, hevc": lambda: film(_hevc(b"\x7c\x01" + ENCODER)),
    "filling that is none": lambda: film(_noted(b"\x0c" + ENCODER)),
    "av1": lambda: film(
        Track(
            [b"\x2a" + bytes([len(ENCODER) + 1]) + b"\4" + ENCODER + b"\x32\x03abc"] * 3,
            pictures(b"av01", box(b"av1C", b"\x81\0\0\0")),
        )
    ),
    "mpeg-4": lambda: film(_mpeg4()),
    "sound": lambda: film(
        PICTURES,
        Track(
            [bytes([n]) * 90 for n in range(6)],
            sound(b"samr", box(b"damr", b"DSTV\1\0\0\0\1")),
            b"soun",
        ),
    ),
    "fragments": lambda: fragments(PICTURES, GPS),
    "fragments, by place": lambda: fragments(PICTURES, GPS, here=False),
    "fragments of one size": lambda: fragments(PICTURES, GPS, sizes=False),
    "beside a fragment": lambda: fragments(PICTURES, b"", more=box(b"dstv", GPS)),
    "encoder in fragments": lambda: fragments(_noted(note(5, ENCODER)), b""),
}


QUIET = {
    "names",
    "behind a brand",
    "sound",
    "groups",
    "disk",
    "longer than it says",
    "rows behind",
    "end of avcC",
}
"""What is in all films, or beside the tables: the page says nothing of it."""


def _mpeg4() -> Track:
    sets = b"\0\0\1\xb2" + ENCODER + b"\0\0\1\x20VOL"
    inside = (
        b"\4"
        + bytes([15 + len(sets)])
        + b"\x20\x11"
        + bytes(11)
        + b"\5"
        + bytes([len(sets)])
        + sets
    )
    esds = full(b"esds", b"\3" + bytes([3 + len(inside)]) + b"\0\1\0" + inside)
    samples = [b"\0\0\1\xb2" + ENCODER + b"\0\0\1\xb6" + picture(n) for n in range(6)]
    return Track(samples, pictures(b"mp4v", esds))


def _pictures_of(data: bytes) -> dict[int, bytes]:
    """Where each picture of ``films`` lies."""
    bodies = (picture(n)[1:] for n in range(6))
    return {data.index(body): body for body in bodies if body in data}


@pytest.mark.parametrize("name", LEAKS)
def test_nothing_that_tells_is_left_in_a_film(name: str, tmp_path: Path) -> None:
    data = LEAKS[name]()
    assert any(secret in data for secret in SECRETS)
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert [secret for secret in SECRETS if secret in copy] == []
    assert _pictures_of(copy) == _pictures_of(data), "the pictures are where they were"
    assert len(copy) == len(data)
    for mark in (films.TURNED, films.NEXT):
        assert copy.find(mark) == data.find(mark), "which way up stays too"
    assert copy.count(films.TURNED) >= 2
    assert found["revealed"]["other"] or found["revealed"]["place"] or name in QUIET
    _, twice = _examine(copy, tmp_path)
    assert twice == copy, "what is clean stays as it is"


@pytest.mark.parametrize(
    "size", [0, 1, 17, 250, 251, 252, 253, 254, 255, 256, 257, 258, 509, 510, 511, 512, 513]
)
def test_notes_of_any_length_become_filling_and_a_unit_stays_a_unit(
    size: int, tmp_path: Path
) -> None:
    _, copy = _examine(film(_noted(_notes(size))), tmp_path)
    at = copy.index(b"mdat") + 4
    (length,) = struct.unpack(">I", copy[at : at + 4])
    unit = copy[at + 4 : at + 4 + length]
    assert unit[:1] == b"\x06"
    assert unit[-1:] == b"\x80"
    rest = unit[1:-1]
    while rest:
        assert rest[0] == 3, "filling, and nothing else"
        room, rest = 0, rest[1:]
        while rest[0] == 255:
            room, rest = room + 255, rest[1:]
        room, rest = room + rest[0], rest[1:]
        assert rest[:room] == b"\xff" * room
        rest = rest[room:]


def test_notes_that_pictures_are_drawn_by_stay(tmp_path: Path) -> None:
    """The colours of the screen that a film was made on, and that one can begin here."""
    screen, again = note(137, bytes(24)), note(6, b"\x90")
    _, copy = _examine(film(_noted(screen, again, note(5, ENCODER))), tmp_path)
    assert copy.count(units(screen, again)) == 6
    both = note(137, bytes(20) + b"\0\0\3\1")[:-1] + note(5, ENCODER)[1:]
    _, copy = _examine(film(_noted(both)), tmp_path)
    assert copy.count(note(137, bytes(20) + b"\0\0\3\1")[1:]) == 0, (
        "zeros are told apart from a start"
    )


def test_sound_that_quicktime_counts_in_frames_stays_whole(tmp_path: Path) -> None:
    """Old tables say that each sample has one byte; how many it has stands elsewhere."""
    heard = [bytes((n * 7 + k) % 251 + 1 for k in range(400)) for n in range(6)]
    one = Track(heard, sound(b"twos", channels=2), b"soun", size=1, count=600)
    more = struct.pack(">IIII", 1, 2, 4, 2)
    two = Track(heard, sound(b"in24", channels=2, more=more, version=1), b"soun", size=1, count=600)
    for track in (one, two):
        data = film(PICTURES, track, between=[GPS, GPS])
        found, copy = _examine(data, tmp_path)
        assert found["cleaned"]
        assert all(copy.find(each) == data.find(each) > 0 for each in heard)
        assert GPS[:20] not in copy


FAR = full(b"url ", b"file:///home/Distinctive/film\0")
STRANGE: dict[str, bytes] = {
    "nothing that plays": film(_other(b"meta", b"gpmd", bytes(4))),
    "pictures elsewhere": film(Track(PICTURES.samples, places=FAR)),
    "locked": film(_noted(entry=pictures(b"encv", box(b"avcC", films.AVCC)))),
    "of an unknown kind": film(_noted(entry=pictures(b"jpeg", box(b"pasp", bytes(8))))),
    "without what tells how": film(_noted(entry=pictures(b"avc1", box(b"pasp", bytes(8))))),
    "two tables": film(Track(PICTURES.samples, tables=table(b"stco", [(40,)]))),
    "no units": film(Track([b"Distinctive words, no units" * 9] * 3)),
    "a sample elsewhere": film(PICTURES).replace(
        table(b"stsc", [(1, 1, 1)]), table(b"stsc", [(1, 9, 1)])
    ),
    "more than lies there": film(Track([FIRST], size=9_000)),
    "a fragment of nobody's place": fragments(PICTURES, b"").replace(
        b"\0\2\0\0\0\0\0\1", b"\0\0\0\1\0\0\0\1"
    ),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_film_that_is_not_understood_is_said_to_stay_as_it_is(name: str, tmp_path: Path) -> None:
    found, copy = _examine(STRANGE[name], tmp_path)
    assert (found["cleaned"], copy) == (False, b"")


@pytest.mark.parametrize(
    "name", ["encoder", "encoder, hevc", "fragments", "mpeg-4", "dash camera, long"]
)
def test_no_broken_film_makes_the_page_stumble(name: str, tmp_path: Path) -> None:
    _break(LEAKS[name](), tmp_path, tries=300)
