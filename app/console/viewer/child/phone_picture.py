"""Pictures as many phones take them, HEIC and AVIF: libheif makes a JPEG, drawn like any other."""

from app.console.viewer.child import converting
from app.console.viewer.child.request import NotOfThisKind, Request

JPEG_MAX = 64 * 1024**2
BRAND = slice(4, 8)
"""Where every such file says "ftyp" (ISO/IEC 14496-12, 4.3)."""


def to_jpeg(data: bytes, request: Request) -> bytes:
    """Convert to JPEG, turned as the phone was held. Raises NotOfThisKind, NoConverter."""
    if data[BRAND] != b"ftyp":
        raise NotOfThisKind
    path = converting.begin(data, "picture.heic", request)
    made = path.with_suffix(".jpg")
    converting.run([request.converter, "-q", "95", str(path), str(made)])
    if not made.exists():
        # Of several pictures, each has a number.
        made = path.with_name("picture-1.jpg")
    if not made.exists() or made.stat().st_size > JPEG_MAX:
        raise NotOfThisKind
    return made.read_bytes()
