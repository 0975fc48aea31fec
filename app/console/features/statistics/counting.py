"""Tables of counts from cases as bare facts: whole weeks (UTC), Monday first.

Every group is one of a fixed list: a language or an answer that this program has no name for is
counted as "another", since a reporter's page can be made to say anything in its place.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.console.features.statistics.storage.case_facts import Fact
from app.console.rules import htcds, vocabulary, wording
from app.console.rules.intake_labels import Intake
from app.console.rules.lifecycle import DAY
from app.console.rules.referrals import KINDS, STATES
from app.sentences.translatable import say
from app.sentences.values import Moment

WEEK = 7 * DAY
PERIODS = {
    4: say("4 weeks"),
    12: say("12 weeks"),
    26: say("Half a year"),
    52: say("A year"),
    104: say("Two years"),
}
USUAL = 12
VERTICAL, HORIZONTAL, LINE = "standing", "lying", "line"
WAITS = (
    (1, say("Within a day")),
    (3, say("1 to 3 days")),
    (7, say("3 to 7 days")),
    (14, say("1 to 2 weeks")),
)
LATER, UNANSWERED = say("More than 2 weeks"), say("Not answered yet")
SIGNS = {
    "abuse_of_vulnerability": say("Abuse of vulnerability"),
    "deception": say("Deception"),
    "restriction_of_movement": say("Restriction of movement"),
    "isolation": say("Isolation"),
    "physical_and_sexual_violence": say("Physical and sexual violence"),
    "intimidation_and_threats": say("Intimidation and threats"),
    "retention_of_identity_documents": say("Retention of identity documents"),
    "withholding_of_wages": say("Withholding of wages"),
    "debt_bondage": say("Debt bondage"),
    "abusive_working_and_living_conditions": say("Abusive working and living conditions"),
    "excessive_overtime": say("Excessive overtime"),
    "made_to_break_law": say("Made to break law"),
    "forced_marriage": say("Forced marriage"),
    "threat_to_tell_immigration": say("Threat to tell immigration"),
}
"""The ILO's indicators of forced labour, in its terms, and what else reporters choose."""
UNSAID, ANOTHER, OPEN = say("Not said"), say("Another"), say("Still open")


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by group.

    ``shape`` says how it is drawn, ``note`` what has to be known beside it; ``median`` is days to
    the first answer where there is one, with the number it is of; ``sparse`` that most groups have
    none in most times, so that those are named beside the chart and not drawn in it.
    """

    id: str
    title: str
    group: str
    rows: tuple[tuple[str, int], ...]
    shape: str = HORIZONTAL
    note: str = ""
    median: tuple[float, int] | None = None
    sparse: bool = False


def begin_of(weeks: int, now: int) -> int:
    """Return when so many weeks began, this one being the last."""
    today = dt.datetime.fromtimestamp(now, dt.UTC).date()
    monday = today - dt.timedelta(days=today.weekday())
    first = monday - dt.timedelta(weeks=weeks - 1)
    return int(dt.datetime.combine(first, dt.time(), dt.UTC).timestamp())


def tables(
    facts: Sequence[Fact],
    referred: Iterable[tuple[str, str]],
    weeks: int,
    now: int,
    intake: Intake,
) -> list[Table]:
    """Return all tables for the weeks up to now.

    ``facts`` are of all cases, those of before for the backlog; ``referred`` gives kind and state
    of the period's referrals.
    """
    begin = begin_of(weeks, now)
    recent = [one for one in facts if begin <= one.first_at <= now]
    starts = [begin + number * WEEK for number in range(weeks)]
    return [
        _tips(recent, starts),
        _waits(recent),
        _backlog(facts, starts, now),
        _outcomes(recent),
        _languages(recent),
        _signs(recent, intake),
        _whose(recent, intake),
        *_standard(recent),
        _referrals(referred),
    ]


def _tips(recent: Sequence[Fact], starts: Sequence[int]) -> Table:
    counted = Counter((one.first_at - starts[0]) // WEEK for one in recent)
    rows = tuple((_day(start), counted[number]) for number, start in enumerate(starts))
    note = say(
        "By the week in which this console first had them. The server hides when they were sent."
    )
    return Table("tips", say("Tips a week"), say("Week from"), rows, VERTICAL, note)


def _waits(recent: Sequence[Fact]) -> Table:
    waits = [one.answered_at - one.first_at for one in recent if one.answered_at is not None]
    counted = Counter(map(_wait, waits))
    names = [*(words for _, words in WAITS), LATER]
    rows = [(name, counted[name]) for name in names]
    rows.append((UNANSWERED, sum(one.answered_at is None for one in recent)))
    median = (statistics.median(waits) / DAY, len(waits)) if waits else None
    return Table(
        "answers", say("Time to the first answer"), say("Answered"), tuple(rows), median=median
    )


def _wait(seconds: int) -> str:
    return next((words for days, words in WAITS if seconds < days * DAY), LATER)


def _backlog(facts: Sequence[Fact], starts: Sequence[int], now: int) -> Table:
    rows = []
    for start in starts:
        end = min(start + WEEK, now + 1)
        count = sum(
            one.first_at < end and (one.closed_at is None or one.closed_at >= end) for one in facts
        )
        rows.append((_day(start), count))
    note = say(
        "Open cases at the end of each week. One that was opened again counts as never closed."
    )
    return Table("backlog", say("Backlog"), say("Week from"), tuple(rows), LINE, note)


def _outcomes(recent: Sequence[Fact]) -> Table:
    names = {"": OPEN} | vocabulary.DISPOSITIONS
    return _grouped(
        "outcomes", say("Outcome"), say("Closed as"), names, (one.outcome for one in recent)
    )


def _languages(recent: Sequence[Fact]) -> Table:
    def name(tag: str) -> str:
        known = wording.language(wording.primary(tag)) if wording.is_language(tag) else ANOTHER
        return known if tag else UNSAID

    counted = Counter(name(one.lang) for one in recent)
    last = (ANOTHER, UNSAID)
    rows = sorted(counted.items(), key=lambda row: (row[0] in last, -row[1], row[0]))
    return Table("languages", say("By language"), say("Language"), tuple(rows))


def _signs(recent: Sequence[Fact], intake: Intake) -> Table:
    # The ids are the ILO's terms; what the reporter's page says in their place is for reporters.
    known = SIGNS | {"unknown": say("Does not know")}
    names = {
        sign: known.get(sign) or sign.replace("_", " ").capitalize()
        for sign in intake.options("signs")
    }
    counted = Counter(
        sign if sign in names else ANOTHER for one in recent for sign in set(one.signs)
    )
    rows = [(words, counted[sign]) for sign, words in names.items()]
    if counted[ANOTHER]:
        rows.append((ANOTHER, counted[ANOTHER]))
    rows.append((UNSAID, sum(not one.signs for one in recent)))
    note = say(
        "What reporters chose of the ILO's indicators of forced labour; one may choose several."
    )
    return Table(
        "kinds", say("By kind of abuse"), say("Indicator"), tuple(rows), note=note, sparse=True
    )


def _standard(recent: Sequence[Fact]) -> list[Table]:
    """Return a table for each field of the case data standard that answers are mapped to.

    The groups are the standard's own names, so that they can be put beside other lines' numbers.
    """
    known = htcds.standard()
    made = []
    for field, title in known.titles.items():
        counted = Counter(term.value for one in recent for term in one.terms if term.field == field)
        rows = [(value, counted[value]) for value in known.values(field)]
        rows.append((UNSAID, sum(all(t.field != field for t in one.terms) for one in recent)))
        note = say(
            "{standard}, field {field}. What reporters chose, not what was established.",
            standard=known.name,
            field=field,
        )
        if not known.confirmed(field):
            note = say(
                "{standard}, field {field}. What reporters chose, not what was established; the "
                "field's name is not confirmed.",
                standard=known.name,
                field=field,
            )
        id_ = f"standard-{field.lower()}"
        made.append(
            Table(
                id_,
                say("{title} ({standard})", title=title, standard=known.name),
                field,
                tuple(rows),
                note=note,
                sparse=True,
            )
        )
    return made


def _whose(recent: Sequence[Fact], intake: Intake) -> Table:
    names = intake.options("whose_case")
    said = (one.whose for one in recent)
    return _grouped(
        "reporters", say("By who reports"), say("The report is"), {"": UNSAID} | names, said
    )


def _referrals(referred: Iterable[tuple[str, str]]) -> Table:
    counted = Counter(referred)
    rows = [
        (say("{kind}: {state}", kind=words, state=STATES[state]), counted[kind, state])
        for kind, words in KINDS.items()
        for state in STATES
        if counted[kind, state]
    ]
    note = say("Begun in this time, as they stand now.")
    return Table(
        "referrals", say("Referrals"), say("To whom, and what became of it"), tuple(rows), note=note
    )


def _grouped(
    id_: str, title: str, group: str, names: Mapping[str, str], said: Iterable[str]
) -> Table:
    counted = Counter(names.get(value, ANOTHER) for value in said)
    order = [*dict.fromkeys(names.values()), *((ANOTHER,) if counted[ANOTHER] else ())]
    return Table(id_, title, group, tuple((name, counted[name]) for name in order))


def _day(at: int) -> str:
    return Moment.of(dt.datetime.fromtimestamp(at, dt.UTC), "short_year")
