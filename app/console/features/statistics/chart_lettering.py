"""Letters of a chart in any script that this machine has a font for, and a way to know which.

Where it has none, or nothing that joins and orders letters as the script wants it, there would be
boxes or nonsense: who asks is told, and draws in English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from PIL import ImageDraw

from app.console.viewer.child import fonts
from app.console.viewer.child.fonts import Font, Fonts

_LATIN = "A-Za-z\\u00c0-\\u024f0-9"
_RIGHTWARD = re.compile(f"[{_LATIN}](?:[^\\u0590-\\u08ff]*[{_LATIN}])?")
_ISOLATES = dict.fromkeys(range(0x2066, 0x206A))
"""Marks that order letters; fonts draw boxes for them."""


@dataclass(slots=True)
class Lettering:
    """The fonts of this machine by size in pixels, opened when first asked for."""

    _by_size: dict[float, Fonts] = field(default_factory=dict)

    def draws(self, texts: list[str], size: float) -> bool:
        """Say whether every letter of the texts would be drawn as its reader knows it."""
        ready = self._of(size)
        letters = {char for text in texts for char in text.translate(_ISOLATES)}
        return all(char.isspace() or _has(ready, char) for char in letters)

    def write(
        self, pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: float,
        ink: str, anchor: str, *, leftward: bool,
    ) -> None:  # fmt: skip
        """Draw a line; ``place`` is its left end, middle or right end (``anchor``: l, m, r)."""
        ready = self._of(size)
        shown = [
            (run, font, way if ready.shaping else None)
            for part, way in _as_seen(text.translate(_ISOLATES), leftward=leftward)
            for run, font in _runs(part, ready, leftward=way == "rtl")
        ]
        widths = [font.getlength(run, direction=way) for run, font, way in shown]
        x = place[0] - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor] * sum(widths)
        for (run, font, way), width in zip(shown, widths, strict=True):
            pen.text((x, place[1]), run, fill=ink, font=font, anchor="ls", direction=way)
            x += width

    def _of(self, size: float) -> Fonts:
        if size not in self._by_size:
            self._by_size[size] = fonts.load(round(size))
        return self._by_size[size]


def _as_seen(text: str, *, leftward: bool) -> list[tuple[str, str]]:
    """Return a line's parts from the left to the right, each with the way it runs.

    In a line from the right, Latin letters and numbers run to the right, with what stands between
    them (UAX 9, as far as a line of a chart needs it).
    """
    if not leftward:
        return [(text, "ltr")]
    parts, at = [], 0
    for found in _RIGHTWARD.finditer(text):
        parts += [(text[at : found.start()], "rtl"), (found[0], "ltr")]
        at = found.end()
    return [one for one in reversed([*parts, (text[at:], "rtl")]) if one[0]]


def _runs(text: str, ready: Fonts, *, leftward: bool) -> list[tuple[str, Font]]:
    """Return pieces that one font draws, from the left to the right."""
    runs: list[tuple[str, Font]] = []
    for char in text:
        font = ready.of(char) or (runs[-1][1] if runs else ready.plain)
        if not char.isspace() and not fonts.has(font, char):
            font = ready.plain  # a Thai font has no full stop
        if runs and runs[-1][1] is font:
            runs[-1] = (runs[-1][0] + char, font)
        else:
            runs.append((char, font))
    return runs[::-1] if leftward else runs


def _has(ready: Fonts, char: str) -> bool:
    # Letters of these scripts are joined, put in order or stacked; others stand side by side.
    joined = "\u0590" <= char <= "\u0dff" or "\u0e00" <= char <= "\u0e7f"
    if joined and not ready.shaping:
        return False
    return any(fonts.has(font, char) for font in (ready.of(char) or ready.plain, ready.plain))
