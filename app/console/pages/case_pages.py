"""The list of cases, and one case beside it."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.console.cases import casework, speakers
from app.console.cases.case_model import Case
from app.console.errors import ConsoleError
from app.console.feature import Card, linked_cases
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.pages import list_order, list_views, merging, note_pages, panes
from app.console.pages.auto_advance import AutoAdvance
from app.console.pages.case import sections
from app.console.pages.list_views import ListQuery, TheList
from app.console.pages.summary_pages import summary
from app.console.rules import changes, wording
from app.console.rules.changes import CASE_CHARACTERS
from app.console.vault import Transaction, Vault
from app.console.vault.collaboration import team
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.installation import settings
from app.console.vault.records import case_lists, cases, drafts, messages
from app.console.vault.records.case_lists import PAGE, Listed
from app.console.web import case_views
from app.console.web.render import page
from app.console.web.requests import (
    OurForm,
    SignedIn,
    TheConsole,
    TheVault,
    by_hand,
    by_script,
    the_case,
)
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view

router = APIRouter()


@router.get("/")
def inbox(
    request: Request, console: TheConsole, vault: TheVault, wanted: TheList, after: str = ""
) -> Response:
    """Show the list alone; ``after`` ("rank-moved-id") asks for the page after a case."""
    values = {"listed": None, **_list(console, vault, wanted, after, None)}
    # What was done is told to a person, once: not to a script that a form's answer led here.
    values["undo"] = console.undo.offered() if by_hand(request) else None
    known = trusted_line.load(vault)
    with vault.read() as tx:
        values["summary"] = summary(tx, known, console.now())
    values["cards"] = _cards(console, vault, known)
    if by_script(request):
        return panes.fragment(request, values)
    return page(request, "inbox.html", values)


@router.get("/list")
def fragment(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    wanted: TheList,
    open: str = "",
    after: str = "",
    stood: str = "",
) -> Response:
    """Return the list's HTML alone, for the script that keeps it fresh.

    ``stood`` names the cases of the list that is shown, whose order it keeps.
    """
    before = list_order.stood(stood, CASE_CHARACTERS)
    values = _list(console, vault, wanted, after, open or None, before)
    return panes.compressed(request, page(request, "_list.html", values))


@router.post("/views")
def save_view(vault: TheVault, form: OurForm) -> Response:
    """Keep a list under a name, or forget one."""
    name = " ".join(form.get("name", "").split())[:40]
    wanted = list_views.read(form)
    with vault.write() as tx:
        if "forget" in form:
            list_views.forget(tx, form["forget"])
        elif name:
            list_views.save(tx, name, wanted)
    return RedirectResponse("/" + wanted.query(), status_code=303)


@router.get("/cases/{id_}")
def case_page(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    id_: str,
    wanted: TheList,
    unsure: bool = False,
) -> Response:
    """Show one case beside the list, or to our script its panes alone.

    Its messages are read by being shown to a person, not by the script's looking for changes.

    ``unsure`` says that an answer was held back, since it may endanger and was not confirmed.
    """
    known = trusted_line.load(vault)
    with vault.write() as tx:
        found = cases.find(tx, id_)
        if found is None:
            raise HTTPException(404)
        for one in console.features:
            if one.before_case is not None:
                one.before_case(tx, id_, console.now())
        before = revision(tx)
        if by_hand(request):
            _read(tx, known, found, console.now())
        # Before the case itself: what comes in between is then shown by the next look for changes.
        seen = revision(tx)
        now_listed = the_case(tx, id_)
    # Before the draft, too: one that is kept in between is not this page's.
    drafted_by = console.open_pages.writer(id_)
    noted_by = console.open_pages.writer(note_pages.note_of(id_))
    words = tuple(one.words for one in console.features if one.words is not None)
    with vault.read() as tx:
        linked = merging.linked_ids(tx, console.features, known, found)
        counted = linked_cases(console.features, tx, known, [id_])
    case = Case.load(
        vault, known, found, console.now(), unsure=unsure, words=words, linked=tuple(linked)
    )
    if by_script(request):
        values = _of_case(console, vault, wanted, now_listed) | {"before": before, "revision": seen}
        values["linked"] = {id_: len(counted.get(id_, ()))}
    else:
        values = _list(console, vault, wanted, "", id_)
        values["sync"] = sync_view(console, seen)
    values |= {"listed": found, "name": case_views.case_name(id_), "case": case}
    values |= {"page_name": console.rng(8).hex(), "drafted_by": drafted_by}
    values["noted_by"] = noted_by
    if by_hand(request):
        values["undo"] = console.undo.offered()
    every = sections(console.features)
    values["sections"] = [(one, one.values(case)) for one in every if one.place == "details"]
    values["todo"] = [(one, one.values(case)) for one in every if one.place == "todo"]
    values |= {one.name: one.values(case) for one in every if one.place == "thread"}
    if by_script(request):
        return panes.fragment(request, values)
    return page(request, "inbox.html", values)


def _read(tx: Transaction, known: TrustedLine, found: Listed, now: int) -> None:
    """Note that an investigator has read what is unread, and tell the desk."""
    if not found.unread:
        return
    unread = [one for one in messages.messages_of(tx, found.id) if one.state == "unread"]
    messages.mark_read(tx, found.id)
    audit_log.record(tx, AuditEvent(found.id, now, HERE, "opened", {"messages": len(unread)}))
    seen = changes.seen(found.id, unread[-1].body.mid) if unread else None
    if seen is not None and found.home in known.own_desks():
        try:
            with tx.begin_nested():
                casework.act(tx, known, found.home, [seen], now)
        except ConsoleError:
            # An old copy of a vault tells no colleague anything yet; reading goes on.
            return


def _of_case(console: Console, vault: Vault, wanted: ListQuery, found: Listed) -> dict[str, Any]:
    """Return what a case's panes show beside the case itself, and its row of the list."""
    known = trusted_line.load(vault)
    with vault.read() as tx:
        spoken = speakers.load(tx, known)
        drafted = drafts.drafted(tx)
    return {
        "one": case_views.line(found, console.now(), drafted, known, spoken),
        "open_id": found.id,
        "list_query": wanted,
        "line_name": known.owner.line.name,
        "label": known.owner.label,
        **list_views.choices(),
    }


def _list(
    console: Console,
    vault: Vault,
    wanted: ListQuery,
    after: str,
    open_id: str | None,
    before: Sequence[str] = (),
) -> dict[str, Any]:
    now = console.now()
    known = trusted_line.load(vault)
    with vault.read() as tx:
        spoken = speakers.load(tx, known)
        narrowed = list_views.wanted(wanted, known, now, spoken)
        rows = case_lists.inbox(tx, narrowed, list_views.place(after))
        fresh = [row.id for row in rows]
        order = list_order.as_it_stood(before, fresh)
        shown = rows if order == fresh else case_lists.by_id(tx, order)
        counts = case_lists.counts(tx, list_views.all_views(known, now, spoken))
        count = case_lists.count(tx, narrowed) if wanted.narrowed else counts[wanted.shown]
        drafted = drafts.drafted(tx)
        labels = case_lists.labels(tx)
        languages = case_lists.languages(tx)
        changed = revision(tx)
        saved = list_views.saved(tx)
        waiting = team.count_unpacked(tx)
        advance = settings.load(tx, AutoAdvance)
        linked = linked_cases(console.features, tx, known, [row.id for row in shown])
    last = rows[-1] if len(rows) == PAGE else None
    return {
        "lines": [case_views.line(row, now, drafted, known, spoken) for row in shown],
        "stands": [row.id for row in shown][: len(fresh)] != fresh,
        "advance": advance.on,
        "linked": {case: len(others) for case, others in linked.items()},
        "open_id": open_id,
        "list_query": wanted,
        "after": after,
        "seen_at": now,
        "count": count,
        "views": [(name, words, counts[name]) for name, words in list_views.VIEWS.items()],
        "view_hints": list_views.HINTS,
        "saved_views": list(saved.items()),
        "empty": list_views.empty(wanted.shown, spoken, known),
        "labels_in_use": labels,
        "languages_in_use": [(tag, wording.language(tag)) for tag in languages],
        "desks_here": [(desk, known.desk_name(desk)) for desk in known.own_desks()],
        "people": _people(known),
        "more": f"{last.rank}-{last.last_at}-{last.id}" if last else None,
        "revision": changed,
        "line_name": known.owner.line.name,
        "label": known.owner.label,
        "sync": sync_view(console, changed),
        "not_shared": waiting,
        **list_views.choices(),
    }


def _cards(console: Console, vault: Vault, known: TrustedLine) -> list[tuple[Card, dict[str, Any]]]:
    """Return what features show where no case is open."""
    shown = (
        (card, card.values(vault, known, console.features, console.now()))
        for one in console.features
        for card in one.cards
        if card.where.includes(practice=console.practice)
    )
    return [(card, its) for card, its in shown if its is not None]


def _people(known: TrustedLine) -> list[tuple[str, str]]:
    """Return all who sit at this console's desks, each once."""
    found = dict(pair for desk in known.own_desks() for pair in known.colleagues(desk))
    return sorted(found.items(), key=lambda pair: pair[1])
