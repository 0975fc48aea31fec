"""Which typefaces a language needs, and whether this computer has them for every letter.

A letter that no typeface has would be printed as a box. fontconfig is asked which letters a face
has; what is missing is an error that names Debian's package.
"""

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.agency.errors import AgencyError

_LATIN: Final = "Noto Sans"


@dataclass(frozen=True, slots=True)
class Typeface:
    """Families in the order in which letters are looked for; lines' height, by the letters'.

    ``size`` makes scripts whose letters are small at the same size as large as Latin ones.
    """

    families: tuple[str, ...]
    line_height: float = 1.3
    size: float = 1.0

    @property
    def css(self) -> str:
        """Return the families as CSS names them."""
        return ", ".join(f'"{family}"' for family in self.families)


_LATIN_FACE = Typeface((_LATIN,))
_FACES = {
    "ar": Typeface(("Noto Sans Arabic", _LATIN), 1.5),
    "bn": Typeface(("Noto Sans Bengali", _LATIN), 1.45),
    "hi": Typeface(("Noto Sans Devanagari", _LATIN), 1.45),
    "th": Typeface(("Noto Sans Thai", _LATIN), 1.5),
    "ur": Typeface(("Noto Nastaliq Urdu", _LATIN), 2.1, 0.92),
}
_CHINESE = Typeface(("Noto Sans CJK SC", _LATIN), 1.45)
_CHINESE_SMALL = Typeface(("WenQuanYi Micro Hei", _LATIN), 1.45)
_PACKAGES = {
    "Noto Sans CJK SC": "fonts-noto-cjk",
    "WenQuanYi Micro Hei": "fonts-wqy-microhei",
}


def typeface_of(code: str) -> Typeface:
    """Return the typeface of a language by its code. Raises AgencyError where fc-match lacks."""
    if code == "zh_Hans":
        return _CHINESE if _letters(_CHINESE.families[0]) else _CHINESE_SMALL
    return _FACES.get(code, _LATIN_FACE)


def check_letters(code: str, texts: Iterable[str]) -> None:
    """Look whether every letter of some texts can be drawn. Raises AgencyError."""
    face = typeface_of(code)
    for family in face.families:
        if not _letters(family):
            package = _PACKAGES.get(family, "fonts-noto-core")
            raise AgencyError(
                f"The typeface {family} is missing, so posters in {code} would show boxes. "
                f"Install Debian's {package}."
            )
    has = frozenset().union(*map(_letters, face.families))
    lacking = {one for text in texts for one in text if ord(one) not in has and one.isprintable()}
    if lacking := {one for one in lacking if not one.isspace()}:
        shown = ", ".join(f"{one} (U+{ord(one):04X})" for one in sorted(lacking)[:5])
        raise AgencyError(
            f"No typeface of {' and '.join(face.families)} has {shown}: posters in {code} would "
            "show boxes. Use other letters in the texts, or make the other languages alone "
            "(--language)."
        )


@cache
def _letters(family: str) -> frozenset[int]:
    """Return the code points that a family has, none where it is not installed."""
    program = shutil.which("fc-match")
    if program is None:
        raise AgencyError("Posters need to know this computer's typefaces: install fontconfig.")
    try:
        said = subprocess.run(
            [program, "--format", "%{family}\n%{charset}", f"{family}:style=Regular"],
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip
    except subprocess.SubprocessError:
        raise AgencyError(
            "fc-match, which knows this computer's typefaces, did not answer."
        ) from None
    names, _, ranges = said.partition("\n")
    if family not in names.split(","):
        return frozenset()
    return frozenset(
        point
        for one in ranges.split()
        for first, _, last in [one.partition("-")]
        for point in range(int(first, 16), int(last or first, 16) + 1)
    )
