"""Synthetic voices whose words are known, for what is still understood of a changed voice."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.onion.process import needed

TEXTS = (
    "The house is at the end of the road, and the door is always locked at night. "
    "My brother works on a fishing boat, and nobody has paid him for three months. "
    "There are nine of us in two rooms, and a man counts us every morning. "
    "She told me that the agency took her papers when she arrived at the airport.",
    "They keep our passports in a locked drawer, and we may not leave after dark. "
    "I have to work every day from six in the morning until late in the evening. "
    "He says that we must pay for the journey before we can have our money. "
    "Please help us, but do not call the number that is written on the door.",
)
VOICES = ("kal16", "awb", "rms", "slt")
"""flite's: three of them are built from a person's recordings of a thousand sentences."""


def say(voice: str, text: str, to: Path) -> Path:
    """Write raw floats, 16,000 a second."""
    made = to.with_suffix(".wav")
    subprocess.run(
        [needed("flite"), "-voice", voice, "-t", text, "-o", str(made)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    form = ("-ar", "16000", "-ac", "1", "-f", "f32le")
    command = [needed("ffmpeg"), "-loglevel", "error", "-y", "-i", str(made), *form, str(to)]
    subprocess.run(command, check=True)
    return to
