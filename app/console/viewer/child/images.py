"""Pictures, by Pillow: one sheet, turned as the phone was held, on white paper."""

import io

from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError, WebPImagePlugin

from app.console.viewer.child.request import NotOfThisKind, Request, Sheet, TooLarge

# By their first bytes, whatever the name says; only this one decoder then sees the file.
FORMATS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", TiffImagePlugin.TiffImageFile.format),
    (b"MM\0*", TiffImagePlugin.TiffImageFile.format),
    (b"RIFF", WebPImagePlugin.WebPImageFile.format),
)
REHEARSAL = b"GIF87a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
PIXELS_MAX = 120_000_000
ORIENTATION, QUARTER_TURNS = 0x0112, (5, 6, 7, 8)  # EXIF 2.32, 4.6.4


def prepare() -> None:
    """Load now, while files can be opened, what Pillow would load late."""
    Image.preinit()
    opened(REHEARSAL, 1)


def draw(data: bytes, request: Request) -> tuple[int, list[Sheet]]:
    """Draw a picture. Raises NotOfThisKind, TooLarge, and what Pillow likes."""
    request.sheets(1)
    flat, original = opened(data, request.side)
    return 1, [Sheet(flat.size, original, flat.tobytes())]


def opened(data: bytes, side: int) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture in RGB, at most ``side`` pixels wide and high, and its own size."""
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    formats = [name for start, name in FORMATS if data.startswith(start)]
    if not formats:
        raise NotOfThisKind
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            width, height = image.size
            if width * height > PIXELS_MAX:
                raise TooLarge
            # JPEG can be decoded at an eighth of its size: less work for large photos.
            image.draft("RGB", (side, side))
            turned = ImageOps.exif_transpose(image)
            if image.getexif().get(ORIENTATION, 1) in QUARTER_TURNS:
                width, height = height, width
            return on_paper(turned, side), (width, height)
    except UnidentifiedImageError:
        raise NotOfThisKind from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge from None


def on_paper(image: Image.Image, side: int) -> Image.Image:
    """Return a picture in RGB of at most ``side`` pixels, white where it is transparent."""
    image.thumbnail((side, side))
    plain = image.convert("RGBA")
    paper = Image.new("RGBA", plain.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, plain).convert("RGB")
