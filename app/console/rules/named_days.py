"""Days that a text names: "12 March 2026", "2026-03-12", "12 de marzo". Pure.

Read by form, with the months' names of the languages in which a reporter's page is read (CLDR, by
Babel), in any digits. What could be two days is told as both; a day without a year keeps none. Not
read: what hangs on when it was written ("last Friday", "yesterday"), since the console knows only
when a message came here; numbers without a year (9/11, 24/7); years of two digits; the months of
other calendars, but for Thai years of the Buddhist era.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from app.console.rules import wording
from app.sentences.translatable import say

TEXT_MAX = 20_000
"""Characters of one text that are read."""
DAYS_MAX = 20
"""Of one text: who names more of them is writing a list."""
_LOCALES = (
    *("en", "es", "fr", "pt", "ar", "ar_LB", "ar_DZ", "vi", "fil", "th", "hi", "uk", "ro"),
    *("hu", "sq", "ur", "bn"),
    *("de", "it", "nl", "pl", "ru"),
)
_YEARS = range(1920, 2101)
_BUDDHIST = 543
_SHORTEST = 3
_VERBS = frozenset(("may", "march", "mar"))
"""English words that are months only where they are written like names."""
_LETTER = r"[^\W\d_]"
_JOIN = r"\.?(?:st|nd|rd|th|er|re|º|ª|°)?,?\s{0,3}(?:(?:of|de|del|di|ng|do)\s{1,3})?"
_YEAR = r"(?:,?\s{0,3}(?:(?:of|de|del|do|nam)\s{1,3})?(?P<year>\d{4})(?!\d|:\d))?"
_NUMBER = r"(?<![\d.,/:+-])"
_END = r"(?!\d|[:./,-]\d)"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a text names.

    ``day`` is None where it could be two, or no year was said; ``words`` say which it could be.
    """

    day: dt.date | None
    words: str


def find(text: str, lang: str = "") -> list[NamedDay]:
    """Return the days that a text names, each once, in the order in which they stand.

    ``lang`` is the language that a message says it is in: its months' abbreviations are read, too.
    """
    read = _without_marks(text[:TEXT_MAX])
    said = wording.primary(lang)
    # What a message says is its sender's: only languages that have months here are kept by name.
    own = said if any(Locale.parse(one).language == said for one in _LOCALES) else ""
    found = [
        *_numbers(read),
        *_chinese(read),
        *_vietnamese(read),
        *_by_name(read, own),
    ]
    named = dict.fromkeys(day for _, day in sorted(found, key=lambda one: one[0]))
    return list(named)[:DAYS_MAX]


def _numbers(text: str) -> Iterator[tuple[int, NamedDay]]:
    """Yield year-month-day, day.month.year, and what stands between slashes in either order."""
    form = re.compile(_NUMBER + r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _END)
    for one in form.finditer(text):
        yield from _certain(one.start(), one[1], one[3], one[4])
    form = re.compile(_NUMBER + r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _END)
    for one in form.finditer(text):
        first, second = int(one[1]), int(one[3])
        # Nobody writes the month first between dots.
        if one[2] == "." or first > 12 or first == second:
            yield from _certain(one.start(), one[4], one[3], one[1])
        elif second > 12:
            yield from _certain(one.start(), one[4], one[1], one[3])
        else:
            days = [_day(one[4], month, day) for day, month in ((one[1], one[3]), (one[3], one[1]))]
            if days[0] and days[1]:
                one_day, other = wording.date(days[0]), wording.date(days[1])
                words = say("{one} or {other}", one=one_day, other=other)
                yield one.start(), NamedDay(None, words)


def _chinese(text: str) -> Iterator[tuple[int, NamedDay]]:
    form = re.compile(r"(?<!\d)(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号號]")
    for one in form.finditer(text):
        yield from _said(one.start(), one[1], int(one[2]), one[3])


def _vietnamese(text: str) -> Iterator[tuple[int, NamedDay]]:
    form = re.compile(
        _NUMBER + r"(\d{1,2})\s{1,3}thang\s{1,3}(\d{1,2})(?!\d)(?:,?\s{1,3}nam\s{1,3}(\d{4}))?",
        re.IGNORECASE,
    )
    for one in form.finditer(text):
        yield from _said(one.start(), one[3], int(one[2]), one[1])


def _by_name(text: str, lang: str) -> Iterator[tuple[int, NamedDay]]:
    months = _months(lang)
    for form in _forms(lang):
        for one in form.finditer(text):
            name = one["month"]
            if name.lower() in _VERBS and not name[0].isupper() and not one["year"]:
                continue
            yield from _said(one.start(), one["year"], months[name.lower()], one["day"])


@cache
def _months(lang: str) -> dict[str, int]:
    """Return months by their names: whole ones of every language, short ones of one."""
    found: dict[str, int] = {}
    for name in _LOCALES:
        locale = Locale.parse(name)
        widths = ("wide", "abbreviated") if locale.language == lang else ("wide",)
        for where in ("format", "stand-alone"):
            for width in widths:
                for number, word in locale.months[where][width].items():
                    read = _without_marks(word).strip(". ").lower()
                    if len(read) >= _SHORTEST and not any(c.isdecimal() for c in read):
                        found.setdefault(read, number)
    return found


@cache
def _forms(lang: str) -> tuple[re.Pattern[str], ...]:
    """Return day-month and month-day, each with a year or none."""
    # The longest first: "mars" before "mar".
    names = "|".join(re.escape(one) for one in sorted(_months(lang), key=len, reverse=True))
    month = rf"(?<!{_LETTER})(?P<month>{names})\.?(?!{_LETTER})"
    day = r"(?P<day>\d{1,2})"
    return (
        re.compile(_NUMBER + day + _JOIN + month + _YEAR, re.IGNORECASE),
        re.compile(
            month + rf"\s{{1,3}}{day}(?!\d|[.,:/-]\d)(?:st|nd|rd|th)?(?!{_LETTER})" + _YEAR,
            re.IGNORECASE,
        ),
    )


def _said(at: int, year: str | None, month: int, day: str) -> Iterator[tuple[int, NamedDay]]:
    if year is not None and int(year) in range(_YEARS.start, _YEARS.stop + _BUDDHIST):
        yield from _certain(at, year, str(month), day)
    elif found := _day("2024", str(month), day):
        yield at, NamedDay(None, say("{day}, year not said", day=wording.day_and_month(found)))


def _certain(at: int, year: str, month: str, day: str) -> Iterator[tuple[int, NamedDay]]:
    if found := _day(year, month, day):
        yield at, NamedDay(found, wording.date(found))


def _day(year: str, month: str, day: str) -> dt.date | None:
    """Return a day of the calendar; None for none. A Thai year is 543 more."""
    number = int(year)
    number -= _BUDDHIST if number - _BUDDHIST in _YEARS else 0
    try:
        return dt.date(number, int(month), int(day)) if number in _YEARS else None
    except ValueError:
        return None


def _without_marks(text: str) -> str:
    """Return a text without accents and vowel marks: "août" is written "aout" as well."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
