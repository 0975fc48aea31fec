"""Recordings: their loudness over time as a drawing, of what ffmpeg makes of them."""

import array
import sys

from PIL import Image, ImageDraw, ImageFont

from app.console.viewer.child.ffmpeg import MediaFile
from app.console.viewer.child.request import NotOfThisKind, Request, Sheet

RATE = 4_000
SECONDS_MAX = 2 * 3600
SIZE = (1_600, 360)
FOOT = 44
INK, RULE, PAPER, WORDS = (42, 84, 120), (205, 211, 216), (255, 255, 255), (70, 78, 86)


def prepare() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own font, loaded while it can be."""
    return ImageFont.load_default(24)


def samples(data: bytes, request: Request) -> bytes:
    """Return one channel, 4,000 samples a second, 16 bits each, at most two hours of them."""
    wanted = ("-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-t", str(SECONDS_MAX), "-f", "s16le")
    found = MediaFile(data, request).made(*wanted, most=RATE * SECONDS_MAX * 2)
    if len(found) < 2:
        raise NotOfThisKind
    return found[: len(found) // 2 * 2]


def draw(
    raw: bytes, request: Request, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> tuple[int, list[Sheet]]:
    """Draw the loudness over time, on one sheet. Raises NoSuchSheet."""
    request.sheets(1)
    heard = array.array("h", raw)
    if sys.byteorder == "big":
        heard.byteswap()
    width, height = SIZE
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    middle, reach = (height - FOOT) // 2, (height - FOOT) // 2 - 8
    pen.line((0, middle, width, middle), fill=RULE)
    # The loudest sample fills the height: it is shape that is looked at, not level.
    loudest = max(max(heard), -min(heard), 1)
    for x in range(width):
        part = heard[len(heard) * x // width : max(len(heard) * (x + 1) // width, 1)]
        if part:
            top, low = max(part) * reach // loudest, min(part) * reach // loudest
            pen.line((x, middle - top, x, middle - low), fill=INK)
    _times(pen, font, len(heard) / RATE)
    image.thumbnail((request.side, request.side))
    return 1, [Sheet(image.size, SIZE, image.tobytes())]


def _times(
    pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, seconds: float
) -> None:
    width, height = SIZE
    pen.line((0, height - FOOT, width, height - FOOT), fill=RULE)
    for quarter in range(5):
        at = seconds * quarter / 4
        anchor = "lm" if quarter == 0 else "rm" if quarter == 4 else "mm"
        x = min(max(width * quarter // 4, 8), width - 8)
        said = f"{int(at) // 60}:{int(at) % 60:02}"
        pen.text((x, height - FOOT // 2), said, fill=WORDS, font=font, anchor=anchor)
