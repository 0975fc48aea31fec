"""Plain text as sheets of pixels.

It is wrapped, right to left where its first letter is, in any script that this machine has a font
for.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from app.console.viewer.child import fonts, words
from app.console.viewer.child.fonts import Font, Fonts
from app.console.viewer.child.request import Request, Sheet

WIDTH, HEIGHT, MARGIN = 1_240, 1_600, 90
SIZE, LEADING = 28, 44
TEXT_MAX = 300_000
INK, PAPER = (28, 30, 33), (255, 255, 255)

# Where there are no spaces a line may end anywhere, but not between a letter and its marks.
_TOKEN = re.compile(
    "[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0e33"
    "\u102b-\u103e\u17b4-\u17d3]*"
    "|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]"
    "|\\s+|[^\\s\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{1,60}"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that one font draws."""

    text: str
    font: Font


@dataclass(frozen=True, slots=True)
class TextLine:
    """Runs in reading order."""

    runs: tuple[Run, ...]
    leftward: bool


def prepare() -> Fonts:
    """Open the fonts, and draw with one, so that what shapes letters is loaded."""
    ready = fonts.load(SIZE)
    words.prepare()
    draw("a أ".encode(), Request("show", "text", 10, 0, 1, ""), ready)
    return ready


def draw(data: bytes, request: Request, ready: Fonts) -> tuple[int, list[Sheet]]:
    """Return how many sheets there are, and those asked for. Raises NoSuchSheet."""
    lines = list(_lines(words.plain(data)[:TEXT_MAX], ready)) or [TextLine((), False)]
    a_sheet = (HEIGHT - 2 * MARGIN) // LEADING
    total = -(-len(lines) // a_sheet)
    sheets = []
    for number in request.sheets(total):
        image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        pen = ImageDraw.Draw(image)
        for place, line in enumerate(lines[number * a_sheet : (number + 1) * a_sheet]):
            _write(pen, line, MARGIN + SIZE + place * LEADING, ready.shaping)
        image.thumbnail((request.side, request.side))
        sheets.append(Sheet(image.size, (WIDTH, HEIGHT), image.tobytes()))
    return total, sheets


def _lines(text: str, ready: Fonts) -> Iterator[TextLine]:
    widths: dict[str, float] = {}
    room = WIDTH - 2 * MARGIN
    for paragraph in text.splitlines():
        leftward = _leftward(paragraph)
        line: list[Run] = []
        used, font = 0.0, ready.plain
        for token in _TOKEN.findall(paragraph.expandtabs(4)):
            font = next((found for char in token if (found := ready.of(char))), font)
            if not token.isspace() and not fonts.has(font, token[0]):
                font = ready.plain  # a Thai font has no full stop
            width = widths.get(token)
            if width is None:
                width = widths[token] = font.getlength(token)
            if used + width > room and line:
                yield TextLine(_joined(line), leftward)
                line, used = [], 0.0
                if token.isspace():
                    continue
            line.append(Run(token, font))
            used += width
        yield TextLine(_joined(line), leftward)


def _joined(line: list[Run]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for run in line:
        if runs and runs[-1].font is run.font:
            runs[-1] = Run(runs[-1].text + run.text, run.font)
        else:
            runs.append(run)
    return tuple(runs)


def _write(pen: ImageDraw.ImageDraw, line: TextLine, y: int, shaping: bool) -> None:
    """Draw a line; ``y`` is where the letters stand, whatever font they are from."""
    x = float(WIDTH - MARGIN if line.leftward else MARGIN)
    for run in line.runs:
        # Each run is put in order by itself; runs follow each other as the line reads.
        direction = ("rtl" if _leftward(run.text) else "ltr") if shaping else None
        width = run.font.getlength(run.text, direction=direction)
        if line.leftward:
            x -= width
        pen.text((x, y), run.text, font=run.font, fill=INK, direction=direction, anchor="ls")
        if not line.leftward:
            x += width


def _leftward(text: str) -> bool:
    """Say whether the first letter that has a direction runs to the left (UAX 9, P2)."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False
