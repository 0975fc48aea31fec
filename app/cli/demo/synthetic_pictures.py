"""Pictures for synthetic reports: drawn here, and each says that it is synthetic."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_SIZE = (1200, 800)
_SKY, _GROUND, _WALL, _DARK, _PAPER = "#c9d6d2", "#7d8b74", "#d9c7a7", "#2e3b36", "#f6f1e4"


def draw(name: str) -> bytes:
    """Return a JPEG for ``house.jpg``, ``van.jpg`` or ``note.jpg``."""
    image = Image.new("RGB", _SIZE, _SKY)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 560, *_SIZE), fill=_GROUND)
    {"house.jpg": _house, "van.jpg": _van, "note.jpg": _note}[name](pen)
    pen.text((40, 730), "SYNTHETIC PICTURE - NOT EVIDENCE", _PAPER, ImageFont.load_default(40))
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


def _house(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon([(330, 300), (600, 120), (870, 300)], fill="#8d4f3a")
    pen.rectangle((370, 300, 830, 620), fill=_WALL)
    pen.rectangle((560, 440, 640, 620), fill=_DARK)
    for left in (410, 690):
        pen.rectangle((left, 350, left + 100, 440), fill="#5b5f66")
        for line in range(360, 440, 16):
            pen.line((left, line, left + 100, line), fill=_DARK, width=4)


def _van(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((250, 330, 950, 600), 40, fill="#f4f4f2")
    pen.polygon([(800, 350), (930, 470), (800, 470)], fill="#5b6f7a")
    for centre in (400, 800):
        pen.ellipse((centre - 65, 535, centre + 65, 665), fill=_DARK)
        pen.ellipse((centre - 28, 572, centre + 28, 628), fill="#b9bdbb")
    pen.rectangle((520, 530, 700, 580), fill="#f2d15c")
    pen.text((535, 533), "EX-4471", _DARK, ImageFont.load_default(38))


def _note(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((300, 100, 900, 680), fill=_PAPER)
    lines = (
        "flight   2 400",
        "bed        350",
        "food       180",
        "fine       200",
        "you owe  3 130",
    )
    for row, line in enumerate(lines):
        pen.text((360, 150 + row * 100), line, _DARK, ImageFont.load_default(56))
    pen.line((350, 540, 850, 540), fill=_DARK, width=5)
