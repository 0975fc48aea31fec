"""Whose number is shown to who is in danger: the line's own countries, and others to choose.

Nothing guesses where a person is: the phone's language would show somebody far from home the
numbers of home. Until they choose, the numbers of ``site.toml`` are shown, with their countries'
names; the others are those that the information pack has.
"""

from dataclasses import dataclass

from babel import Locale

from app.reporter.catalogue import Language
from app.reporter.content import LocalContent

_TERRITORIES = {"uk": "GB"}
"""The pack's names of countries that are not ISO's."""


@dataclass(frozen=True)
class Country:
    """A country that can be chosen: ``id`` as in the pack, ``own`` if the line shows it unasked."""

    id: str
    name: str
    number: str
    own: bool


def countries_of(local: LocalContent, language: Language) -> tuple[Country, ...]:
    """Return the line's own countries in their order, then the pack's others by name."""
    own = [Country(one.id, one.country, one.number, own=True) for one in local.emergency]
    known = {one.id for one in own}
    names = Locale.parse(language.code).territories
    others = [
        Country(one.country, str(names.get(_iso(one.country), one.title)), one.emergency, own=False)
        for one in local.chapters
        if one.emergency and one.country not in known
    ]
    return (*own, *sorted(others, key=lambda one: one.name.casefold()))


def _iso(country: str) -> str:
    return _TERRITORIES.get(country, country.upper())
