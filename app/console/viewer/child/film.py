"""Films: frames spread over their time, by ffmpeg; what is drawn of them is drawn by Pillow."""

import io
import re
import subprocess

from PIL import Image, PpmImagePlugin

from app.console.viewer.child import converting
from app.console.viewer.child.images import on_paper
from app.console.viewer.child.request import NotOfThisKind, Request, Sheet

FRAMES = 12
SHORTEST = 0.5
"""Seconds between two frames, at least."""

# Nothing that names other files or addresses (playlists, concatenations) is opened.
OPENED = "mov,matroska,webm,avi,mpegts,mpeg,flv,3gp,ogg,mp3,wav,flac,aac,amr,aiff,au,caf,asf,w64"
QUIET = ("-nostdin", "-hide_banner", "-loglevel", "info")
ONLY = ("-protocol_whitelist", "file,pipe", "-format_whitelist", OPENED)
_DURATION = re.compile(rb"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_PIXELS = re.compile(rb"Video: .*?, (\d{1,5})x(\d{1,5})[ ,\n]")


def prepare() -> None:
    """Load what reads ffmpeg's frames."""
    Image.preinit()


def frames(data: bytes, request: Request) -> tuple[int, list[bytes], tuple[int, int]]:
    """Return how many frames are shown, those asked for as PPM, and their size in the film."""
    path = str(converting.begin(data, "file", request))
    about = subprocess.run(
        [request.converter, *QUIET, *ONLY, "-i", path],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=converting.PATIENCE,
    ).stderr[-65_536:]
    size = _PIXELS.search(about)
    if size is None:
        raise NotOfThisKind
    seconds = duration(about)
    total = max(1, min(FRAMES, int(seconds / SHORTEST)))
    scale = f"scale='min({request.side},iw)':'min({request.side},ih)'"
    scale += ":force_original_aspect_ratio=decrease"
    taken = []
    for number in request.sheets(total):
        at = seconds * (number + 0.5) / total if total > 1 else 0.0
        arguments = [request.converter, *QUIET, "-ss", f"{at:.2f}", *ONLY, "-i", path]
        arguments += ["-map", "0:v:0", "-frames:v", "1", "-vf", scale]
        taken.append(converting.run([*arguments, "-f", "image2pipe", "-c:v", "ppm", "pipe:1"]))
    return total, taken, (int(size[1]), int(size[2]))


def draw(
    made: tuple[int, list[bytes], tuple[int, int]], request: Request
) -> tuple[int, list[Sheet]]:  # fmt: skip
    """Return how many frames are shown, and those taken. Raises NotOfThisKind."""
    total, taken, original = made
    sheets = []
    for frame in taken:
        if not frame.startswith(b"P6"):
            raise NotOfThisKind
        form = PpmImagePlugin.PpmImageFile.format
        with Image.open(io.BytesIO(frame), formats=[form]) as image:
            flat = on_paper(image, request.side)
        sheets.append(Sheet(flat.size, original, flat.tobytes()))
    return total, sheets


def duration(about: bytes) -> float:
    """Return seconds, as ffmpeg tells them; 0 if it does not know."""
    found = _DURATION.search(about)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0
