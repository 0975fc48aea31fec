"""PDFs, by PDFium: a sheet a page, drawn on white paper. No form, link or script is run."""

import io

import pypdfium2 as pdfium
from pypdfium2 import raw

from app.console.viewer.child.request import (
    TEXT_MAX,
    NotOfThisKind,
    Request,
    Sheet,
    TooLarge,
    UnderPassword,
)

PAGES_MAX = 10_000
HEAD = 1_024
"""Bytes in which a PDF begins (as readers have it, not ISO 32000-2, 7.5.2)."""


def prepare() -> None:
    """Rehearse on an empty page: what is loaded late is loaded while files can be opened."""
    empty = io.BytesIO()
    document = pdfium.PdfDocument.new()
    document.new_page(10, 10)
    document.save(empty)
    document.close()
    draw(empty.getvalue(), Request("show", "document", 10, 0, 1, ""))
    text(empty.getvalue())


def opened(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF. Raises NotOfThisKind, UnderPassword, TooLarge, pdfium.PdfiumError."""
    if b"%PDF-" not in data[:HEAD]:
        raise NotOfThisKind
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnderPassword from None
        raise
    if len(document) > PAGES_MAX:
        raise TooLarge
    return document


def draw(data: bytes, request: Request) -> tuple[int, list[Sheet]]:
    """Return how many pages there are, and those asked for. Raises as ``opened``."""
    document = opened(data)
    total = len(document)
    return total, [_page(document[number], request.side) for number in request.sheets(total)]


def text(data: bytes) -> str:
    """Return the text of the pages, as far as TEXT_MAX characters."""
    document = opened(data)
    found: list[str] = []
    length = 0
    for number in range(len(document)):
        page = document[number]
        part = page.get_textpage().get_text_range()
        page.close()
        found.append(part)
        length += len(part)
        if length > TEXT_MAX:
            break
    return "\n".join(found)


def _page(page: pdfium.PdfPage, side: int) -> Sheet:
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise NotOfThisKind
    bitmap = page.render(scale=side / max(width, height), rev_byteorder=True, draw_annots=True)
    image = bitmap.to_pil().convert("RGB")
    # A page rounds up to whole pixels.
    image = image.crop((0, 0, min(image.width, side), min(image.height, side)))
    return Sheet(image.size, (round(width), round(height)), image.tobytes())
