"""What each kind of card, poster and screen looks like, as HTML for print (``sheets.html``).

A sheet is laid out once alone to find letters of a size that fits, then as it is printed. Sizes of
paper are ISO 216's, of cards ISO/IEC 7810 ID-1's; of screens, pixels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from app.agency.errors import AgencyError
from app.agency.posters.drawing import DoesNotFit, scale_that_fits
from app.agency.posters.poster_words import NUMBERS
from app.agency.posters.printed_addresses import Address
from app.agency.posters.typefaces import Typeface
from app.reporter.catalogue import Language

DEGREES: Final = ("open", "quiet")
"""How much a card says of what it is for: all of it, or few words."""
PLACES: Final = ("hotel", "hospital")
"""Where a witness's card is for."""
SCREENS: Final = {"upright": (1080, 1920), "wide": (1920, 1080)}
CARDS_A_SHEET: Final = 10
STRIPS: Final = 8
_PAPER = ("cards", "poster", "witness")


@dataclass(frozen=True, slots=True)
class Said:
    """All that a language's sheets are made from; ``numbers`` may be empty."""

    language: Language
    typeface: Typeface
    words: Mapping[str, str]
    numbers: str
    addresses: Sequence[Address]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document: its file's name without a suffix, its HTML, and whether it is for a screen."""

    name: str
    html: str
    is_screen: bool = False


def sheets_of(said: Said) -> list[Sheet]:
    """Return a language's sheets. Raises AgencyError for words too long for their place."""
    found = []
    for degree in DEGREES:
        found.append(_sheet(said, "cards", f"cards-{degree}", degree=degree))
        found.append(_sheet(said, "poster", f"poster-{degree}", degree=degree))
        for name, (width, height) in SCREENS.items():
            size = {"degree": degree, "width": width, "height": height}
            found.append(_sheet(said, "screen", f"screen-{degree}-{name}", **size))
    for place in PLACES:
        found.append(_sheet(said, "witness", f"witness-{place}", place=place))
    return found


def _sheet(said: Said, kind: str, name: str, **more: object) -> Sheet:
    parts = ("front", "back") if kind == "cards" else ("front",)
    try:
        scales = {part: scale_that_fits(partial(_alone, said, kind, part, more)) for part in parts}
    except DoesNotFit:
        raise AgencyError(
            f"{said.language.code}: the words of {name} are too long for their place. Shorten them "
            f"in site/{said.language.code}/posters.toml."
        ) from None
    return Sheet(name, _html(said, kind, more, scales, alone=""), kind not in _PAPER)


def _alone(said: Said, kind: str, part: str, more: Mapping[str, object], scale: float) -> str:
    return _html(said, kind, more, {"front": scale, "back": scale}, alone=part)


def _html(
    said: Said, kind: str, more: Mapping[str, object], scales: Mapping[str, float], alone: str
) -> str:
    return _template().render(
        kind=kind,
        alone=alone,
        scales=scales,
        language=said.language,
        typeface=said.typeface,
        say=_sayer(said),
        has_numbers=bool(said.numbers),
        addresses=said.addresses,
        cards=CARDS_A_SHEET,
        strips=STRIPS,
        **{"degree": "open", "place": "", "width": 0, "height": 0, **more},
    )


def _sayer(said: Said) -> Callable[[str], str]:
    """Return what says a text; a name of two words stays on one line, whichever way that runs."""
    return lambda place: (
        said.words[place].replace(NUMBERS, said.numbers).replace("Tor Browser", "Tor\u00a0Browser")
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("sheets.html")
