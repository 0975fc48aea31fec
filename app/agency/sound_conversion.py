"""A recording in whatever form, made into the one that is published, by ffmpeg.

Decoded and encoded anew: nothing of the file but its sound goes on, no name, place or picture. Run
it where no root key is: ffmpeg is large and old code, and recordings come from phones.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from app.agency.errors import AgencyError
from app.reporter.errors import ContentError
from app.reporter.listening.sounds import BYTES_MAX, KILOBITS, RATE, SECONDS_MAX, seconds_of

SUFFIXES: Final = (".aac", ".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav", ".webm")
"""What phones and recorders write; what is inside must be of the same kinds."""
SOURCE_MAX: Final = 200_000_000
_INSIDE: Final = "aac,flac,matroska,mov,mp3,ogg,wav"
_PATIENCE: Final = 300
# As loud as speech is elsewhere: a phone held to the ear has no more to give.
_EVEN: Final = "highpass=f=80,loudnorm=I=-16:TP=-1.5"


def published_form(source: Path) -> tuple[bytes, float]:
    """Return a recording as it is published, and how many seconds it lasts.

    Raises AgencyError: no ffmpeg, no sound in it, too long or too short.
    """
    if source.stat().st_size > SOURCE_MAX:
        raise AgencyError(f"{source} is larger than {SOURCE_MAX // 1_000_000} MB.")
    sound = _converted(source)
    try:
        return sound, seconds_of(sound)
    except ContentError as error:
        raise AgencyError(f"{source}: {error}") from None


def _converted(source: Path) -> bytes:
    program = shutil.which("ffmpeg")
    if program is None:
        raise AgencyError("ffmpeg is not installed: it makes recordings small and equally loud.")
    arguments = [
        "-nostdin", "-loglevel", "error",
        "-protocol_whitelist", "file,pipe", "-format_whitelist", _INSIDE,
        "-i", f"file:{source.absolute()}",
        "-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1", "-t", str(SECONDS_MAX + 1),
        "-af", _EVEN, "-ac", "1", "-ar", str(RATE),
        "-fflags", "+bitexact", "-flags:a", "+bitexact",
        "-c:a", "libmp3lame", "-b:a", f"{KILOBITS}k",
        "-write_xing", "0", "-id3v2_version", "0", "-write_id3v1", "0", "-f", "mp3", "pipe:1",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            [program, *arguments], capture_output=True, check=True, timeout=_PATIENCE
        )
    except (OSError, subprocess.SubprocessError):
        raise AgencyError(f"{source}: ffmpeg finds no sound in it that it can read.") from None
    return done.stdout[: 2 * BYTES_MAX]
