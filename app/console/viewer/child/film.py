"""Films: frames spread over their time, by ffmpeg; what is drawn of them is drawn by Pillow."""

import io
import re

from PIL import Image, PpmImagePlugin

from app.console.viewer.child.ffmpeg import MediaFile, duration
from app.console.viewer.child.images import on_paper
from app.console.viewer.child.request import NotOfThisKind, Request, Sheet

FRAMES = 12
SHORTEST = 0.5
"""Seconds between two frames, at least."""

_PIXELS = re.compile(rb"Video: .*?, (\d{1,5})x(\d{1,5})[ ,\n]")


def prepare() -> None:
    """Load what reads ffmpeg's frames."""
    Image.preinit()


def frames(data: bytes, request: Request) -> tuple[int, list[bytes], tuple[int, int]]:
    """Return how many frames are shown, those asked for as PPM, and their size in the film."""
    opened = MediaFile(data, request)
    about = opened.about()
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
        frame = ("-map", "0:v:0", "-frames:v", "1", "-vf", scale, "-f", "image2pipe", "-c:v", "ppm")
        taken.append(opened.made(*frame, since=f"{at:.2f}"))
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
