"""Films made by hand, box by box: with what cameras put beside and among the pictures."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SECONDS = 2_082_844_800 + 1_935_903_600
"""2031-05-07, as films count: from 1904."""


TURNED = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
"""A film that was taken on its side."""
NEXT = struct.pack(">I", 0x51525354)


def box(kind: bytes, *parts: bytes, wide: bool = False) -> bytes:
    """Return a box; ``wide`` ones have their length in 64 bits."""
    body = b"".join(parts)
    if wide:
        return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Return a box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def table(kind: bytes, rows: Iterable[Sequence[int]], code: str = "I") -> bytes:
    """Return a box of rows of numbers behind their count."""
    rows = list(rows)
    packed = b"".join(struct.pack(f">{len(row)}{code}", *row) for row in rows)
    return full(kind, struct.pack(">I", len(rows)), packed)


def units(*each: bytes) -> bytes:
    """Return a sample of H.264 or H.265: units behind their lengths of four bytes."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in each)


def note(kind: int, body: bytes, head: bytes = b"\x06") -> bytes:
    """Return a unit with one note (SEI): its kind, its length, itself, the bit that ends it."""
    return (
        head
        + bytes([kind])
        + b"\xff" * (len(body) // 255)
        + bytes([len(body) % 255])
        + body
        + b"\x80"
    )


def picture(seed: int, head: bytes = b"\x65") -> bytes:
    """Return a unit that is drawn, of bytes that no start code is among."""
    return head + bytes(byte | 1 for byte in random.Random(seed).randbytes(700))


SPS = b"\x67\x42\xc0\x1e\xd9\x02\x80\xbf"
PPS = b"\x68\xcb\x83\xcb\x20"
AVCC = (
    b"\x01\x42\xc0\x1e\xff\xe1"
    + struct.pack(">H", len(SPS))
    + SPS
    + b"\x01"
    + struct.pack(">H", len(PPS))
    + PPS
)


def hvcc(*notes: bytes) -> bytes:
    """Return what an H.265 decoder is told, with notes of the encoder's among it."""
    lists = b"".join(b"\x27\x00\x01" + struct.pack(">H", len(each)) + each for each in notes)
    return b"\x01" + bytes(20) + b"\x03" + bytes([len(notes)]) + lists


def pictures(
    kind: bytes = b"avc1",
    *inside: bytes,
    name: bytes = b"Distinctive encoder",
    maker: bytes = b"DSTV",
) -> bytes:
    """How pictures are packed: an entry with an encoder's and a maker's name."""
    inside = inside or (box(b"avcC", AVCC),)
    head = (
        bytes(6)
        + b"\0\1"
        + bytes(4)
        + maker
        + bytes(8)
        + struct.pack(">HHII", 64, 48, 0x480000, 0x480000)
    )
    return box(
        kind,
        head,
        bytes(4),
        b"\0\1",
        bytes([len(name)]) + name.ljust(31, b"\0"),
        b"\0\x18\xff\xff",
        *inside,
    )


def sound(
    kind: bytes,
    *inside: bytes,
    channels: int = 1,
    bits: int = 16,
    more: bytes = b"",
    version: int = 0,
) -> bytes:
    """How sound is packed; ``more`` is what QuickTime adds in its versions 1 and 2."""
    head = (
        bytes(6)
        + b"\0\1"
        + struct.pack(">HH4sHHHHI", version, 0, b"DSTV", channels, bits, 0, 0, 8000 << 16)
    )
    return box(kind, head, more, *inside)


@dataclass(frozen=True)
class Track:
    """Samples, and what is said of them; ``size`` and ``count`` overrule the table of sizes."""

    samples: Sequence[bytes]
    entry: bytes = field(default_factory=pictures)
    handler: bytes = b"vide"
    tables: bytes = b""
    places: bytes = field(default_factory=lambda: full(b"url ", flags=1))
    inside: dict[bytes, bytes] = field(default_factory=dict)
    size: int = 0
    count: int = 0


def _track(number: int, track: Track, offsets: list[int], long: bool) -> bytes:
    seconds = struct.pack(">II", SECONDS, SECONDS)
    more = track.inside.get
    sizes = [] if track.size else [len(sample) for sample in track.samples]
    per_chunk = track.count // len(track.samples) if track.count else 1
    stbl = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), track.entry),
        table(b"stts", [(len(track.samples), 100)]),
        full(
            b"stsz",
            struct.pack(">II", track.size, track.count or len(track.samples)),
            struct.pack(f">{len(sizes)}I", *sizes),
        ),
        table(b"stsc", [(1, per_chunk, 1)]),
        table(b"co64", [(at,) for at in offsets], "Q")
        if long
        else table(b"stco", [(at,) for at in offsets]),
        track.tables,
    )
    dref = full(b"dref", struct.pack(">I", 1), track.places)
    head = full(b"vmhd", bytes(8), flags=1) if track.handler == b"vide" else full(b"smhd", bytes(4))
    minf = box(b"minf", head, box(b"dinf", dref), stbl, more(b"minf", b""))
    hdlr = full(b"hdlr", b"mhlr", track.handler, b"appl", bytes(8), b"\x12Distinctive Handler\0")
    mdhd = full(b"mdhd", seconds, struct.pack(">IIHH", 1000, 300, 0x15C7, 0))
    mdia = box(b"mdia", mdhd, hdlr, minf, more(b"mdia", b""))
    tkhd = full(
        b"tkhd",
        seconds,
        struct.pack(">III", number, 0, 300),
        b"DSTV\0\0\0\0",
        bytes(8),
        TURNED,
        struct.pack(">II", 64 << 16, 48 << 16),
        flags=7,
    )
    return box(b"trak", tkhd, mdia, more(b"trak", b""))


def film(
    *tracks: Track,
    brand: bytes = b"isom",
    between: Sequence[bytes] = (),
    wide: bool = False,
    apart: bool = False,
    moov: bytes = b"",
    tail: bytes = b"",
) -> bytes:
    """Return a whole film: samples of all tracks in turn, ``between`` them what nobody names.

    ``wide``: 64 bits for the length of "mdat" and the offsets. ``apart``: each sample has an
    "mdat" of its own.
    """
    start = box(b"ftyp", brand, b"\0\0\2\0", brand, b"DSTV")
    at = len(start)
    offsets: list[list[int]] = [[] for _ in tracks]
    data = b""
    junk = list(between)
    for n in range(max(len(track.samples) for track in tracks)):
        for track, mine in zip(tracks, offsets, strict=True):
            if n >= len(track.samples):
                continue
            head = (16 if wide else 8) if apart or not data else 0
            mine.append(at + len(data) + head)
            each = track.samples[n] + (junk.pop(0) if junk else b"")
            data += box(b"mdat", each, wide=wide) if apart else bytes(head) + each
    if not apart:
        body = data[16 if wide else 8 :]
        data = box(b"mdat", body, wide=wide)
    seconds = struct.pack(">II", SECONDS, SECONDS)
    mvhd = full(
        b"mvhd",
        seconds,
        struct.pack(">IIIH", 1000, 300, 0x10000, 0x100),
        b"DSTV".ljust(10),
        TURNED,
        b"DSTV".ljust(24),
        NEXT,
    )
    whole = [
        _track(n + 1, track, mine, wide)
        for n, (track, mine) in enumerate(zip(tracks, offsets, strict=True))
    ]
    return start + data + box(b"moov", mvhd, *whole, moov) + tail


PICTURES = Track([units(picture(n)) for n in range(6)])


def fragments(
    track: Track, junk: bytes, *, here: bool = True, sizes: bool = True, more: bytes = b""
) -> bytes:
    """Return a film in fragments: one a sample, ``junk`` behind each.

    ``here``: counted from the fragment on, else from the file's beginning. Without ``sizes`` all
    samples have that of the first.
    """
    whole = film(Track([], track.entry, track.handler))
    trex = full(b"trex", struct.pack(">IIIII", 1, 1, 100, 0 if sizes else len(track.samples[0]), 0))
    at = whole.index(b"moov") - 4
    moov = whole[at + 8 :] + box(b"mvex", trex)
    data = whole[:16] + whole[16:at].replace(box(b"mdat"), b"") + box(b"moov", moov)
    for n, sample in enumerate(track.samples):
        length = 0
        for _ in range(2):  # the offset depends on how long the box is
            base = b"" if here else struct.pack(">Q", 0)
            tfhd = full(b"tfhd", struct.pack(">I", 1), base, flags=0x20000 if here else 1)
            offset = length + 8 if here else len(data) + length + 8
            rows = struct.pack(">I", len(sample)) if sizes else b""
            trun = full(b"trun", struct.pack(">Ii", 1, offset), rows, flags=0x201 if sizes else 1)
            traf = box(b"traf", tfhd, full(b"tfdt", struct.pack(">I", 100 * n)), trun, more)
            moof = box(b"moof", full(b"mfhd", struct.pack(">I", n + 1)), traf)
            length = len(moof)
        data += moof + box(b"mdat", sample + junk)
    return data
