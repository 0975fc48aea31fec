"""A copy of a file that is nothing but its pixels: a PNG, or a PDF of one picture a page.

Made here, of raw pixels: no letter, link, script, property or hidden layer of the original is in
it. What can be seen in the original can be seen in the copy, faces and names too.
"""

import io
from collections.abc import Iterable

import pypdfium2 as pdfium
from PIL import Image

from app.console.viewer.preview import Sheet

SHEETS_MAX = 100
SIDE = 1_754
"""Pixels of a page's longer side: A4 at 150 to the inch."""

PICTURE_SIDE = 4_096
PER_INCH = 150
JPEG_QUALITY = 85


def png(sheet: Sheet) -> bytes:
    """Return the sheet alone, every pixel as it was drawn."""
    return sheet.png()


class FlatPdf:
    """A PDF that grows by pages; in memory are their JPEGs alone."""

    def __init__(self) -> None:
        self._document = pdfium.PdfDocument.new()

    def add(self, sheets: Iterable[Sheet]) -> None:
        """Add sheets as pages of pictures, JPEG within."""
        for sheet in sheets:
            size = (sheet.width, sheet.height)
            drawn = io.BytesIO()
            picture = Image.frombuffer("RGB", size, bytes(sheet.rgb), "raw", "RGB", 0, 1)
            picture.save(drawn, "JPEG", quality=JPEG_QUALITY)
            drawn.seek(0)
            width, height = (side * 72 / PER_INCH for side in size)
            page = self._document.new_page(width, height)
            image = pdfium.PdfImage.new(self._document)
            image.load_jpeg(drawn, inline=True)
            image.set_matrix(pdfium.PdfMatrix().scale(width, height))
            page.insert_obj(image)
            page.gen_content()
            page.close()

    def bytes(self) -> bytes:
        """Return the PDF; nothing can be added any more."""
        made = io.BytesIO()
        self._document.save(made)
        self._document.close()
        return made.getvalue()
