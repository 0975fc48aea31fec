"""Where no case is open: what the day holds, and taking the next case."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.console.cases import speakers
from app.console.cases.speakers import Speakers
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.pages import case_actions
from app.console.rules.changes import OWNER
from app.console.vault import Transaction
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import CaseFilter, Listed
from app.console.web.addresses import back_to_case
from app.console.web.requests import OurForm, TheConsole, TheVault
from app.sentences.translatable import say, say_as

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases a list has: what they are, the list's address, whether it presses."""

    number: int
    words: str
    address: str
    pressing: bool = False


def summary(tx: Transaction, known: TrustedLine, now: int) -> list[Count]:
    """Return the day's counts, what presses most first. ``now`` is in Unix seconds."""
    found = case_lists.counts(
        tx,
        {
            "danger": CaseFilter(open=True, in_danger=True),
            "late": CaseFilter(open=True, due_before=now),
            "unassigned": CaseFilter(open=True, owner=("",)),
            "waiting": CaseFilter(open=True, to_answer=True, owner=known.own_keys()),
        },
    )
    return [
        Count(found["danger"], say("in danger"), "/?view=danger", pressing=True),
        Count(found["late"], say("late"), "/?view=overdue", pressing=True),
        Count(found["unassigned"], say_as("count of cases", "unassigned"), "/?view=unowned"),
        Count(found["waiting"], say("waiting for you"), "/?view=to-answer&owner=me"),
    ]


@router.post("/take-next")
def take_next(console: TheConsole, vault: TheVault, _: OurForm) -> Response:
    """Give the next case that nobody has to whoever sits here, and open it."""
    known = trusted_line.load(vault)
    with vault.read() as tx:
        unowned = case_lists.inbox(tx, CaseFilter(open=True, owner=("",)))
        found = following(unowned, speakers.load(tx, known), known.own_keys())
    if found is None:
        console.undo.add(say("Every open case is assigned to somebody."), [])
        return RedirectResponse("/", status_code=303)
    mine = case_actions.CaseAction(OWNER, known.own_keys()[0])
    case_actions.do(console, vault, known, [found.id], [mine])
    return back_to_case(found.id)


def following(
    unowned: list[Listed], spoken: Speakers, own: tuple[str, ...]
) -> Listed | None:  # fmt: skip
    """Return the most urgent case, of equally urgent ones the first in one's own language."""
    by_urgency = sorted(
        unowned, key=lambda one: (one.rank, spoken.spoken(one, own) != speakers.MINE)
    )
    return by_urgency[0] if by_urgency else None
