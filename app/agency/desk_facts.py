"""What an agency says of a desk in agency.toml, and a reporter reads before choosing it.

    hours = ["mon-fri 09:00-17:30", "sat 22:00-02:00"]    # or ["always"]; by the clock at the desk
    languages = ["en", "es", "zh-Hans"]                   # that somebody there reads
    tells_immigration = "no"                              # "yes", "no" or "unknown"

Read into the form of the signed directory (docs/spec/directory.md). Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.agency.errors import AgencyError
from app.protocol.directory import HOURS_MAX, LANGUAGES_MAX, TELLS, Desk, Hours

ALWAYS: Final = "always"
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<begin>\d\d:\d\d)-(?P<end>\d\d:\d\d)"
)
_TIME: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """A desk's hours, the languages that are read there, and whether it must tell immigration."""

    hours: tuple[Hours, ...] = ()
    languages: tuple[str, ...] = ()
    tells_immigration: str = "unknown"

    def entry(self) -> dict[str, Any]:
        """Return the members of a desk in the directory; what was not said is not there."""
        said: dict[str, Any] = {}
        if self.hours:
            said["hours"] = [
                {"days": list(one.days), "from": one.begin, "to": one.end} for one in self.hours
            ]
        if self.languages:
            said["languages"] = list(self.languages)
        if self.tells_immigration != "unknown":
            said["tells_immigration"] = self.tells_immigration
        return said


def read_facts(desk: Mapping[str, Any], desk_id: str) -> DeskFacts:
    """Read them from a desk's table. Raises AgencyError with a sentence for who edited it."""
    tells = desk.get("tells_immigration", "unknown")
    if tells not in TELLS:
        raise AgencyError(
            f"agency.toml: tells_immigration of the desk '{desk_id}' must be "
            '"yes", "no" or "unknown". Ask a lawyer whether a law or an order binds it.'
        )
    languages = _list(desk, "languages", desk_id, LANGUAGES_MAX)
    if not all(_LANGUAGE.fullmatch(one) for one in languages) or len(set(languages)) < len(
        languages
    ):
        raise AgencyError(
            f"agency.toml: languages of the desk '{desk_id}' must be language tags such as en or "
            "zh-Hans, each once."
        )
    hours = _list(desk, "hours", desk_id, HOURS_MAX)
    if hours == (ALWAYS,):
        return DeskFacts((Hours(tuple(range(1, 8)), "00:00", "24:00"),), languages, tells)
    return DeskFacts(tuple(_span(one, desk_id) for one in hours), languages, tells)


def plain_hours(hours: tuple[Hours, ...]) -> str:
    """Return hours as agency.toml has them, for who signs."""
    return "; ".join(hours_as_written(hours))


def hours_as_written(hours: tuple[Hours, ...]) -> list[str]:
    """Return hours as the list that agency.toml has."""
    return [f"{_span_of(one.days)} {one.begin}-{one.end}" for one in hours]


def unsaid(desk: Desk) -> list[str]:
    """Return what a desk of a directory does not say, in the words of agency.toml."""
    return [
        name
        for name, said in (
            ("hours", desk.hours),
            ("languages", desk.languages),
            ("tells_immigration", desk.tells_immigration != "unknown"),
        )
        if not said
    ]


def _list(desk: Mapping[str, Any], key: str, desk_id: str, most: int) -> tuple[str, ...]:
    value = desk.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise AgencyError(f"agency.toml: {key} of the desk '{desk_id}' must be a list of texts.")
    if len(value) > most:
        raise AgencyError(f"agency.toml: {key} of the desk '{desk_id}' has more than {most}.")
    return tuple(value)


def _span(text: str, desk_id: str) -> Hours:
    found = _SPAN.fullmatch(text.strip().lower())
    if found is not None:
        first, last = found["first"], found["last"] or found["first"]
        begin, end = found["begin"], found["end"]
        times = _TIME.fullmatch(begin) and (_TIME.fullmatch(end) or end == "24:00")
        if first in _DAYS and last in _DAYS and times and begin != end:
            days = range(_DAYS.index(first) + 1, _DAYS.index(last) + 2)
            if days:
                return Hours(tuple(days), begin, end)
    raise AgencyError(
        f"agency.toml: “{text}” in hours of the desk '{desk_id}' is not of the form "
        '"mon-fri 09:00-17:30" or "sat 22:00-02:00" (until the next day), or ["always"] alone. '
        "A week begins on Monday."
    )


def _span_of(days: tuple[int, ...]) -> str:
    names = [_DAYS[day - 1] for day in days]
    together = list(days) == list(range(days[0], days[-1] + 1)) and len(days) > 1
    return f"{names[0]}-{names[-1]}" if together else ",".join(names)
