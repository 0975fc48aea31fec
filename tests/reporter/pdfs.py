"""PDFs put together by hand, so that a test knows every word of them."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping
from io import BytesIO

import pypdfium2
from PIL import Image, ImageChops

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(entries: bytes, data: bytes, *, deflated: bool = False) -> bytes:
    """Return a stream object."""
    if deflated:
        entries, data = entries + b"/Filter/FlateDecode", zlib.compress(data)
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def content(words: str) -> bytes:
    """Return a page's content that writes the words with the font /F1."""
    return b"BT /F1 12 Tf 20 150 Td (%s) Tj ET" % words.encode("latin1")


def pdf(
    objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R", before: bytes = b""
) -> bytes:
    """Return a file of numbered objects; with ``before``, that file and an update behind it."""
    file = bytearray(before or b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        file += b"%d 1\n%010d 00000 n \n" % (number, place)
    if before:
        previous = re.findall(rb"startxref\n(\d+)", before)[-1]
        trailer += b"/Prev " + previous
    size = max(objects) + 1
    file += b"trailer\n<<%s/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, max(size, 100), start)
    return bytes(file)


def in_object_streams(objects: Mapping[int, bytes], info: int = 8) -> bytes:
    """Return a file whose objects, but for streams, are in object streams, as PDF 1.5 can."""
    together = {number: body for number, body in objects.items() if b"\nstream\n" not in body}
    heads, bodies = b"", b""
    for number, body in together.items():
        heads += b"%d %d " % (number, len(bodies))
        bodies += body + b" "
    holder, table = max(objects) + 1, max(objects) + 2
    file = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    rows = {0: (0, 0, 255)}
    about = b"/Type/ObjStm/N %d/First %d" % (len(together), len(heads))
    apart = {number: body for number, body in objects.items() if number not in together}
    for number, body in (apart | {holder: stream(about, heads + bodies, deflated=True)}).items():
        rows[number] = (1, len(file), 0)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows |= {number: (2, holder, at) for at, number in enumerate(together)}
    start = len(file)
    rows[table] = (1, start, 0)
    lines = (rows.get(number, (0, 0, 255)) for number in range(table + 1))
    places = b"".join(struct.pack(">BHB", *line) for line in lines)
    about = b"/Type/XRef/W[1 2 1]/Size %d/Root 1 0 R/Info %d 0 R" % (table + 1, info)
    body = stream(about, places, deflated=True)
    return bytes(file) + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, body, start)


def simple(words: str, page: bytes = b"", document: bytes = b"") -> dict[int, bytes]:
    """Return the objects of one page that says the words; more entries for page and document."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % document,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>%s>>" % page,
        4: stream(b"", content(words), deflated=True),
        5: FONT,
    }


def inside(data: bytes) -> bytes:
    """Return a PDF's bytes with all that is deflated in it written out behind."""
    decoded = []
    for found in re.finditer(rb"stream\r?\n", data):
        try:
            decoded.append(zlib.decompressobj().decompress(data[found.end() :]))
        except zlib.error:
            continue
    return data + b"\n".join(decoded)


def pages(data: bytes) -> list[tuple[Image.Image, str]]:
    """Return each page as it looks, and its words."""
    with pypdfium2.PdfDocument(BytesIO(data)) as document:
        if document.get_formtype():
            document.init_forms()
        return [
            (page.render(scale=1).to_pil().convert("RGB"), page.get_textpage().get_text_range())
            for page in document
        ]


def same(before: bytes, after: bytes) -> bool:
    """Say whether two PDFs look alike, dot by dot, and say the same."""
    one, other = pages(before), pages(after)
    return len(one) == len(other) and all(
        words == said and ImageChops.difference(look, shown).getbbox() is None
        for (look, words), (shown, said) in zip(one, other, strict=True)
    )
