"""Has ffmpeg read the file: what it may open, what it says of it, what it gives back."""

import re
import subprocess

from app.console.viewer.child import converting
from app.console.viewer.child.request import Request

# Nothing that names other files or addresses (playlists, concatenations) is opened.
_OPENED = "mov,matroska,webm,avi,mpegts,mpeg,flv,3gp,ogg,mp3,wav,flac,aac,amr,aiff,au,caf,asf,w64"
_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "info")
_ONLY = ("-protocol_whitelist", "file,pipe", "-format_whitelist", _OPENED)
_ABOUT_MAX = 65_536
_DURATION = re.compile(rb"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")


class MediaFile:
    """A file where ffmpeg finds it. Raises NoConverter when it is made."""

    def __init__(self, data: bytes, request: Request) -> None:
        self._converter = request.converter
        self._path = str(converting.begin(data, "file", request))

    def about(self) -> bytes:
        """Return what ffmpeg says of the file: its streams, how long it is."""
        return subprocess.run(
            [self._converter, *_QUIET, *_ONLY, "-i", self._path],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=converting.PATIENCE,
        ).stderr[-_ABOUT_MAX:]

    def made(self, *wanted: str, since: str | None = None, most: int = 64 * 1024**2) -> bytes:
        """Return what it makes of the file from ``since`` on (seconds), at most so many bytes.

        ``wanted`` are ffmpeg's arguments for it. Raises NotOfThisKind if it cannot.
        """
        seek = ("-ss", since) if since is not None else ()
        arguments = [self._converter, *_QUIET, *seek, *_ONLY, "-i", self._path]
        return converting.run([*arguments, *wanted, "pipe:1"], most=most)


def duration(about: bytes) -> float:
    """Return seconds, as ffmpeg tells them; 0 if it does not know."""
    found = _DURATION.search(about)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0
