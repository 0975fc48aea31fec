"""The vault's rows as the templates need them: names, words, times; nothing is decided here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app.console.cases.speakers import Speakers
from app.console.line.trusted_line import TrustedLine
from app.console.rules import deadlines, vocabulary, wording, writing_direction
from app.console.rules.body import FROM_REPORTERS, NEWER, UNREADABLE
from app.console.vault.attachments import hash_lists
from app.console.vault.attachments.files import File, FileState
from app.console.vault.records import adding
from app.console.vault.records.case_lists import Listed
from app.console.vault.records.messages import Message, State
from app.console.viewer.previewable import Kind, kind_of
from app.protocol.bodies import LETTER_REQUEST, WITHDRAWAL
from app.protocol.receipt import words_of
from app.sentences.translatable import say, say_as, say_count
from app.sentences.values import Listing

SOON_DAYS = 2
_SHOW = {
    Kind.PICTURE: say("Show picture"),
    Kind.DOCUMENT: say("Show pages"),
    Kind.TEXT: say("Show text"),
    Kind.OFFICE: say("Show pages"),
    Kind.SOUND: say("Show waveform"),
    Kind.FILM: say("Show frames"),
}
_ICONS = {Kind.SOUND: "sound", Kind.FILM: "film"}


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


@dataclass(frozen=True, slots=True)
class FileView:
    """A file under a message."""

    id: int
    name: str
    type: str
    size: str
    sha256: str | None
    metadata: str
    show_words: str
    """What a link says by which it is shown; empty if there is no preview."""
    picture: bool
    blurred_first: bool
    """Whether it is opened, to a few pixels, without being asked."""
    icon: str
    can_run: bool
    here: bool
    listed: bool
    """Whether it is in a list of hashes: nothing is offered that would open it."""
    state: str
    problem: str | None
    by_hand: str | None
    """What a button says by which the investigator asks for it, if that helps."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message in a case. ``paragraphs`` are its text, each with its direction."""

    id: int
    mine: bool
    title: str
    lang: str
    paragraphs: list[tuple[str, str]]
    notice: str | None
    passed_on_by: str
    when: str
    when_long: str
    state: str | None
    known_of_it: str
    waiting: bool
    problem: str | None
    answers: list[tuple[str, str]]
    files: list[FileView]


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
            _due_words(one.due_kind, _late_words(-days)), day, "late", _late_words(-days)
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
        minor=one.answers.get("under_18") == "yes",
        mine_last=one.last_direction == "out",
        draft=one.id in drafted,
        status=one.status,
        status_words=vocabulary.status_words(f"{one.status}/{one.disposition}"),
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


def message(
    one: Message,
    files: Iterable[File],
    known: TrustedLine,
    now: int,
    heard_at: int = 0,
    days: object = None,
    origin: str = "",
) -> MessageView:
    """Return a message as the case's page shows it.

    ``heard_at`` is when the reporter last wrote, ``days`` how long the server keeps an answer;
    ``origin`` names the line that passed the case on, if one did.
    """
    mine = one.direction == "out"
    kind = one.body.kind
    writer = (known.label_of(one.author) or wording.has_left()) if one.author else say("You")
    desk = known.desk_name(one.body.desks[0]) if mine and one.body.desks else ""
    mine_title = say("{name} · {team}", name=writer, team=desk) if desk else writer
    return MessageView(
        id=one.id,
        mine=mine,
        title=(say("Answer by {origin}", origin=origin) if origin else mine_title)
        if mine
        else wording.message_title(kind),
        lang=one.body.lang,
        paragraphs=[
            (writing_direction.direction(part), part)
            for part in one.body.text.split("\n")
            if part.strip()
        ],
        notice=None if mine else _notice(one, known),
        passed_on_by=known.label_of(one.author) if one.author and not mine else "",
        when=wording.short_time(one.at, now),
        when_long=wording.long_time(one.at),
        state=None if origin else _state(one),
        known_of_it="" if origin else _known_of(one, heard_at, days),
        waiting=one.state == State.WAITING,
        problem=one.problem,
        answers=_answers(one, known),
        files=[file_view(file) for file in files if file.message == one.id],
    )


def _known_of(one: Message, heard_at: int, days: object) -> str:
    """Return what can be said of an answer's way, and no more."""
    if one.direction != "out" or one.state is not State.SENT:
        return ""
    if heard_at > one.at:
        return say(
            "The reporter has written again since then. We cannot tell whether they read this."
        )
    if type(days) is int:
        return say_count(
            "On the server. Nobody can tell whether it has been read. It is deleted there after "
            "about {count} day.",
            "On the server. Nobody can tell whether it has been read. It is deleted there after "
            "about {count} days.",
            days,
        )
    return say("On the server. Nobody can tell whether it has been read.")


def file_view(file: File) -> FileView:
    """Return a file as pages show it: what it is, whether it is here, what can be done."""
    here = file.state in (FileState.HERE, FileState.LOCAL, FileState.SENT) and not file.listed
    words = {
        FileState.WANTED: say(
            "Being fetched, {have} of {chunks} parts", have=file.have, chunks=file.chunks
        ),
        FileState.HELD: say("Not fetched"),
        FileState.MISSING: say("Not wholly here"),
        FileState.BROKEN: say("Not usable"),
        FileState.HERE: say("Here, unchanged since the reporter chose it"),
        FileState.LOCAL: say("Encrypted, waits to be sent"),
        FileState.SENT: say_as("file", "Sent"),
    }
    kind = kind_of(file.type, file.name, file.size) if here else None
    return FileView(
        id=file.id,
        name=file.name,
        type=file.type,
        size=wording.size(file.size),
        sha256=file.sha256,
        metadata=wording.metadata_choice(file.metadata),
        show_words=_SHOW[kind] if kind else "",
        picture=kind is Kind.PICTURE,
        blurred_first=kind in (Kind.PICTURE, Kind.DOCUMENT),
        icon=_ICONS.get(kind, "file") if kind else "file",
        can_run=wording.can_run(file.name),
        here=here,
        listed=bool(file.listed),
        state=say("Not opened") if file.listed else words[file.state],
        problem=hash_lists.words(file.listed) if file.listed else file.problem,
        by_hand=_by_hand(file),
    )


def _by_hand(file: File) -> str | None:
    if file.state is FileState.HELD:
        return say("Fetch this file")
    failed = file.state in (FileState.MISSING, FileState.BROKEN) and file.failures > 0
    return say("Try again") if failed else None


def _answers(one: Message, known: TrustedLine) -> list[tuple[str, str]]:
    return [
        (known.intake.question(question), known.intake.answer(question, answer))
        for question, answer in one.body.answers.items()
    ]


def _notice(one: Message, known: TrustedLine) -> str | None:
    """Return what has to be said of a message instead of, or beside, what it says itself."""
    kind, body = one.body.kind, one.body
    if kind == NEWER:
        return say(
            "This message was written by a newer version of Quietline, and this console is too old "
            "to show it. It is saved as it came."
        )
    if kind == UNREADABLE:
        return say(
            "This message cannot be read: it is in no form that is known. It is saved as it came."
        )
    if kind not in FROM_REPORTERS:
        return say(
            "This version does not know messages of the kind “{kind}”. It is saved as it came.",
            kind=kind,
        )
    if kind == WITHDRAWAL:
        teams: str = Listing.of(map(known.desk_name, body.desks))
        return say(
            "The reporter withdraws the permission given to: {teams}. From now on these "
            "teams must not use what was sent, nor pass it on, unless a law demands it.",
            teams=teams or say("nobody that it names"),
        )
    if kind == LETTER_REQUEST:
        return say(
            "The reporter asks for a cooperation letter. It would name nobody: first ask something "
            "that only the reporter knows."
        )
    if not (body.text.strip() or body.answers or body.files):
        return say("This message is empty.")
    return None


def _state(one: Message) -> str | None:
    return {
        State.WAITING: say("Waiting to be sent"),
        State.SENT: say("Sent"),
    }.get(one.state)
