"""Recordings as plain samples, a few minutes of them at a time, of what ffmpeg makes of them."""

import subprocess

from app.console.viewer.child import converting
from app.console.viewer.child.film import ONLY, QUIET, duration
from app.console.viewer.child.request import (
    PLAY_RATE,
    PLAY_SECONDS,
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
    Raises NotOfThisKind, NoSuchSheet.
    """
    if not 0 <= request.first < PARTS_MAX:
        raise NoSuchSheet
    path = str(converting.begin(data, "file", request))
    about = subprocess.run(
        [request.converter, *QUIET, *ONLY, "-i", path],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=converting.PATIENCE,
    ).stderr[-65_536:]
    # One second more than is given: whether there is one says whether anything follows.
    arguments = [request.converter, *QUIET, "-ss", str(request.first * PLAY_SECONDS), *ONLY]
    arguments += ["-i", path, "-map", "0:a:0", "-ac", "1", "-ar", str(PLAY_RATE)]
    arguments += ["-t", str(PLAY_SECONDS + 1), "-f", "s16le", "pipe:1"]
    found = converting.run(arguments, most=_BYTES + PLAY_RATE * 2)
    if len(found) < 2:
        raise NoSuchSheet if request.first else NotOfThisKind
    return (
        round(duration(about) * 1_000),
        len(found) > _BYTES,
        found[: min(len(found) & ~1, _BYTES)],
    )
