"""What came from the reporter: choices, messages, answers to the form, files."""

from collections.abc import Callable, Mapping
from typing import Any

from app.console.cases.case_model import Case
from app.console.rules import danger, vocabulary, wording, writing_direction
from app.console.rules.careful_answers import SAFE, UNDER_18, says_minor
from app.console.rules.changes import STATUS
from app.console.web import case_views, message_views
from app.console.web.file_views import file_view
from app.protocol.encoding import b64u
from app.sentences.translatable import say, say_as

SAFETY = (danger.QUESTION, UNDER_18, SAFE, "when_looking")
"""Questions whose answers stand at the top: what must be known before anything is done."""


def choices(case: Case) -> dict[str, Any]:
    """Return what the reporter chose: safety first, then desks, language, the first day."""
    said, intake = case.listed.answers, case.known.intake
    facts = [
        (
            intake.question(name),
            intake.answer(name, said[name]) if name in said else say("not asked, or not answered"),
            _tone(name, said.get(name, "")),
        )
        for name in SAFETY
        # The short way to send asks nothing, and silence is no yes.
        if name in said or name == SAFE
    ]
    return {
        "facts": facts,
        "dangers": _merged_that(case, danger.speaks_of),
        "minors": _merged_that(case, says_minor),
        "written_since": _written_since(case),
        "desks": [case.known.desk_name(desk) for desk in case.listed.desks],
        "withdrawn": [case.known.desk_name(desk) for desk in case.listed.withdrawn],
        "language": wording.language(case.listed.lang) if case.listed.lang else "",
        "first": wording.long_time(case.listed.first_at),
    }


def _merged_that(case: Case, says: Callable[[Mapping[str, str]], bool]) -> list[tuple[str, str]]:
    """Return the id and name of each case merged into this one whose reporter's answers say so."""
    found = case.answers_merged.items()
    return [(one, case_views.case_name(one)) for one, said in found if says(said)]


def _written_since(case: Case) -> bool:
    """Say whether a closed case's reporter has written since.

    Once that is read, no list of open cases has it any more.
    """
    closed = case.state.fields.get(STATUS)
    if case.listed.status != vocabulary.CLOSED or closed is None:
        return False
    return any(one.direction == "in" and one.at > closed[0][0] for one in case.messages)


def messages(case: Case) -> dict[str, Any]:
    """Return the messages as the page shows them, in their order."""
    written_since = max((one.at for one in case.messages if one.direction == "in"), default=0)
    days = case.known.directory.params.get("message_days") if case.known.directory else None
    return {
        "messages": [
            message_views.message(
                one,
                case.files,
                case.known,
                case.now,
                written_since,
                days,
                case.origin.line if case.origin else "",
            )
            for one in case.messages
        ],
        "translations": _translations(case),
        "machine": _machine(case),
    }


def _machine(case: Case) -> dict[int, list[dict[str, Any]]]:
    """Return what a machine made of each message here."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in case.translated:
        parts = [
            (writing_direction.direction(part), part)
            for part in one.text.split("\n")
            if part.strip()
        ]
        said = {
            "source": wording.language(one.source),
            "guessed": one.guessed,
            "by": one.by,
            "lang": one.target,
            "paragraphs": parts,
        }
        found.setdefault(one.message, []).append(said)
    return found


def _translations(case: Case) -> dict[int, list[tuple[str, str, list[tuple[str, str]]]]]:
    """Return each message's translations: by whom, who brought it back, its paragraphs."""
    of_mid = {one.body.mid: one.id for one in case.messages}
    found: dict[int, list[tuple[str, str, list[tuple[str, str]]]]] = {}
    own = b64u(case.known.owner.identity.vk)
    for _, note in case.state.written():
        if note.about not in of_mid or not note.now.strip():
            continue
        author = case.known.label_of(note.author) or wording.has_left()
        brought = say_as("by whom", "you") if note.author == own else author
        parts = [
            (writing_direction.direction(part), part)
            for part in note.now.split("\n")
            if part.strip()
        ]
        found.setdefault(of_mid[note.about], []).append((note.by, brought, parts))
    return found


def answers(case: Case) -> dict[str, Any] | None:
    """Return what was answered, by the message in which it was; None where nothing was."""
    intake = case.known.intake
    said = [
        (
            one.id,
            wording.message_title(one.body.kind),
            wording.long_time(one.at),
            [
                (intake.question(id_), intake.answer(id_, value))
                for id_, value in intake.in_order(given).items()
            ],
        )
        for one in case.messages
        if (given := one.body.answers)
    ]
    return {"messages": said} if said else None


def files(case: Case) -> dict[str, Any] | None:
    """Return the case's files; None where there are none."""
    return {"files": [file_view(one) for one in case.files]} if case.files else None


def _tone(name: str, value: str) -> str:
    said = {name: value}
    if danger.speaks_of(said) or (name, value) == (SAFE, "no"):
        return "danger"
    if name == SAFE and value != "yes":
        return "unsure"
    return "minor" if says_minor(said) else ""
