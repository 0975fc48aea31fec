"""An agency's own colours: read from site.toml, and refused where a reporter could not read them.

Lives here: which colours may change, how far each pair must stand apart (WCAG 2.2), the stylesheet
that sets them, and whether a stylesheet does nothing but that. Never here: red, which means danger
on every line; shapes and sizes (``pages/site.css``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.reporter.errors import ContentError

COLOURS = "assets/colours.css"
SCHEMES = ("light", "dark")
# The name in site.toml, and the stylesheet's.
NAMES = {
    "table": "table",
    "paper": "paper",
    "sheet": "sheet",
    "ink": "ink",
    "soft": "soft",
    "line": "line",
    "edge": "edge",
    "accent": "marigold",
    "on_accent": "on-marigold",
    "main": "main",
    "on_main": "on-main",
}
_TEXT, _SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
_PAIRS = (
    *((text, ground, _TEXT) for text in ("ink", "soft") for ground in ("paper", "sheet", "table")),
    *(("danger", ground, _TEXT) for ground in ("paper", "sheet")),
    ("ink", "danger-paper", _TEXT),
    ("on_main", "main", _TEXT),
    ("on_accent", "accent", _TEXT),
    *((shape, ground, _SHAPE) for shape in ("edge", "main") for ground in ("paper", "sheet")),
)
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_SHEET = Path(__file__).parent / "pages" / "site.css"
_SET = r":root\{(?:--[a-z-]+:#[0-9a-f]{6};)*\}"
_ONLY_COLOURS = re.compile(
    rf"@media screen and \(prefers-color-scheme:light\)\{{{_SET}\}}\n"
    rf"@media screen and \(prefers-color-scheme:dark\)\{{{_SET}\}}\n"
)


@dataclass(frozen=True)
class Colours:
    """What differs from the colours that come with the program: name → "#rrggbb", a scheme each."""

    light: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.light or self.dark)

    def paper(self, scheme: str) -> str:
        """Return the colour of the page, which the browser takes for its own frame."""
        return _in_use(self, scheme)["paper"]

    def stylesheet(self) -> bytes:
        """Set these colours, on screens only: paper is white. ``sets_only_colours`` says yes."""
        light, dark = (
            "".join(f"--{NAMES[name]}:{colour};" for name, colour in sorted(chosen.items()))
            for chosen in (self.light, self.dark)
        )
        return (
            f"@media screen and (prefers-color-scheme:light){{:root{{{light}}}}}\n"
            f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        ).encode()


def sets_only_colours(stylesheet: bytes) -> bool:
    """Say whether a stylesheet sets colours and does nothing else, as those made here."""
    return _ONLY_COLOURS.fullmatch(stylesheet.decode("ascii", "replace")) is not None


def read_colours(table: object) -> Colours:
    """Read the table ``colours`` of site.toml. Raises ContentError: no colour, or hard to see."""
    if not isinstance(table, dict) or not table.keys() <= set(SCHEMES):
        raise ContentError("site.toml: colours stand under [colours.light] and [colours.dark].")
    colours = Colours(**{scheme: _scheme(table.get(scheme, {}), scheme) for scheme in SCHEMES})
    if colours:
        for scheme in SCHEMES:
            _check(_in_use(colours, scheme), scheme)
    return colours


def _scheme(table: object, scheme: str) -> dict[str, str]:
    where = f"site.toml, [colours.{scheme}]"
    if not isinstance(table, dict):
        raise ContentError(f"{where} must be a table of names and colours.")
    for name, colour in table.items():
        if name not in NAMES:
            raise ContentError(f"{where}: `{name}` is none of {', '.join(NAMES)}.")
        if not isinstance(colour, str) or not _COLOUR.fullmatch(colour.lower()):
            raise ContentError(f'{where}: `{name}` must be a colour such as "#1d4d3c".')
    return {name: colour.lower() for name, colour in table.items()}


def _in_use(colours: Colours, scheme: str) -> dict[str, str]:
    """Return every colour of a scheme, ours and theirs, by its name in site.toml."""
    ours = _SHEET.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)", 1)
    css, chosen = (ours[0], colours.light) if scheme == "light" else (ours[1], colours.dark)
    names = {theirs: name for name, theirs in NAMES.items()}
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css)
    return {names.get(name, name): colour for name, colour in found} | dict(chosen)


def _check(used: Mapping[str, str], scheme: str) -> None:
    for front, back, least in _PAIRS:
        contrast = _contrast(used[front], used[back])
        if contrast < least:
            raise ContentError(
                f"site.toml, [colours.{scheme}]: `{front}` ({used[front]}) on `{back}` "
                f"({used[back]}) is hard to see: a contrast of {contrast:.1f}, and {least} is "
                "needed. Make one of them darker or lighter."
            )


def _contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
