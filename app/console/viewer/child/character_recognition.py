"""The letters in a picture, for the search, as tesseract reads them with the languages it has."""

import io
import subprocess

from app.console.viewer.child import converting, images
from app.console.viewer.child.request import TEXT_MAX, Request

SIDE = 2_000
"""Pixels of a picture's longer side when its letters are looked for."""


def recognised(data: bytes, request: Request) -> str:
    """Return what tesseract reads in a picture, in every language that it has here."""
    path = converting.begin(b"", "none", request)
    flat, _ = images.opened(data, SIDE)
    drawn = io.BytesIO()
    flat.save(drawn, "PPM")
    path.with_suffix(".ppm").write_bytes(drawn.getvalue())
    listed = subprocess.run(
        [request.converter, "--list-langs"], capture_output=True, check=False, timeout=10
    ).stdout.decode("utf-8", "replace")
    languages = [line for line in listed.splitlines()[1:] if line.isalpha() and line != "osd"]
    chosen = ["-l", "+".join(languages)] if languages else []
    given = str(path.with_suffix(".ppm"))
    said = converting.run([request.converter, given, "stdout", *chosen], most=4 * TEXT_MAX)
    return said.decode("utf-8", "replace")
