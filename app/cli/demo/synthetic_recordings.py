"""A recording for a synthetic report: a hum made here, in which nobody speaks."""

from __future__ import annotations

import math
import wave
from array import array
from io import BytesIO

RATE = 16_000
"""Samples a second."""


def hum(seconds: int = 8) -> bytes:
    """Return a WAV file (16 bit, one channel) with the rhythm of speech and none of its words."""
    samples = array("h")
    for number in range(seconds * RATE):
        at = number / RATE
        pitch = 130 + 18 * math.sin(1.7 * at) + 9 * math.sin(5.1 * at)
        syllable = max(0.0, math.sin(2 * math.pi * 2.6 * at)) * (at % 3 < 2.4)
        tone = sum(math.sin(2 * math.pi * pitch * part * at) / part for part in (1, 2, 3, 5))
        samples.append(int(6_000 * syllable * tone))
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, RATE, len(samples), "NONE", "not compressed"))
        out.writeframes(samples.tobytes())
    return file.getvalue()
