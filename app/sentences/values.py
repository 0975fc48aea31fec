"""What stands in sentences and changes with the language: dates, amounts, lists, languages."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from app.sentences.translatable import Translatable

if TYPE_CHECKING:
    from app.sentences.language import Language

Style = Literal[
    "long", "day", "date", "short_year", "short", "day_month", "weekday", "clock", "month"
]


class Moment(Translatable):
    """A date or a time of day, in one of a few styles."""

    stored_as = "Moment"
    at: dt.datetime
    style: Style

    @classmethod
    def of(cls, at: dt.datetime, style: Style) -> "Moment":
        """Make one; ``at`` is in the zone of who reads it."""
        made = cls(_english()[style](at))
        made.at, made.style = at, style
        return made

    def in_language(self, language: "Language") -> str:
        """Return it in the language's own order and words."""
        return language.moment(self.at, self.style)

    def parts(self) -> list[Any]:
        """Return the time in ISO 8601, and the style."""
        return [self.at.isoformat(), self.style]


class Amount(Translatable):
    """A number with so many digits behind the point."""

    stored_as = "Amount"
    number: float
    digits: int

    @classmethod
    def of(cls, number: float, digits: int = 0) -> "Amount":
        """Make one."""
        made = cls(f"{number:.{digits}f}")
        made.number, made.digits = number, digits
        return made

    def in_language(self, language: "Language") -> str:
        """Return it with the language's point."""
        return language.number(self.number, self.digits)

    def parts(self) -> list[Any]:
        """Return the number and its digits."""
        return [self.number, self.digits]


class Listing(Translatable):
    """Several things in a row: "a, b and c"."""

    stored_as = "Listing"
    items: tuple[str, ...]

    @classmethod
    def of(cls, items: Iterable[str | int]) -> "Listing":
        """Make one, in the order given; of numbers too."""
        kept = tuple(one if isinstance(one, str) else str(one) for one in items)
        made = cls(" and ".join(part for part in (", ".join(kept[:-1]), *kept[-1:]) if part))
        made.items = kept
        return made

    def in_language(self, language: "Language") -> str:
        """Return it as the language joins things."""
        return language.listing([language.value(one) for one in self.items])

    def parts(self) -> list[Any]:
        """Return the things."""
        return list(self.items)


class CommaList(Translatable):
    """Several things with a comma between them: no sentence, as of ticked answers."""

    stored_as = "Row"
    items: tuple[str, ...]

    @classmethod
    def of(cls, items: Iterable[str]) -> "CommaList":
        """Make one, in the order given."""
        kept = tuple(items)
        made = cls(", ".join(kept))
        made.items = kept
        return made

    def in_language(self, language: "Language") -> str:
        """Return them one after the other."""
        return language.row([language.value(one) for one in self.items])

    def parts(self) -> list[Any]:
        """Return the things."""
        return list(self.items)


class LanguageName(Translatable):
    """What a language is called."""

    stored_as = "LanguageName"
    tag: str

    @classmethod
    def of(cls, tag: str, english: str) -> "LanguageName":
        """Make one; ``tag`` is BCP 47."""
        made = cls(english)
        made.tag = tag
        return made

    def in_language(self, language: "Language") -> str:
        """Return its name in the language; the English one where it has none."""
        return language.language_name(self.tag) or str(self)

    def parts(self) -> list[Any]:
        """Return the tag and the English name."""
        return [self.tag, str(self)]


class CountryName(Translatable):
    """What a country is called."""

    stored_as = "CountryName"
    code: str

    @classmethod
    def of(cls, code: str, english: str) -> "CountryName":
        """Make one; ``code`` is of ISO 3166, two letters."""
        made = cls(english)
        made.code = code
        return made

    def in_language(self, language: "Language") -> str:
        """Return its name in the language; the English one where it has none."""
        return language.country_name(self.code) or str(self)

    def parts(self) -> list[Any]:
        """Return the code and the English name."""
        return [self.code, str(self)]


def _english() -> Mapping[Style, Callable[[dt.datetime], str]]:
    return {
        "long": lambda at: f"{at:%A} {at.day} {at:%B} {at.year}, {at:%H:%M}",
        "day": lambda at: f"{at:%A} {at.day} {at:%B} {at.year}",
        "date": lambda at: f"{at.day} {at:%B} {at.year}",
        "short_year": lambda at: f"{at.day} {at:%b} {at.year}",
        "short": lambda at: f"{at.day} {at:%b}",
        "day_month": lambda at: f"{at.day} {at:%B}",
        "weekday": lambda at: f"{at:%a}",
        "clock": lambda at: f"{at:%H:%M}",
        "month": lambda at: f"{at:%B} {at.year}",
    }
