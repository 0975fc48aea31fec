"""Telephone numbers, as E.164, by Google's library of every country's plan. Pure.

A number without its country's code is read as one of the agency's countries, or of that which the
desk chose; where there is none, it is no occurrence at all: a guessed country makes links that are
not there. Ofcom's numbers for drama, which no plan has, are read as well: training, demonstrations
and tests write them, and nobody else has them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from app.console.occurrences.link_kinds import Kind, Occurrence, Sure

_ABROAD = re.compile(r"(?<![\d+])(?:00|011)(?=[ .-]?[1-9])")
"""How two thirds of the world, and North America, begin a number abroad."""


_GB = "GB"
# https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama, without the 0.
_DRAMA = (
    r"7700900\d{3}", r"1(?:1[3-8]|[2-6]1)4960\d{3}", r"1914980\d{3}", r"2079460\d{3}",
    r"2896496\d{3}", r"2920180\d{3}", r"1632960\d{3}", r"8081570\d{3}", r"9098790\d{3}",
    r"3069990\d{3}",
)  # fmt: skip
_DRAMA_NUMBER = re.compile("|".join(_DRAMA))
_BRITISH = re.compile(
    r"(?<![\w+])(?P<code>(?:\+|00)44[ .-]?(?:\(0\)[ .-]?)?)?(?P<zero>\(?0\)?[ .-]?)?"
    r"(?P<rest>\(?[12379]\d(?:[ .()/-]{0,2}\d){8})(?![ .-]?\d)"
)
_BRITISH_FREE = re.compile(
    r"(?<![\w+])(?P<code>(?:\+|00)44[ .-]?)?(?P<zero>0)?(?P<rest>8(?:[ .-]?\d){9})(?![ .-]?\d)"
)


def drama(plain: str, regions: Sequence[str]) -> Iterator[Occurrence]:
    """Find the numbers that Ofcom keeps for film and training; without +44 where GB is asked."""
    for pattern in (_BRITISH, _BRITISH_FREE):
        for met in pattern.finditer(plain):
            digits = re.sub(r"\D", "", met["rest"])
            abroad = met["code"] is not None
            if not _DRAMA_NUMBER.fullmatch(digits) or not (
                abroad or (met["zero"] and _GB in regions)
            ):
                continue
            sure = Sure.SAME if abroad else Sure.LIKELY
            yield Occurrence(Kind.PHONE, f"+44{digits}", met.start(), met.end(), sure)


def find(plain: str, region: str, *, first: bool = True) -> Iterator[Occurrence]:
    """Find those valid in their country's plan; ``plain`` is a text as ``flat`` makes it.

    Of a country that is not the ``first`` in question a number without its code is only possible.
    """
    ready = _ABROAD.sub(lambda met: "+".rjust(len(met[0])), plain)
    country = region if region in phonenumbers.SUPPORTED_REGIONS else None
    for met in PhoneNumberMatcher(ready, country, leniency=Leniency.VALID):
        one = _occurrence(met.number, met.start, met.end, ready, plain)
        yield one if first or one.sure is Sure.SAME else replace(one, sure=Sure.MAYBE)


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
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _occurrence(
    number: phonenumbers.PhoneNumber, start: int, end: int, ready: str, plain: str
) -> Occurrence:
    abroad = "+" in ready[start : start + 2]
    while start and ready[start - 1] == " " and plain[start - 1].isdecimal():
        start -= 1  # the zeros for which the plus stands
    return Occurrence(Kind.PHONE, written(number), start, end, Sure.SAME if abroad else Sure.LIKELY)
