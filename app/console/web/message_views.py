"""A message as a case's page shows it, and what has to be said of it besides what it says."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.console.line.trusted_line import TrustedLine
from app.console.rules import wording, writing_direction
from app.console.rules.body import FROM_REPORTERS, NEWER, UNREADABLE
from app.console.vault.attachments.files import File
from app.console.vault.records.messages import Message, State
from app.console.web.file_views import FileView, file_view
from app.protocol.bodies import LETTER_REQUEST, WITHDRAWAL
from app.sentences.translatable import say, say_count
from app.sentences.values import Listing


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
