"""By when a case needs something, in the manner of the Whistleblower Directive (2019/1937). Pure.

A report is acknowledged within seven days, and its reporter told what became of it within three
months after that (article 9). A desk may have periods of its own, and a case a day of its own,
which then counts instead. Where somebody is in immediate danger the time is now, and what is urgent
is acknowledged on its day; what a reporter says of danger is to be assessed now, whatever was done
before. What has been done asks for nothing more: an answer acknowledges, and so
does any status but "new"; feedback is done when the investigator says so, since no program can tell
it from a question.

What is in immediate danger or urgent is besides to be looked at again, a day or a week after
anything was last done or said in it: whoever took it may have fallen ill (ADR 0111).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app.console.rules import wording
from app.console.rules.lifecycle import DAY
from app.console.rules.vocabulary import CLOSED, LIFE_SAFETY, NEW, URGENT

ACKNOWLEDGE_RULE, FEEDBACK_RULE = "acknowledge-days", "feedback-days"
LOOK_DANGER_RULE, LOOK_URGENT_RULE = "look-danger-days", "look-urgent-days"
RULES = frozenset({ACKNOWLEDGE_RULE, FEEDBACK_RULE, LOOK_DANGER_RULE, LOOK_URGENT_RULE})
ACKNOWLEDGE, FEEDBACK, OWN, DANGER = "acknowledge", "feedback", "own", "danger"
LOOK_AGAIN, SAFETY = "look-again", "safety"
SAFETY_LOOK = "safety-look"
"""The field with the day on which a case's safety plan is looked at again."""
DAYS_MAX = 365
LOOK_DAYS_MAX = 31
"""No desk lets danger rest for longer."""
SNOOZE_MAX_DAYS = 31
"""Nothing is put off for longer at once: what is put off for ever is forgotten."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Days. Three months are 89 days at the shortest (February in them), and that counts."""

    acknowledge: int = 7
    feedback: int = 89
    look_danger: int = 1
    look_urgent: int = 7


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, and by when, in Unix seconds."""

    kind: str
    at: int


def due(
    status: str,
    own: str,
    *,
    first_at: int,
    acknowledged_at: int | None,
    feedback: str,
    periods: Periods,
    priority: str = "",
    danger_at: int | None = None,
    look_at: int | None = None,
    plan_at: int | None = None,
) -> Due | None:
    """Return the next thing due, None for nothing.

    ``own`` is a day (YYYY-MM-DD) as the desk set it, or empty; ``feedback`` the day on which the
    reporter was told, or empty; ``danger_at`` since when danger waits to be assessed, if any does;
    ``look_at`` when the case is to be looked at again (``look_again``), and ``plan_at`` by when its
    safety plan is, neither of which any other day puts off.
    """
    if danger_at is not None:
        return Due(DANGER, danger_at)
    if status == CLOSED:
        return None
    every = [_usual(status, own, first_at, acknowledged_at, feedback, periods, priority)]
    if look_at is not None:
        every.append(Due(LOOK_AGAIN, look_at))
    if plan_at is not None:
        every.append(Due(SAFETY, plan_at))
    return min((one for one in every if one), key=lambda one: one.at, default=None)


def plan_at(days: Iterable[str]) -> int | None:
    """Return by when (Unix seconds) the first of some safety plans is looked at again, if any is.

    ``days`` are the plans' days (YYYY-MM-DD), empty where there is none.
    """
    every = (read_day(one) for one in days)
    return min((_end_of(day) for day in every if day is not None), default=None)


def look_again(
    status: str, priority: str, touched_at: int, periods: Periods, *, unassessed: bool = False
) -> int | None:
    """Return from when on everybody at the desk is reminded of a case, None for never.

    ``touched_at`` is when anything was last done or said in it, in Unix seconds; ``unassessed``
    says that nobody has assessed what a message says of danger.
    """
    if unassessed or (priority == LIFE_SAFETY and status != CLOSED):
        return touched_at + periods.look_danger * DAY
    if priority == URGENT and status != CLOSED:
        return touched_at + periods.look_urgent * DAY
    return None


def _usual(
    status: str,
    own: str,
    first_at: int,
    acknowledged_at: int | None,
    feedback: str,
    periods: Periods,
    priority: str,
) -> Due | None:
    """Return what is due of an open case by the Directive, or by its own day."""
    day = read_day(own)
    if day is not None:
        return Due(OWN, _end_of(day))
    if status == NEW and acknowledged_at is None:
        usual, soonest = first_at + periods.acknowledge * DAY, _soonest(priority, first_at)
        return Due(ACKNOWLEDGE, usual if soonest is None else min(usual, soonest))
    if read_day(feedback) is not None:
        return None
    begun = first_at if acknowledged_at is None else acknowledged_at
    return Due(FEEDBACK, begun + periods.feedback * DAY)


def _end_of(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(23, 59), dt.UTC).timestamp())


def _soonest(priority: str, first_at: int) -> int | None:
    """Return by when a priority has a report acknowledged whatever its desk sets."""
    if priority == LIFE_SAFETY:
        return first_at
    return wording.end_of_day(first_at) - 1 if priority == URGENT else None


def read_day(text: str) -> dt.date | None:
    """Return a day of this era, or None."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None


def read_days(text: str, most: int = DAYS_MAX) -> int | None:
    """Return a number of days from 1 to ``most``, or None."""
    usable = text.isascii() and text.isdecimal() and len(text) <= 3
    return int(text) if usable and 1 <= int(text) <= most else None


def write_snooze(day: dt.date, reason: str) -> str:
    """Return one text for the day and the reason.

    So that no merge gives one person's day another's reason.
    """
    return f"{day.isoformat()} {reason}"


def read_snooze(text: str) -> tuple[int, str]:
    """Return until when (Unix seconds, a day's beginning in UTC) a case is put off, and why.

    (0, "") for one that is not.
    """
    day = read_day(text[:10])
    if day is None:
        return 0, ""
    begin = dt.datetime.combine(day, dt.time(), dt.UTC)
    return int(begin.timestamp()), text[11:]
