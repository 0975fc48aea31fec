"""A drawing as a picture to be shown around: SVG from a template, PNG by Pillow.

Pillow decodes previews already and has a font of its own; a plotting library would be forty times
as much code for rectangles.
"""

from __future__ import annotations

import io

from jinja2 import Environment
from PIL import Image, ImageDraw, ImageFont

from app.console.features.statistics.chart_shapes import (
    HATCHED,
    TEXT,
    WIDTH,
    Box,
    Drawing,
    Path,
    Words,
)
from app.sentences.language import Language

COLOURS = {
    "ground": "#fbfbfa", "bar": "#2f5c88", "few": "#a9bdd2", "rule": "#dcdfe1",
    "curve": "#2f5c88", "text": "#1c2126", "soft": "#545c64",
}  # fmt: skip
_SCALE = 2
_HEAD, _FOOT, _EDGE = 46, 30, 20
_SIZE, _TITLE = 12.5, 16


def as_svg(
    templates: Environment, language: Language, drawing: Drawing, title: str, note: str
) -> bytes:
    """Return a file by itself: its colours and fonts are inside, and it asks for nothing."""
    template = templates.get_template("statistics/picture.svg")
    values = {
        "drawing": drawing, "title": title, "note": note, "colours": COLOURS, "width": WIDTH,
        "said_in": language, "head": _HEAD, "foot": _FOOT, "edge": _EDGE,
    }  # fmt: skip
    return template.render(values).encode()


def as_png(drawing: Drawing, title: str, note: str) -> bytes:
    """Return the same, twice as large, without anything but pixels in the file."""
    wide = (WIDTH + 2 * _EDGE) * _SCALE
    high = (drawing.height + _HEAD + _FOOT) * _SCALE
    sheet = Image.new("RGB", (round(wide), round(high)), COLOURS["ground"])
    brush = _Brush(ImageDraw.Draw(sheet))
    brush.text(Words(0, -18, title, look=TEXT), _TITLE)
    for shape in drawing.shapes:
        brush.shape(shape)
    brush.text(Words(0, drawing.height + 18, note), _SIZE - 1.5)
    out = io.BytesIO()
    sheet.quantize(32, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


class _Brush:
    def __init__(self, pen: ImageDraw.ImageDraw) -> None:
        self._pen = pen

    def shape(self, shape: Box | Path | Words) -> None:
        if isinstance(shape, Words):
            self.text(shape, _SIZE)
        elif isinstance(shape, Path):
            points = [self._at(x, y) for x, y in shape.points]
            wide = _SCALE if shape.look == "rule" else 2 * _SCALE
            self._pen.line(points, fill=COLOURS[shape.look], width=wide, joint="curve")
        else:
            corner = self._at(shape.x, shape.y)
            other = self._at(shape.x + shape.width, shape.y + shape.height)
            outline = COLOURS["bar"] if shape.look == HATCHED else None
            self._pen.rectangle((corner, other), fill=COLOURS[shape.look], outline=outline)

    def text(self, words: Words, size: float) -> None:
        font = ImageFont.load_default(size * _SCALE)
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[words.anchor]
        place = self._at(words.x, words.y)
        self._pen.text(place, words.text, COLOURS[words.look], font=font, anchor=anchor)

    @staticmethod
    def _at(x: float, y: float) -> tuple[float, float]:
        return (x + _EDGE) * _SCALE, (y + _HEAD) * _SCALE
