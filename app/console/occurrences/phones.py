"""Telephone numbers, as E.164, by Google's library of every country's plan. Pure.

A number without its country's code is read as one of the desk's country; where none was chosen, it
is no occurrence at all: a guessed country makes links that are not there.
"""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from app.console.occurrences.link_kinds import Kind, Occurrence, Sure

_ABROAD = re.compile(r"(?<![\d+])(?:00|011)(?=[ .-]?[1-9])")
"""How two thirds of the world, and North America, begin a number abroad."""


def find(plain: str, region: str) -> Iterator[Occurrence]:
    """Find those valid in their country's plan; ``plain`` is a text as ``flat`` makes it."""
    ready = _ABROAD.sub(lambda met: "+".rjust(len(met[0])), plain)
    country = region if region in phonenumbers.SUPPORTED_REGIONS else None
    for met in PhoneNumberMatcher(ready, country, leniency=Leniency.VALID):
        yield _occurrence(met.number, met.start, met.end, ready, plain)


def number_of(text: str, region: str | None = None) -> phonenumbers.PhoneNumber | None:
    """Return a number that stands alone, if it is valid."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def written(number: phonenumbers.PhoneNumber) -> str:
    """Return a number as E.164: +12025550123."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def regions() -> list[str]:
    """Return every country that can be chosen, by its two letters."""
    return sorted(phonenumbers.SUPPORTED_REGIONS)


def shown(value: str) -> str:
    """Return a value in the groups in which its country writes it."""
    number = number_of(value)
    if number is None:
        return value
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _occurrence(
    number: phonenumbers.PhoneNumber, start: int, end: int, ready: str, plain: str
) -> Occurrence:
    abroad = "+" in ready[start : start + 2]
    while start and ready[start - 1] == " " and plain[start - 1].isdecimal():
        start -= 1  # the zeros for which the plus stands
    return Occurrence(Kind.PHONE, written(number), start, end, Sure.SAME if abroad else Sure.LIKELY)
