"""How screens look, kept as small pictures and compared: same fonts, two widths, light and dark.

A picture is a screen from its top, at most two phone screens long, at a fraction of its size. Two
are compared by cells of a few pixels: letters drawn a little differently pass; a button that moved,
an icon that is gone or a colour that changed does not.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import CDPSession, Page

FONTS = Path("/usr/share/fonts/truetype")
"""Where Debian's fonts-noto-core and fonts-wqy-microhei have them."""
FACES = (
    "noto/NotoSans-*.ttf", "noto/NotoSerif-*.ttf", "noto/NotoSansArabic-*.ttf",
    "noto/NotoNaskhArabic-*.ttf", "noto/NotoSansThai-*.ttf", "noto/NotoSansDevanagari-*.ttf",
    "wqy/wqy-microhei.ttc",
)  # fmt: skip
ARGUMENTS = (
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
)
STILL = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('*, ::before, ::after { caret-color: transparent !important }');
document.adoptedStyleSheets = [sheet];
"""
DRAWN = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
"""What sticks to the bottom is moved there a frame after the window has changed."""
WIDTHS = {360: 2, 1280: 4}
"""Each width in CSS pixels, and by how much its pictures are made smaller."""
SCHEMES = ("light", "dark")
HEIGHT = 740
COLOURS = 48
_CELL = 4
_DIFFERENT = 24
"""By how much (of 255) the mean colour of a cell may differ, in any of the three channels."""
_CELLS = 2
"""How many cells of a picture may differ by more."""


def font_config(folder: Path) -> Path:
    """Write a fontconfig file that knows only the faces above, so that all machines draw alike."""
    for face in FACES:
        for font in FONTS.glob(face):
            (folder / font.name).symlink_to(font)
    names = {"system-ui": "Noto Sans", "sans-serif": "Noto Sans", "serif": "Noto Serif"}
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{face}</family></prefer>'
        "</alias>"
        for name, face in names.items()
    )
    path = folder / "fonts.conf"
    path.write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir>{aliases}</fontconfig>"
    )
    return path


def missing_fonts() -> list[str]:
    """Return the faces that this machine does not have."""
    return [face for face in FACES if not any(FONTS.glob(face))]


class Album:
    """The kept pictures of one folder. ``differences`` collects what a look found.

    With ``renew`` what differs is kept anew instead.
    """

    def __init__(self, kept: Path, output: Path, *, renew: bool) -> None:
        self.kept = kept
        self.output = output
        self.renew = renew
        self.seen: set[str] = set()
        self.differences: list[str] = []

    def compare(self, name: str, now: Image.Image) -> None:
        """Compare a picture with the kept one; where it differs, write both side by side."""
        self.seen.add(f"{name}.png")
        path = self.kept / f"{name}.png"
        before = Image.open(path).convert("RGB") if path.exists() else None
        reason = "is new" if before is None else difference(before, now)
        if reason is None:
            return
        if self.renew:
            self.kept.mkdir(parents=True, exist_ok=True)
            # With k-means the palette's colours are the page's own, and not tints beside them.
            small = now.quantize(
                COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE
            )
            small.save(path, optimize=True)
            return
        self.output.mkdir(parents=True, exist_ok=True)
        side_by_side(before or Image.new("RGB", now.size), now).save(self.output / f"{name}.png")
        self.differences.append(f"{name} {reason}")

    def left_over(self) -> list[str]:
        """Return kept pictures that nobody took now; with ``renew`` they are deleted."""
        old = sorted({path.name for path in self.kept.glob("*.png")} - self.seen)
        if self.renew:
            for name in old:
                (self.kept / name).unlink()
            return []
        return old


def difference(before: Image.Image, now: Image.Image) -> str | None:
    """Say how two pictures differ, if they do."""
    if abs(before.height - now.height) > _CELL or before.width != now.width:
        return f"was {before.size} and is {now.size}"
    size = (now.width // _CELL, min(before.height, now.height) // _CELL)
    box = (0, 0, size[0] * _CELL, size[1] * _CELL)
    cells = [
        one.crop(box).resize(size, Image.Resampling.BOX).convert("RGB") for one in (before, now)
    ]
    bands = ImageChops.difference(*cells).split()
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    count = sum(worst.histogram()[_DIFFERENT + 1 :])
    return f"differs in {count} places" if count > _CELLS else None


def side_by_side(before: Image.Image, now: Image.Image) -> Image.Image:
    """Return one picture: what is kept, what is now, and the difference in white."""
    width, height = now.width, max(before.height, now.height)
    old, new = (Image.new("RGB", (width, height)) for _ in range(2))
    old.paste(before)
    new.paste(now)
    sheet = Image.new("RGB", (3 * width + 8, height), "#f0ab24")
    apart = ImageChops.difference(old, new).convert("L").point(lambda value: min(255, 4 * value))
    for place, one in enumerate((old, new, apart)):
        sheet.paste(one, (place * (width + 4), 0))
    return sheet


class Camera:
    """Takes a page at each width, light and dark, without moving anything on it."""

    def __init__(
        self,
        page: Page,
        *,
        scripts: bool = True,
        widths: Mapping[int, int] = WIDTHS,
        height: int = HEIGHT,
    ) -> None:
        self._page = page
        self._widths = widths
        self._height = height
        self._scripts = scripts
        self._session: CDPSession = page.context.new_cdp_session(page)

    def take(self) -> dict[str, Image.Image]:
        """Return pictures by "360-light" and so on; the page is as wide as before afterwards."""
        before = self._page.viewport_size
        self._page.mouse.move(0, 0)
        taken = {}
        for width, smaller in self._widths.items():
            self._page.set_viewport_size({"width": width, "height": self._height})
            whole = self._page.evaluate(
                "async () => { scrollTo(0, 0); await document.fonts.ready;"
                " return document.documentElement.scrollHeight; }"
            )
            height = min(2 * self._height, whole)
            self._page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                self._page.emulate_media(
                    color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
                )
                if self._scripts:  # without them there are no animation frames to wait for
                    self._page.evaluate(DRAWN)
                taken[f"{width}-{scheme}"] = self._shot(smaller)
        if before:
            self._page.set_viewport_size(before)
        return taken

    def _shot(self, smaller: int) -> Image.Image:
        answer = self._session.send("Page.captureScreenshot", {"format": "jpeg", "quality": 95})
        picture = Image.open(BytesIO(base64.b64decode(answer["data"])))
        picture.draft("RGB", (picture.width // smaller, picture.height // smaller))
        return picture.convert("RGB")


def renewing() -> bool:
    """Whether ``make screens`` runs this: what differs is kept anew."""
    return os.environ.get("SCREENS") == "renew"
