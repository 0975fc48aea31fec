"""Practice: who practises, the exercises and when each is due, one of them, what was missed."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.console.features.practice import judging
from app.console.features.practice.exercises import Exercise, exercises, find
from app.console.features.practice.practice_console import PracticeConsole
from app.console.features.practice.progress import Done
from app.console.line import trusted_line
from app.console.rules import wording
from app.console.vault import Vault
from app.console.vault.records import messages
from app.console.web import case_views
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheVault, the_console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say
from app.sentences.values import Listing

router = APIRouter(prefix="/practice")


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """An exercise in the list; ``words`` say when it was done and when it is due again."""

    exercise: Exercise
    languages: str
    words: str
    due: bool


def the_practice(request: Request) -> PracticeConsole:
    """Return the console; this router is there in practice alone."""
    console = the_console(request)
    if not isinstance(console, PracticeConsole):
        raise HTTPException(404)
    return console


ThePractice = Annotated[PracticeConsole, Depends(the_practice)]


@router.get("")
def overview(request: Request, console: ThePractice, vault: TheVault, _: SignedIn) -> Response:
    """Show the exercises, how far the one who practises is, and what is due again."""
    today = _today(console)
    done = console.progress.of(console.person) if console.person else {}
    lines = [_line(one, done.get(one.id), today) for one in exercises()]
    values = {"lines": lines, "people": console.progress.people(), "person": console.person}
    values["due"] = sum(one.due for one in lines)
    return page(request, "practice/overview.html", _frame(console, vault) | values)


@router.post("/who")
def who(console: ThePractice, form: OurForm) -> Response:
    """Say who practises from now on, so that their progress is kept."""
    console.person = console.progress.begin(form.get("person", ""))
    return RedirectResponse("/practice", status_code=303)


@router.post("/{id_}/begin")
def begin(console: ThePractice, _: TheVault, form: OurForm, id_: str) -> Response:
    """Put the exercise's cases into the list, as if they had just come."""
    del form
    console.begin(_found(id_))
    return RedirectResponse(f"/practice/{id_}", status_code=303)


@router.get("/{id_}")
def exercise(
    request: Request, console: ThePractice, vault: TheVault, _: SignedIn, id_: str
) -> Response:
    """Show what to do, the cases, and how far one is."""
    found = _found(id_)
    values: dict[str, Any] = {"exercise": found, "begun": False, "cases": [], "steps": []}
    sitting = console.sitting
    if sitting is not None and sitting.exercise.id == id_:
        values["begun"] = True
        values["steps"] = judging.steps(vault, sitting)
        values["cases"] = [
            (
                one.case_id,
                case_views.case_name(one.case_id),
                _gists(vault, one.case_id, one.gists),
            )
            for one in sitting.acted
        ]
    return page(request, "practice/exercise.html", _frame(console, vault) | values)


@router.post("/{id_}/finish")
def finish(
    request: Request, console: ThePractice, vault: TheVault, _: OurForm, id_: str
) -> Response:
    """Say what was done well and what was missed, and keep that for whoever practises."""
    sitting = console.the_sitting()
    if sitting.exercise.id != id_:
        raise HTTPException(404)
    found = judging.judge(vault, sitting)
    missed = [one.what for one in found if not one.good]
    if console.person:
        console.progress.finished(console.person, id_, missed, _today(console))
    again = console.progress.of(console.person).get(id_) if console.person else None
    values = {
        "exercise": sitting.exercise,
        "findings": found,
        "missed": len(missed),
        "again": wording.date(again.due(sitting.exercise)) if again else "",
        "following": _following(sitting.exercise),
    }
    return page(request, "practice/finished.html", _frame(console, vault) | values)


def _line(one: Exercise, done: Done | None, today: dt.date) -> ExerciseRow:
    languages = Listing.of(dict.fromkeys(wording.language(case.lang) for case in one.cases))
    if done is None:
        return ExerciseRow(one, languages, say("Not done yet"), True)
    due = done.due(one)
    on, again, missed = wording.date(done.on), wording.date(due), len(done.missed)
    if due <= today and missed:
        words = say("Done on {day}, {missed} missed. Due again", day=on, missed=missed)
    elif due <= today:
        words = say("Done on {day}. Due again", day=on)
    elif missed:
        words = say(
            "Done on {day}, {missed} missed. Again on {again}", day=on, missed=missed, again=again
        )
    else:
        words = say("Done on {day}. Again on {again}", day=on, again=again)
    return ExerciseRow(one, languages, words, due <= today)


def _gists(vault: Vault, case: str, gists: dict[str, str]) -> list[str]:
    """Return what the reporter's messages say, in English, in the order in which they came."""
    with vault.read() as tx:
        said = messages.messages_of(tx, case)
    return [gists[one.body.mid] for one in said if gists.get(one.body.mid)]


def _following(one: Exercise) -> Exercise | None:
    """Return the exercise after this one."""
    every = exercises()
    place = every.index(one) + 1
    return every[place] if place < len(every) else None


def _frame(console: PracticeConsole, vault: Vault) -> dict[str, Any]:
    known = trusted_line.load(vault)
    with vault.read() as tx:
        changed = revision(tx)
    return {"line_name": known.owner.line.name, "sync": sync_view(console, changed)}


def _found(id_: str) -> Exercise:
    one = find(id_)
    if one is None:
        raise HTTPException(404)
    return one


def _today(console: PracticeConsole) -> dt.date:
    return dt.datetime.fromtimestamp(console.now(), dt.UTC).date()
