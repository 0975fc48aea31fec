"""One language that sentences are said in: its catalogue, its numbers and dates, its direction."""

import datetime as dt
import gettext
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_decimal

from app.sentences.po_files import read_translations
from app.sentences.translatable import Translatable
from app.sentences.values import Style

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
_OF_CONTEXT = "\x04"
"""Stands between a context and its message in gettext's own files."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language; ``tag`` is BCP 47.

    Without a ``locale`` it is English, whose words are the source.
    """

    tag: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    locale: Locale | None = None
    direction: str = "ltr"

    def say(self, text: str) -> str:
        """Return a text in this language, if it can be translated; else as it is."""
        if isinstance(text, Translatable) and self.locale is not None:
            return text.in_language(self)
        return str(text)

    def pgettext(self, context: str, message: str) -> str:
        """Return a message's translation in one of its uses; the message where there is none."""
        found = self.gettext(f"{context}{_OF_CONTEXT}{message}")
        return message if _OF_CONTEXT in found else found

    def value(self, value: object) -> str:
        """Return what is put into a sentence: a number as this language writes it, a text as it is.

        In a language that is written from the right a text is isolated: a name, a code or a file's
        name must not change places with the words around it.
        """
        if isinstance(value, Translatable):
            return self.say(value)
        if self.locale is None:
            return str(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value, 0)
        return f"{ISOLATE}{value}{END_ISOLATE}" if self.direction == "rtl" else str(value)

    def number(self, number: float, digits: int) -> str:
        """Return a number with so many digits behind the point."""
        if self.locale is None:
            return f"{number:.{digits}f}"
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return format_decimal(number, format=pattern, locale=self.locale)

    def moment(self, at: dt.datetime, style: Style) -> str:
        """Return a date or a time of day."""
        locale = self.locale
        if style == "long":
            day, clock = format_date(at, "full", locale), format_time(at, "short", locale=locale)
            pattern = str(get_datetime_format("long", locale)).replace("'", "")
            return pattern.format(clock, day)
        if style == "clock":
            return format_time(at, "short", locale=locale)
        if style in ("day", "date"):
            return format_date(at, "full" if style == "day" else "long", locale)
        if style == "weekday":
            return format_date(at, "EEE", locale)
        skeletons = {"short_year": "yMMMd", "short": "MMMd", "day_month": "MMMMd", "month": "yMMMM"}
        return format_skeleton(skeletons[style], at, locale=locale)

    def plural_forms(self, message: str, plural: str) -> dict[str, str]:
        """Return a sentence's forms by CLDR category ("one", "few" …), as Intl.PluralRules asks."""
        rule = self.locale.plural_form if self.locale else Locale("en").plural_form
        forms: dict[str, str] = {}
        # Whole numbers that between them meet every category of every language.
        for number in (*range(201), 1_000, 1_000_000):
            forms.setdefault(rule(number), self.ngettext(message, plural, number))
        forms.setdefault("other", self.ngettext(message, plural, 1_000_000))
        return forms

    def listing(self, items: Sequence[str]) -> str:
        """Return things as this language joins them."""
        return format_list(items, locale=self.locale)

    def row(self, items: Sequence[str]) -> str:
        """Return things with this language's comma between them."""
        comma = {"ar": "، ", "zh": "、"}.get(self.tag.partition("-")[0], ", ")
        return comma.join(items)

    def language_name(self, tag: str) -> str | None:
        """Return what this language calls another one, None if it has no word for it."""
        if self.locale is None:
            return None
        names = self.locale.languages
        found: str | None = names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0])
        return found

    def country_name(self, code: str) -> str | None:
        """Return what this language calls a country, None if it has no word for it."""
        found: str | None = self.locale.territories.get(code) if self.locale else None
        return found

    def in_json(self, value: Any) -> Any:
        """Return what is to become JSON, with every translatable text in it said."""
        if isinstance(value, str):
            return self.say(value)
        if isinstance(value, dict):
            return {name: self.in_json(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.in_json(one) for one in value]
        return value


def english() -> Language:
    """Return the source: every sentence as it stands in the program."""
    source = gettext.NullTranslations()
    return Language("en", source.gettext, source.ngettext)


def open_language(code: str, catalogue: Path) -> Language:
    """Read a language from its .po file; what is not translated there stays English.

    ``code`` is CLDR's, such as ``ar`` or ``zh_Hans``. Raises OSError, ValueError.
    """
    locale = Locale.parse(code)
    read = read_translations(catalogue, locale)
    tag = code.replace("_", "-")
    return Language(tag, read.gettext, read.ngettext, locale, locale.text_direction)
