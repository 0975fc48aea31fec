"""A case's name, its row in a list and what is due in it, in words; nothing is decided here."""

import datetime as dt
from dataclasses import dataclass

from app.console.cases.speakers import Speakers
from app.console.line.trusted_line import TrustedLine
from app.console.rules import deadlines, vocabulary, wording, writing_direction
from app.console.vault.records import adding
from app.console.vault.records.case_lists import Listed
from app.protocol.receipt import words_of
from app.sentences.translatable import say, say_as, say_count

SOON_DAYS = 2


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A row of the list."""

    id: str
    name: str
    snippet: str
    direction: str
    lang: str
    when: str
    when_long: str
    unread: int
    files: int
    danger: bool
    retriage: bool
    """Whether it was triaged, and speaks of danger since that nobody has assessed."""
    minor: bool
    mine_last: bool
    draft: bool
    status: str
    status_words: str
    spoken: str
    priority: str
    priority_words: str
    owner: str
    owner_key: str
    untaken: bool
    """Whether it alarms: it speaks of danger that nobody has taken or assessed."""
    due: "DueWords | None"
    plan: "DueWords | None"
    """The safety plan's day, late or near, where ``due`` says something else."""
    labels: tuple[str, ...]
    merged: str
    withdrawn: tuple[str, ...]
    """Teams (by name) whose permission the reporter has withdrawn."""
    own: bool
    """Whether it is assigned to who looks at the list."""
    initials: str
    """Of the one to whom it is assigned; empty for nobody."""


def case_name(case: str) -> str:
    """Return two words by which people can talk of a case; from its id, so everywhere the same."""
    return "-".join(words_of(bytes.fromhex(case)[:16]).split()[:2])


@dataclass(frozen=True, slots=True)
class DueWords:
    """By when something is due, in words; ``tone`` is late, soon or empty."""

    words: str
    day: str
    tone: str
    when: str = ""
    """Of the words, when alone: where there is little room."""


def due(one: Listed, now: int) -> DueWords | None:
    """Return what is due; None for nothing, and for more than a month away: that is no news."""
    at = one.due_at
    if at is None:
        return None
    days = wording.days_until(at, now)
    day = wording.day_of(at)
    if one.due_kind == deadlines.DANGER:
        return DueWords(say("assess now"), day, "late")
    if one.snoozed_until > now:
        until = wording.day_of(one.snoozed_until, dt.UTC)
        return DueWords(say("snoozed until {day}", day=until), _due_words(one.due_kind, day), "")
    if (
        at <= now
        and one.priority == vocabulary.LIFE_SAFETY
        and one.due_kind == deadlines.ACKNOWLEDGE
    ):
        return DueWords(say("acknowledge now"), day, "late")
    if at < now:
        return DueWords(
            _due_words(one.due_kind, _late_words(-days)),
            day,
            "late",
            # In a row the whole would take the room of the language, and of who must interpret.
            _late_words(-days) if days else say("late"),
        )
    if days > 31:
        return None
    words = say_count("in {count} day", "in {count} days", days) if days else say("today")
    tone = "soon" if days <= SOON_DAYS else ""
    return DueWords(_due_words(one.due_kind, words), day, tone, words)


def plan(one: Listed, now: int) -> DueWords | None:
    """Return the day of the safety plan, late or near, that something due before it would hide."""
    at = one.plan_at
    if at is None or (one.due_kind == deadlines.SAFETY and one.snoozed_until <= now):
        return None
    days, late = wording.days_until(at, now), at < now
    if days > SOON_DAYS:
        return None
    in_days = say_count("in {count} day", "in {count} days", days) if days else say("today")
    when = _late_words(-days) if late else in_days
    words = _due_words(deadlines.SAFETY, when)
    return DueWords(words, wording.day_of(at), "late" if late else "soon", when)


def _late_words(days: int) -> str:
    if not days:
        return say("overdue since today")
    return say_count("{count} day late", "{count} days late", days)


def _due_words(kind: str, when: str) -> str:
    """Return what is due and when: one day, or how many days before or after."""
    if kind == deadlines.ACKNOWLEDGE:
        return say("acknowledge: {when}", when=when)
    if kind == deadlines.FEEDBACK:
        return say("feedback: {when}", when=when)
    if kind == deadlines.LOOK_AGAIN:
        return say("look again: {when}", when=when)
    if kind == deadlines.SAFETY:
        return say("safety plan: {when}", when=when)
    return say("due: {when}", when=when)


def line(
    one: Listed, now: int, drafted: set[str], known: TrustedLine, speakers: Speakers
) -> CaseRow:  # fmt: skip
    """Return a case as a line of the list shows it."""
    own = known.own_keys()
    label = known.label_of(one.owner) if one.owner else ""
    owner = say_as("assigned", "you") if one.owner in own else label
    wordless = adding.wordless(one.snippet)
    return CaseRow(
        id=one.id,
        name=case_name(one.id),
        snippet=wordless or one.snippet,
        direction="" if wordless or not one.snippet else writing_direction.direction(one.snippet),
        lang=one.lang,
        when=wording.short_time(one.last_at, now),
        when_long=wording.long_time(one.last_at),
        unread=one.unread,
        files=one.files,
        danger=one.danger,
        retriage=one.unassessed and bool(one.priority or one.status == vocabulary.CLOSED),
        minor=one.minor,
        mine_last=one.last_direction == "out",
        draft=one.id in drafted,
        status=one.status,
        status_words=vocabulary.status_words(one.whole_status),
        spoken=speakers.spoken(one, known.own_keys()),
        priority=one.priority,
        priority_words=vocabulary.PRIORITIES.get(one.priority, ""),
        owner=owner or (wording.has_left() if one.owner else ""),
        owner_key=one.owner,
        untaken=one.untaken,
        due=due(one, now),
        plan=plan(one, now),
        labels=one.labels,
        merged=case_name(one.merged) if one.merged else "",
        withdrawn=tuple(known.desk_name(desk) for desk in one.withdrawn),
        own=one.owner in own,
        initials=wording.initials(label) if one.owner else "",
    )
