"""Choosing the case that another one is a duplicate of: linked ones, recent ones, by name.

Every choice is a form that needs no script. Merging itself is an action like all others
(``action_pages``).
"""

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.console.cases import speakers
from app.console.feature import Feature, linked_cases
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import vocabulary
from app.console.vault import Transaction
from app.console.vault.records import case_lists, cases
from app.console.vault.records.case_lists import Listed
from app.console.web import case_views
from app.console.web.case_views import CaseRow
from app.console.web.render import page
from app.console.web.requests import SignedIn, TheConsole, TheVault
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter()

LINKED_MOST, RECENT_MOST, NAMED_MOST = 12, 12, 24


@router.get("/cases/{id_}/merge")
def choose(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    id_: str,
    name: str = "",
) -> Response:
    """Offer the cases that this one may be a duplicate of; ``name`` searches among all."""
    known, now = trusted_line.load(vault), console.now()
    wanted = " ".join(name.split())[:80]
    with vault.read() as tx:
        found = cases.find(tx, id_)
        if found is None:
            raise HTTPException(404)
        named, more = by_name(tx, found, wanted)
        refused = next((words for one in named if (words := why_not(tx, one))), "")
        if refused:
            named = []
        linked = linked_ids(tx, console.features, known, found)
        taken = {id_, *named, *linked}
        latest = [one for one in open_cases(tx, found.home) if one not in taken]
        recent = latest[:RECENT_MOST]
        choices = [
            (title, lines(tx, some, known, now))
            for title, some in (
                (say("With that name"), named),
                (say("Linked cases"), [one for one in linked if one not in named]),
                (say("Latest cases"), recent),
            )
        ]
        changed = revision(tx)
    values = {
        "listed": found,
        "name": case_views.case_name(id_),
        "wanted": wanted,
        "choices": choices,
        "refused": refused,
        "more": more,
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "merge.html", values)


def by_name(tx: Transaction, found: Listed, wanted: str) -> tuple[list[str], int]:
    """Return cases of the same team whose name or id has what was typed, and how many more.

    An exact one alone, whether open or not; else open ones of which each typed word begins one of
    the name's words.
    """
    words = wanted.lower().replace("-", " ").split()
    if not words:
        return [], 0
    others = [one for one in case_lists.ids_at(tx, found.home) if one != found.id]
    names = {one: case_views.case_name(one).split("-") for one in others}
    exact = [one for one, name in names.items() if words in (name, [one])]
    if exact:
        return exact, 0
    like = [
        one
        for one in open_cases(tx, found.home)
        if one in names and all(any(part.startswith(word) for part in names[one]) for word in words)
    ]
    return like[:NAMED_MOST], max(0, len(like) - NAMED_MOST)


def linked_ids(
    tx: Transaction, features: Iterable[Feature], known: TrustedLine, found: Listed
) -> list[str]:
    """Return linked cases of the same team that this one may be merged into."""
    linked = linked_cases(features, tx, known, [found.id]).get(found.id, ())
    listed = [cases.find(tx, one) for one in linked]
    return [
        one.id
        for one in listed
        if one is not None and one.home == found.home and one.status != vocabulary.CLOSED
    ][:LINKED_MOST]


def open_cases(tx: Transaction, desk: str) -> list[str]:
    """Return a team's cases that another one may be merged into, the last moved first.

    A closed one reminds nobody: what is merged into it would stand nowhere.
    """
    return case_lists.ids_at(tx, desk, not_closed=True)


def why_not(tx: Transaction, chosen: str) -> str:
    """Return why nothing can be merged into a case, or into what stands for it; "" where it can."""
    main = cases.find(tx, cases.main_of(tx, chosen))
    if main is None or main.status != vocabulary.CLOSED:
        return ""
    return say(
        "{case} is closed, and a closed case reminds nobody. Nothing was merged. Reopen it first, "
        "then merge.",
        case=case_views.case_name(main.id),
    )


def lines(tx: Transaction, ids: Sequence[str], known: TrustedLine, now: int) -> list[CaseRow]:
    """Return cases as a list shows them, in this order."""
    found = [cases.find(tx, one) for one in ids]
    spoken = speakers.load(tx, known)
    return [case_views.line(one, now, set(), known, spoken) for one in found if one is not None]
