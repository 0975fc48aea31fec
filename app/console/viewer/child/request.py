"""What the process is asked, and the only three forms of what it answers.

Pixels: "QLPX", u32 sheets in the file, u32 sheets that follow, then of each four u32 (width,
height, and the original's) and width × height × 3 bytes of RGB. Words: "QLTX", u32 bytes, UTF-8.
Sound: "QLPM", u32 samples a second, u32 milliseconds in the whole file (0: not known), u32 whether
more follows (0, 1), u32 bytes, samples of 16 bits, one channel, little-endian.
All u32 are big-endian. Exit codes: 0 answered, else a Refusal's ``code``, 5 for anything else.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

PIXELS, WORDS, SOUND = b"QLPX", b"QLTX", b"QLPM"
SIDE_MAX = 4_096
SMALL_SIDE = 20
"""A sheet of so few pixels is opened unasked, to be shown blurred."""

SHEETS_AT_ONCE = 4
PLAY_RATE = 16_000
"""Samples a second of what is listened to."""

PLAY_SECONDS = 240
"""Of a recording that are given at once: 7.7 MB, which browsers keep in memory alone."""

TEXT_MAX = 200_000
"""Characters of a file's text that are given for the search."""


class Refusal(Exception):
    """The file is not shown; the code is the process's exit code."""

    code: ClassVar[int] = 5


class NotOfThisKind(Refusal):
    """The bytes are no file of the kind that was named."""

    code = 3


class TooLarge(Refusal):
    """Its picture or text would take more memory than there is."""

    code = 4


class NoConverter(Refusal):
    """The program that this kind needs is not here."""

    code = 6


class UnderPassword(Refusal):
    """It opens by a password alone."""

    code = 7


class NoSuchSheet(Refusal):
    """It has fewer sheets than were asked for."""

    code = 8


class NoSound(Refusal):
    """It is a film that has pictures alone."""

    code = 9


@dataclass(frozen=True, slots=True)
class Request:
    """``side`` is the most pixels of a sheet's width and height; sheets are counted from 0."""

    action: str
    kind: str
    side: int
    first: int
    count: int
    converter: str

    @classmethod
    def read(cls, arguments: Sequence[str]) -> "Request":
        """Read a request from the command line, within its bounds."""
        action, kind, side, first, count, converter = arguments
        return cls(
            action,
            kind,
            min(int(side), SIDE_MAX),
            int(first),
            min(int(count), SHEETS_AT_ONCE),
            converter,
        )

    @property
    def small(self) -> bool:
        """Whether it was not asked for: it gets less time and memory."""
        return self.action == "show" and self.side <= SMALL_SIDE

    def sheets(self, total: int) -> range:
        """Return the sheets to draw, of so many. Raises NoSuchSheet."""
        if not 0 <= self.first < total:
            raise NoSuchSheet
        return range(self.first, min(self.first + self.count, total))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page, frame or picture; ``rgb`` is width × height × 3 bytes."""

    size: tuple[int, int]
    original: tuple[int, int]
    rgb: bytes


def pixels(total: int, sheets: Sequence[Sheet]) -> bytes:
    """Return the answer that carries sheets: how many there are in all, then each and its size."""
    parts = [PIXELS, struct.pack(">2I", total, len(sheets))]
    for sheet in sheets:
        parts += (struct.pack(">4I", *sheet.size, *sheet.original), sheet.rgb)
    return b"".join(parts)


def words(text: str) -> bytes:
    """Return the answer that carries a text, cut at TEXT_MAX characters."""
    raw = text[:TEXT_MAX].encode("utf-8", "replace")
    return WORDS + struct.pack(">I", len(raw)) + raw


def sound(whole_ms: int, more: bool, pcm: bytes) -> bytes:
    """Return the answer that carries samples (16 bits, one channel, PLAY_RATE a second)."""
    return SOUND + struct.pack(">4I", PLAY_RATE, whole_ms, more, len(pcm)) + pcm
