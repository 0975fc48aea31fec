"""A table as a picture to be shown around: SVG from a template, PNG by Pillow.

Its words are in the language that was chosen, with the English under them. SVG takes its letters
from whoever shows it. A PNG has them in it: where this machine cannot draw a script, the whole PNG
is in English and says so.

Pillow decodes previews already and has a font of its own; a plotting library would be forty times
as much code for rectangles.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from jinja2 import Environment
from PIL import Image, ImageDraw, ImageFont

from app.console.features.statistics.chart_lettering import Lettering
from app.console.features.statistics.chart_shapes import (
    HATCHED,
    SOFT,
    TEXT,
    WIDTH,
    Box,
    Path,
    Words,
    draw,
)
from app.console.features.statistics.counting import Table
from app.console.rules import wording
from app.sentences.language import Language, english
from app.sentences.side_by_side import SideBySide
from app.sentences.translatable import say

COLOURS = {
    "ground": "#fbfbfa", "bar": "#2f5c88", "few": "#a9bdd2", "rule": "#dcdfe1",
    "curve": "#2f5c88", "text": "#1c2126", "soft": "#545c64",
}  # fmt: skip
_SCALE = 2
_HEAD, _FOOT, _EDGE = 46, 30, 20
_SIZE, _TITLE = 12.5, 16
_LINE = 18
"""How much higher a sheet is for the English under its title, and under its note."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: a table, its title, and what has to be known of it."""

    table: Table
    title: str
    note: str


def as_svg(templates: Environment, language: Language, picture: Picture) -> bytes:
    """Return a file by itself: its colours and fonts are inside, and it asks for nothing."""
    sheet = _Sheet(picture, language)
    template = templates.get_template("statistics/picture.svg")
    values = {
        "drawing": sheet.drawing, "label": sheet.label, "lines": sheet.lines, "title": sheet.title,
        "colours": COLOURS, "width": WIDTH, "said_in": language, "head": sheet.head,
        "high": sheet.high, "edge": _EDGE,
    }  # fmt: skip
    return template.render(values).encode()


def as_png(language: Language, picture: Picture) -> bytes:
    """Return the same, twice as large, without anything but pixels in the file."""
    sheet, lettering = _Sheet(picture, language), None
    if language.locale is not None:
        lettering = Lettering()
        if not lettering.draws([one.text for one, _ in sheet.words()], _SIZE * _SCALE):
            name = wording.language(language.tag)
            note = say(
                "{note} In English: this computer has no letters for {language}.",
                note=picture.note,
                language=name,
            )
            sheet, lettering = _Sheet(replace(picture, note=note), english()), None
    wide = (WIDTH + 2 * _EDGE) * _SCALE
    canvas = Image.new("RGB", (round(wide), round(sheet.high * _SCALE)), COLOURS["ground"])
    brush = _Brush(ImageDraw.Draw(canvas), sheet.head, lettering)
    for shape in sheet.drawing.shapes:
        if not isinstance(shape, Words):
            brush.shape(shape)
    for text, size in sheet.words():
        brush.text(text, size)
    out = io.BytesIO()
    canvas.quantize(32, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


class _Sheet:
    """A drawing with its title over it and its note under it, in one language or two."""

    def __init__(self, picture: Picture, language: Language) -> None:
        self.drawing = draw(picture.table, language, beside=True)
        both = SideBySide(language)
        titles = [one for one in both.pair(picture.title) if one]
        notes = [one for one in both.pair(picture.note) if one]
        self.title, self.label = titles[0], language.say(self.drawing.label)
        self.head = _HEAD + _LINE * (len(titles) - 1)
        self.high = self.drawing.height + self.head + _FOOT + _LINE * (len(notes) - 1)
        self.lines = [
            _line(one, -18 - _LINE * (len(titles) - 1 - row), language if row == 0 else None, TEXT)
            for row, one in enumerate(titles)
        ] + [
            _line(one, self.drawing.height + 18 + _LINE * row, language if row == 0 else None, SOFT)
            for row, one in enumerate(notes)
        ]

    def words(self) -> list[tuple[Words, float]]:
        """Return every text with its size."""
        inside = [
            (one, _SIZE - 2 if one.small else _SIZE)
            for one in self.drawing.shapes
            if isinstance(one, Words)
        ]
        around = [
            (one, _TITLE if one.look == TEXT and not one.small else _SIZE - 1.5)
            for one in self.lines
        ]
        return [*inside, *around]


def _line(text: str, y: float, language: Language | None, look: str) -> Words:
    """Return a line over or under the drawing; without a language it is the English under one."""
    if language is None:
        return Words(0, y, text, look=look, small=True)
    leftward = language.direction == "rtl"
    return Words(WIDTH if leftward else 0, y, text, "start", look, language.direction)


class _Brush:
    def __init__(self, pen: ImageDraw.ImageDraw, head: float, lettering: Lettering | None) -> None:
        self._pen, self._head, self._lettering = pen, head, lettering

    def shape(self, shape: Box | Path) -> None:
        if isinstance(shape, Path):
            points = [self._at(x, y) for x, y in shape.points]
            wide = _SCALE if shape.look == "rule" else 2 * _SCALE
            self._pen.line(points, fill=COLOURS[shape.look], width=wide, joint="curve")
        else:
            corner = self._at(shape.x, shape.y)
            other = self._at(shape.x + shape.width, shape.y + shape.height)
            outline = COLOURS["bar"] if shape.look == HATCHED else None
            self._pen.rectangle((corner, other), fill=COLOURS[shape.look], outline=outline)

    def text(self, words: Words, size: float) -> None:
        leftward = words.direction == "rtl"
        ends = ("r", "m", "l") if leftward else ("l", "m", "r")
        anchor = dict(zip(("start", "middle", "end"), ends, strict=True))[words.anchor]
        place, ink = self._at(words.x, words.y), COLOURS[words.look]
        if self._lettering is not None:
            self._lettering.write(
                self._pen, place, words.text, size * _SCALE, ink, anchor, leftward=leftward
            )
            return
        font = ImageFont.load_default(size * _SCALE)
        self._pen.text(place, words.text, ink, font=font, anchor=f"{anchor}s")

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (x + _EDGE) * _SCALE, (y + self._head) * _SCALE
