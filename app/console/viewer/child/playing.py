"""Recordings and what is heard of films, as plain samples that ffmpeg makes, by minutes."""

from app.console.viewer.child.ffmpeg import MediaFile, duration
from app.console.viewer.child.request import (
    PLAY_RATE,
    PLAY_SECONDS,
    NoSound,
    NoSuchSheet,
    NotOfThisKind,
    Request,
)

PARTS_MAX = 90
"""Six hours."""

_BYTES = PLAY_RATE * PLAY_SECONDS * 2


def part(data: bytes, request: Request) -> tuple[int, bool, bytes]:
    """Return how long all of it is, whether more follows, and the part that is asked for.

    Milliseconds, 0 where it does not say (what a browser records does not); samples of 16 bits.
    Raises NotOfThisKind, NoSuchSheet, NoSound.
    """
    if not 0 <= request.first < PARTS_MAX:
        raise NoSuchSheet
    opened = MediaFile(data, request)
    about = opened.about()
    if b"Video:" in about and b"Audio:" not in about:
        raise NoSound
    # One second more than is given: whether there is one says whether anything follows.
    wanted = ("-map", "0:a:0", "-ac", "1", "-ar", str(PLAY_RATE), "-t", str(PLAY_SECONDS + 1))
    found = opened.made(
        *wanted,
        *("-f", "s16le"),
        since=str(request.first * PLAY_SECONDS),
        most=_BYTES + PLAY_RATE * 2,
    )
    if len(found) < 2:
        raise NoSuchSheet if request.first else NotOfThisKind
    return (
        round(duration(about) * 1_000),
        len(found) > _BYTES,
        found[: min(len(found) & ~1, _BYTES)],
    )
