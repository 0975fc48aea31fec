"""Persons' voices: the actors of a game whose speech Debian ships (flight-of-the-amazon-queen).

Its ``queen.1c`` holds MP3 of 11,025 samples a second, named after the dialogue. In each dialogue
one role answers the hero (the names' seventh letter is ``P``), so a dialogue's answers are one
voice; some actors play several roles. The table is as in ScummVM's ``engines/queen/resource.cpp``.
"""

from __future__ import annotations

import random
import struct
import subprocess
from collections import defaultdict
from pathlib import Path

from tests.onion.process import needed

GAME = Path("/usr/share/scummvm/flight-of-the-amazon-queen/queen.1c")
ROLES = ["03", "04", "08", "10", "13", "16", "21", "28", "31", "37", "39", "51", "61", "70", "77"]
"""Dialogues whose voices the judge tells apart best (each pair under a cosine of 0.85)."""
SECONDS = 7
RATE = 16_000
_BYTES_A_SECOND = 2_000


def spoken(role: str, pieces: int, folder: Path) -> list[Path]:
    """Write raw floats of ``SECONDS`` seconds each, RATE a second, of different sentences."""
    if not GAME.exists():
        raise SystemExit("Install Debian's flight-of-the-amazon-queen: its actors are the voices.")
    content = GAME.read_bytes()
    answers = _answers(content)[role]
    random.Random(7).shuffle(answers)
    found: list[Path] = []
    piece = b""
    for offset, size in answers:
        piece += content[offset : offset + size]
        if len(piece) < 1.2 * SECONDS * _BYTES_A_SECOND:
            continue
        found.append(_decoded(piece, folder / f"{role}-{len(found)}.f32"))
        piece = b""
        if len(found) == pieces:
            return found
    raise SystemExit(f"The game's dialogue {role} is too short.")


def _answers(content: bytes) -> dict[str, list[tuple[int, int]]]:
    (count,) = struct.unpack_from(">H", content, 13)
    found = defaultdict(list)
    for n in range(count):
        name, offset, size = struct.unpack_from(">12sxII", content, 15 + 21 * n)
        text = name.split(b"\0")[0].decode("ascii")
        if text.endswith(".SB") and text[:2].isdigit() and text[6] == "P":
            found[text[:2]].append((offset, size))
    return found


def _decoded(mp3: bytes, to: Path) -> Path:
    form = ("-ar", str(RATE), "-ac", "1", "-t", str(SECONDS), "-f", "f32le")
    command = [needed("ffmpeg"), "-loglevel", "error", "-y", "-f", "mp3", "-i", "-", *form, str(to)]
    subprocess.run(command, input=mp3, check=True)
    return to
