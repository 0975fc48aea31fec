"""What is said of a desk before it is chosen: at a terminal, and in what is read out of it."""

from __future__ import annotations

from collections.abc import Callable

from babel import Locale, UnknownLocaleError

from app.protocol.directory import Desk, Hours

_FALLBACK = "en"


def facts(desk: Desk, phrase: Callable[[str], str], lang: str) -> list[str]:
    """Return sentences: hours and languages where the agency says them, immigration always."""
    locale = _locale(lang) or Locale(_FALLBACK)
    said = []
    if desk.reads_always:
        said.append(phrase("desk-always"))
    elif desk.hours:
        spans = "; ".join(_span(one, locale) for one in desk.hours)
        said.append(phrase("desk-hours").format(hours=spans))
    if desk.languages:
        names = ", ".join(_language(tag, locale) for tag in desk.languages)
        said.append(phrase("desk-languages").format(languages=names))
    return [*said, phrase(f"desk-tells-{desk.tells_immigration}")]


def _span(hours: Hours, locale: Locale) -> str:
    names = locale.days["stand-alone"]["wide"]
    runs: list[list[int]] = []
    for day in hours.days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [
        f"{names[run[0] - 1]} – {names[run[-1] - 1]}" if len(run) > 1 else str(names[run[0] - 1])
        for run in runs
    ]
    return f"{', '.join(said)} {hours.begin}–{hours.end}"


def _language(tag: str, locale: Locale) -> str:
    """Return a language's name, or its tag where nobody here knows one."""
    known = _locale(tag)
    return str(known.get_display_name(locale) or tag) if known else tag


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
