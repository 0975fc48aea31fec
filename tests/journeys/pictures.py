"""Photographs for the journeys: by default a JPEG of three megabytes, with metadata."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

from PIL import Image

CAMERA = "Distinctive Camera 77"


def photograph(path: Path, width: int = 2000, height: int = 1450) -> bytes:
    """Write a JPEG (by default of about 3 MB) that names its camera; return its bytes."""
    noise = random.Random(77).randbytes(width * height * 3)
    image = Image.frombytes("RGB", (width, height), noise)
    exif = Image.Exif()
    exif[0x0110] = CAMERA
    file = BytesIO()
    image.save(file, "JPEG", quality=93, exif=exif)
    path.write_bytes(file.getvalue())
    return file.getvalue()
