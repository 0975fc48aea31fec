"""Files to be shown and read, made here: PDFs by hand, Office files as zips of XML."""

from __future__ import annotations

import io
import unicodedata
import wave
import zipfile

from PIL import Image


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(file, form, **options)
    return file.getvalue()


def pdf(*pages: str) -> bytes:
    """Return a PDF of these pages, each a line of text of any script, drawn letter by letter."""
    letters = sorted(set("".join(pages)))
    codes = {letter: number + 1 for number, letter in enumerate(letters)}
    marks = "\n".join(
        f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /M def /CMapType 2 def\n1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{marks}\nendbfchar\nendcmap end end"
    )
    count = len(pages)
    kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H "
        "/DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /FontDescriptor 5 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        "<< /Type /FontDescriptor /FontName /F /Flags 4 /ItalicAngle 0 /Ascent 800 /Descent -200 "
        "/CapHeight 700 /StemV 80 /FontBBox [0 0 1000 1000] >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for number, text in enumerate(pages):
        leftward = unicodedata.bidirectional(text[0]) in ("R", "AL") if text else False
        # Letters stand on a page as they are seen, from the left.
        shown = "".join(f"{codes[letter]:04x}" for letter in (text[::-1] if leftward else text))
        # A black square, so that a page is seen to be drawn whatever fonts there are.
        drawn = f"0 0 100 100 re f BT /F 24 Tf 72 700 Td <{shown}> Tj ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * number} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects):
        places.append(len(made))
        made += f"{number + 1} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF"
    return made + end.encode()


def zipped(**parts: str) -> bytes:
    """Return a zip; a name's double underscore is a slash, its end is .xml."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return file.getvalue()


def docx(*paragraphs: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    said = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    body = f"<w:document {space}><w:body>{said}</w:body></w:document>"
    return zipped(word__document=body, docProps__core="<x>Not the text</x>")


def sound(seconds: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((1, 2, 8_000, 0, "NONE", ""))
        made.writeframes(b"\0\x20\0\xe0" * (4_000 * seconds))
    return file.getvalue()
