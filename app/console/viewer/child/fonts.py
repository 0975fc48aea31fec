"""Which font of this machine draws which script, looked for once, before rights are given up."""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_NO_LETTER, _CELL = "\U0010ffff", 96
_LATIN = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf")
_CJK = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "DroidSansFallbackFull.ttf",
        "wqy-zenhei.ttc", "wqy-microhei.ttc")  # fmt: skip
_EMOJI = ("NotoEmoji-Regular.ttf", "Symbola_hint.ttf", "NotoSansSymbols2-Regular.ttf",
          "DejaVuSans.ttf")  # fmt: skip

SCRIPTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Arabic", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
     ("NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf", "DejaVuSans.ttf")),
    ("Hebrew", "\u0590-\u05ff\ufb1d-\ufb4f", ("NotoSansHebrew-Regular.ttf", "DejaVuSans.ttf")),
    ("Chinese, Japanese, Korean",
     "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
     "\uff00-\uffef\U00020000-\U0003ffff", _CJK),
    ("Thai", "\u0e00-\u0e7f", ("NotoSansThai-Regular.ttf", "Loma.ttf", "Garuda.ttf")),
    ("Lao", "\u0e80-\u0eff", ("NotoSansLao-Regular.ttf",)),
    ("Khmer", "\u1780-\u17ff", ("NotoSansKhmer-Regular.ttf",)),
    ("Burmese", "\u1000-\u109f", ("NotoSansMyanmar-Regular.ttf",)),
    ("Hindi, Nepali", "\u0900-\u097f", ("NotoSansDevanagari-Regular.ttf",)),
    ("Bengali", "\u0980-\u09ff", ("NotoSansBengali-Regular.ttf",)),
    ("Punjabi", "\u0a00-\u0a7f", ("NotoSansGurmukhi-Regular.ttf",)),
    ("Gujarati", "\u0a80-\u0aff", ("NotoSansGujarati-Regular.ttf",)),
    ("Tamil", "\u0b80-\u0bff", ("NotoSansTamil-Regular.ttf",)),
    ("Telugu", "\u0c00-\u0c7f", ("NotoSansTelugu-Regular.ttf",)),
    ("Sinhala", "\u0d80-\u0dff", ("NotoSansSinhala-Regular.ttf",)),
    ("Amharic, Tigrinya", "\u1200-\u139f\u2d80-\u2ddf", ("NotoSansEthiopic-Regular.ttf",)),
    ("Georgian", "\u10a0-\u10ff", ("NotoSansGeorgian-Regular.ttf", "DejaVuSans.ttf")),
    ("Armenian", "\u0530-\u058f", ("NotoSansArmenian-Regular.ttf", "DejaVuSans.ttf")),
    ("signs", "\u2190-\u2bff\U0001f000-\U0001faff", _EMOJI),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts that are there: one for each script, and one for all the rest."""

    scripts: tuple[tuple[re.Pattern[str], Font], ...]
    plain: Font
    shaping: bool
    """Whether letters are joined and reordered as their script wants it (HarfBuzz, FriBidi)."""

    def of(self, char: str) -> Font | None:
        """Return a character's font; None for what belongs to no script: spaces, punctuation."""
        for pattern, font in self.scripts:
            if pattern.match(char):
                return font
        return self.plain if char.isalpha() or (char.isascii() and char.isdigit()) else None


@cache
def has(font: Font, char: str) -> bool:
    """Say whether a font has a letter, or would draw the box that stands for none."""
    return _drawn(font, char) != _drawn(font, _NO_LETTER)


def _drawn(font: Font, char: str) -> bytes:
    sheet = Image.new("1", (_CELL, _CELL))
    ImageDraw.Draw(sheet).text((_CELL // 4, _CELL // 4), char, fill=1, font=font)
    return sheet.tobytes()


def load(size: int) -> Fonts:
    """Open every font that is needed for some script; costs some 20 ms."""
    there = _files()
    scripts = []
    for _, span, names in SCRIPTS:
        path = next((there[name] for name in names if name in there), None)
        if path is not None:
            scripts.append((re.compile(f"[{span}]"), ImageFont.truetype(path, size)))
    path = next((there[name] for name in _LATIN if name in there), None)
    plain = ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
    return Fonts(tuple(scripts), plain, bool(features.check("raqm")))


def missing() -> list[str]:
    """Return scripts whose letters would be boxes on this machine."""
    there = _files()
    return [
        script for script, _, names in SCRIPTS
        if script != "signs" and not any(name in there for name in names)
    ]  # fmt: skip


def _files() -> dict[str, str]:
    return {
        name: os.path.join(folder, name)  # noqa: PTH118 - thousands of them
        for top in FOLDERS
        for folder, _, names in os.walk(top)
        for name in names
    }
