"""Links: what is new, the walk from case to case, and what is said of links.

Reading starts nothing: what stands in the queue is read by the sync, and a case's own texts when it
is opened. Everything said here goes through ``linking``, and is offered to be taken back.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.features.links import link_news, link_views, linking, unlinking
from app.console.features.links.link_walk import STEPS, walk
from app.console.features.links.linked_cases import linked_cases
from app.console.features.links.storage import link_index, links
from app.console.line import trusted_line
from app.console.occurrences import phones
from app.console.occurrences.finding_occurrences import find
from app.console.occurrences.link_kinds import Kind
from app.console.rules import linked, wording
from app.console.vault.collaboration import link_statements
from app.console.vault.records import cases
from app.console.web import case_views
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter()

WHY_MAX = 200
LATEST, LOOKED_AT = 30, 120


@router.get("/links")
def overview(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show what is new, where a walk may start, what was dismissed, and what links nothing."""
    known, now = trusted_line.load(vault), console.now()
    with vault.read() as tx:
        news = link_news.by_value(linking.news(tx, known))
        # Of these some share only what is common, ignored or no match: their chart would be empty.
        latest = links.latest_linked(tx, LOOKED_AT)
        linked_here = linked_cases(tx, known, latest)
        values = {
            "news": [
                {
                    "kind": link_views.kind_words(one.value.kind),
                    "what": link_views.shown(one.value),
                    "fresh": [(case, case_views.case_name(case)) for case in one.fresh],
                    "others": [(case, case_views.case_name(case)) for case in one.others],
                    "mine": one.mine,
                    "when": wording.short_time(one.at, now),
                    "when_long": wording.long_time(one.at),
                }
                for one in news
            ],
            "latest": [
                (one, case_views.case_name(one)) for one in latest if one in linked_here
            ][:LATEST],
            "desks": [
                {
                    "id": desk,
                    "name": known.desk_name(desk),
                    "region": link_statements.region_of(tx, desk),
                    "ignored": [
                        (one.kind, link_views.kind_words(one.kind), one.value, one.why,
                         known.label_of(one.who) or wording.has_left())
                        for one in unlinking.ignored_at(tx, desk)
                    ],
                }
                for desk in known.own_desks()
            ],
            "dismissed": link_views.dismissals(tx, known),
            "agency": link_views.countries(link_statements.regions_of(tx, link_statements.AGENCY)),
            "left": link_index.waiting(tx),
            "sync": sync_view(console, revision(tx)),
        }  # fmt: skip
    values |= {
        "no_region": linked.NO_REGION,
        "dismissed_most": unlinking.DISMISSALS_MOST,
        "regions": _countries(),
        "kinds": [
            (kind.value, words)
            for kind, words in link_views.KINDS.items()
            if kind is not Kind.PICTURE  # nobody types what a picture looks like
        ],
        "line_name": known.owner.line.name,
        "undo": console.undo.offered(),
    }
    return page(request, "links/links.html", values)


@router.get("/links/{id_}")
def picture(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    id_: str,
    steps: Annotated[int, Query(ge=STEPS[0], le=STEPS[-1])] = 1,
    kind: Annotated[list[Kind], Query()] = [],  # noqa: B006
) -> Response:
    """Show the walk that starts at a case: as a picture, and beside it as text."""
    known = trusted_line.load(vault)
    with vault.read() as tx:
        if cases.find(tx, id_) is None:
            raise HTTPException(404)
        found = walk(tx, linking.Rules(tx, known), id_, steps, [one.value for one in kind])
        left = link_index.waiting(tx)
        changed = revision(tx)
    values = {
        "id": id_,
        "name": case_views.case_name(id_),
        "walk": found,
        "left": left,
        "steps": steps,
        "chosen": {one.value for one in kind},
        "kinds": [(one.value, words) for one, words in link_views.KINDS.items()],
        "query": request.url.query,
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "links/walk.html", values)


@router.post("/links/seen")
def seen(vault: TheVault, _: OurForm) -> Response:
    """Note that the news have been seen."""
    with vault.write() as tx:
        links.seen(tx)
    return RedirectResponse("/links", status_code=303)


@router.post("/links/country")
def choose_country(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Choose a desk's country; every text is read again, in slices."""
    known, desk, region = trusted_line.load(vault), form.get("desk", ""), form.get("region", "")
    with vault.write() as tx:
        back, made = unlinking.choose_region(tx, known, desk, region, console.now())
        countries = link_views.countries(link_statements.regions_of(tx, desk))
    words = say("Numbers without a country's code are left alone.")
    if countries:
        words = say(
            "Numbers without a country's code are read as those of {countries}.",
            countries=countries,
        )
    console.undo.add(words, back, made)
    console.ask_for_sync()
    return RedirectResponse("/links", status_code=303)


@router.post("/links/ignore")
def ignore(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Put a value on a desk's list of what links nothing, or take it off."""
    known, now = trusted_line.load(vault), console.now()
    kind, value, desk = form.get("kind", ""), form.get("value", ""), form.get("desk", "")
    case = form.get("case", "")
    with vault.write() as tx:
        if case:
            listed = cases.find(tx, case)
            desk = listed.home if listed else ""
        else:
            value = _typed(kind, value, link_statements.regions_of(tx, desk)) if value else ""
        if kind not in set(Kind) or not value:
            raise ConsoleError(say("This cannot link two cases. Nothing was done."))
        if "off" in form:
            back, made = unlinking.unignore(tx, known, desk, kind, form.get("value", ""), now)
        else:
            back, made = unlinking.ignore(tx, known, desk, kind, value, _why(form), now)
    kind_words = link_views.kind_words(kind)
    words = say("{kind} {value} is on the ignore list now.", kind=kind_words, value=value)
    if "off" in form:
        words = say(
            "{kind} {value} is off the ignore list: it links cases again.",
            kind=kind_words,
            value=value,
        )
    console.undo.add(words, back, made)
    where = f"/cases/{case}#links" if case else "/links"
    return RedirectResponse(where, status_code=303)


@router.post("/cases/{id_}/links")
def judge(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Say that a link of this case is wrong, or is not wrong after all."""
    known, now = trusted_line.load(vault), console.now()
    other, mark = form.get("other", ""), form.get("mark", "")
    with vault.write() as tx:
        one, second = cases.find(tx, id_), cases.find(tx, other)
        if one is None or second is None or len(mark) != 32 or one.id == second.id:
            raise HTTPException(404)
        if "again" in form:
            back, made = unlinking.link_again(tx, known, id_, other, mark, now)
        else:
            back, made = unlinking.dismiss(tx, known, one, second, mark, _why(form), now)
    name = case_views.case_name(other)
    words = (
        say("Linked with {name} again.", name=name)
        if "again" in form
        else say("Not linked with {name} by this.", name=name)
    )
    console.undo.add(words, back, made)
    where = "/links#dismissed" if "list" in form else f"/cases/{id_}#links"
    return RedirectResponse(where, status_code=303)


def _countries() -> list[tuple[str, str]]:
    """Return code and English name of each country, by its name."""
    found = [(code, link_views.country(code)) for code in phones.regions()]
    return sorted(found, key=lambda pair: pair[1])


def _why(form: dict[str, str]) -> str:
    kept = "".join(char for char in form.get("why", "") if char.isprintable())
    return " ".join(kept.split())[:WHY_MAX]


def _typed(kind: str, value: str, regions: Sequence[str]) -> str:
    """Return what was typed, as it is compared; as it stands where it cannot be read."""
    found = [one for one in find(value, regions=regions) if one.kind == kind]
    return found[0].value if found else " ".join(value.split())[:200].casefold()
