"""Small files that take a decoder long: what one who wants to stop an investigator would send."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence


def _pdf(objects: Sequence[bytes]) -> bytes:
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number + 1, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
    return made + head + table + end % (len(objects) + 1, len(made))


def _stream(about: bytes, data: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (about, len(data), data)


def _page(drawn: bytes, resources: bytes = b"") -> list[bytes]:
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << %b >> >>" % resources,
        drawn,
    ]


def inflated(times: int = 60, megabytes: int = 24) -> bytes:
    """Return a PDF of 1 kB whose page is megabytes of nothing, packed twice, drawn many times."""
    nothing = b"q Q " * (megabytes * 1024**2 // 4)
    packed = zlib.compress(zlib.compress(nothing, 9), 9)
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter [/FlateDecode /FlateDecode]"
    drawn = _stream(b"", b"/X Do " * times)
    return _pdf([*_page(drawn, b"/XObject << /X 5 0 R >>"), _stream(form, packed)])


def swollen(megabytes: int = 110) -> bytes:
    """Return a PDF of 1 kB whose page is a drawing of so many megabytes: it fills the memory."""
    drawing = b"0 0 9 9 re f " * (megabytes * 1024**2 // 13)
    packed = zlib.compress(zlib.compress(drawing, 9), 9)
    return _pdf(_page(_stream(b"/Filter [/FlateDecode /FlateDecode]", packed)))


def scanned(side: int = 4_000, scans: int = 15_000) -> bytes:
    """Return a progressive JPEG (ITU-T T.81, G) that is slow to read.

    It is a grey square, gone over thousands of times to add nothing to it.
    """
    blocks = ((side + 7) // 8) ** 2
    # One code for each table: no difference (DC), and "the next 2^14 blocks and more end" (AC).
    runs = "".join("0" + "1" * 14 for _ in range(-(-blocks // 32_767)))
    runs += "0" * (-len(runs) % 8)
    ends = int(runs, 2).to_bytes(len(runs) // 8).replace(b"\xff", b"\xff\0")
    made = [
        b"\xff\xd8\xff\xdb" + struct.pack(">HB", 67, 0) + b"\1" * 64,
        b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, side, side, 1) + b"\1\x11\0",
        *(
            b"\xff\xc4" + struct.pack(">HB", 20, table) + b"\1" + bytes(15) + bytes([symbol])
            for table, symbol in ((0x00, 0x00), (0x10, 0xE0))
        ),
        b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1" + bytes(4) + bytes((blocks + 7) // 8),
    ]
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\1\x3f\0" + ends
    return b"".join((*made, scan * scans, b"\xff\xd9"))
