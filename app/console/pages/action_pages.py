"""What is asked of cases from the list and from a case's page: read, checked, then done.

What closes more than one case is asked about first, with the number of cases; everything that can
be is offered to be taken back. What is done, and how: ``case_actions``.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.cases import casework, raising
from app.console.cases.undo import take_back
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.pages import case_actions, list_views, merging
from app.console.pages.case_actions import CaseAction
from app.console.rules import changes, deadlines, vocabulary
from app.console.rules.changes import (
    DUE,
    DUPLICATE_OF,
    FEEDBACK,
    OWNER,
    PRIORITY,
    STATUS,
)
from app.console.rules.danger import ASSESSED
from app.console.vault import Vault
from app.console.vault.records import cases, messages
from app.console.web import case_views
from app.console.web.addresses import back_to_case, is_path
from app.console.web.render import page
from app.console.web.requests import OurFields, OurForm, TheConsole, TheVault, the_case
from app.sentences.translatable import say

router = APIRouter()

MANY_MAX = 5_000
LABEL_MAX = 40
SPAM = f"{vocabulary.CLOSED}/spam"


@router.post("/cases")
def many(request: Request, console: TheConsole, vault: TheVault, fields: OurFields) -> Response:
    """Do one thing to all the cases that are ticked."""
    chosen = list(dict.fromkeys(fields.get("case", [])))[:MANY_MAX]
    wanted = list_views.read({name: values[-1] for name, values in fields.items() if values})
    back = "/" + list_views.read({"view": fields.get("list", [""])[-1]}).query()
    if "back" in fields and is_path(fields["back"][-1]):
        back = fields["back"][-1]
    known = trusted_line.load(vault)
    action = _chosen_action(fields, known)
    if not chosen or action is None:
        raise ConsoleError(
            say("Select at least one case, and choose what to do. Nothing was done.")
        )
    if action.needs_confirmation and len(chosen) > 1 and "sure" not in fields:
        values = {
            "names": [case_views.case_name(one) for one in chosen if _is_case(one)],
            "chosen": chosen,
            "action": action,
            "words": action.words(known),
            "back": back,
            "seen": fields.get("seen", [""])[-1],
            "list_query": wanted,
        }
        return page(request, "confirm.html", values)
    case_actions.do(console, vault, known, chosen, [action])
    if action == CaseAction(STATUS, SPAM):
        _put_away(vault, chosen, fields.get("seen", [""])[-1])
    return RedirectResponse(back, status_code=303)


def _put_away(vault: Vault, chosen: Sequence[str], seen: str) -> None:
    """Note that what the list showed of spam was read: else it stayed new, and open.

    What came after the list was shown (``seen``, Unix seconds) stays new, and so brings its case
    back. Danger that somebody speaks of is not assessed by this.
    """
    if seen.isascii() and seen.isdecimal() and len(seen) <= 12:
        with vault.write() as tx:
            for case in chosen:
                messages.mark_read(tx, case, int(seen))


@router.post("/cases/{id_}/triage")
def triage(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Do what was changed in a case's form.

    What has been changed since the form was shown is left alone, and where the form would change
    just that, nothing is done.
    """
    known = trusted_line.load(vault)
    with vault.read() as tx:
        found = the_case(tx, id_)
        state = cases.state(tx, id_, found.home)
    home = form.get("home", found.home)
    if home != found.home and home in known.own_desks():
        with vault.write() as tx:
            cases.move(tx, id_, home)
        return back_to_case(id_)
    actions = []
    for name in (STATUS, PRIORITY, OWNER, DUE, FEEDBACK):
        if name in form and form[name] != form.get(f"was-{name}", ""):
            actions.append(_checked(name, form[name], known))
            now = found.whole_status if name == STATUS else state.get(name)
            _refuse_unseen(now, actions[-1], form.get(f"was-{name}"), known)
    if ASSESSED in form:
        actions.append(CaseAction(ASSESSED, "yes"))
    if label := _label(form.get("label", "")):
        actions.append(CaseAction("label", label))
    if "unlabel" in form:
        actions.append(CaseAction("unlabel", form["unlabel"]))
    case_actions.do(console, vault, known, [id_], actions)
    return back_to_case(id_)


@router.post("/cases/{id_}/merge")
def merge(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Say that a case is a duplicate of another one, by its name or id; or take them apart.

    Where no one case is meant, those that may be are offered (``merging``).
    """
    known = trusted_line.load(vault)
    wanted = form.get("into", "").strip().lower()
    with vault.read() as tx:
        found = the_case(tx, id_)
        state = cases.state(tx, id_, found.home)
        matching, _ = merging.by_name(tx, found, wanted)
    if not wanted:
        # On a page of before: somebody may have unmerged it, or set another status, since.
        apart = [CaseAction(DUPLICATE_OF, "")] if state.get(DUPLICATE_OF) else []
        if apart and state.get(STATUS) == case_actions.MERGED:
            apart.append(CaseAction(STATUS, vocabulary.NEW))
        case_actions.do(console, vault, known, [id_], apart)
        return back_to_case(id_)
    if len(matching) != 1 or wanted not in (matching[0], case_views.case_name(matching[0])):
        return RedirectResponse(
            f"/cases/{id_}/merge?{urlencode({'name': wanted})}", status_code=303
        )
    with vault.read() as tx:
        main = cases.main_of(tx, matching[0])
        refused = merging.why_not(tx, matching[0])
    if main == id_:
        raise ConsoleError(say("That case is itself a duplicate of this one. Nothing was merged."))
    if refused:
        raise ConsoleError(refused)
    case_actions.do(console, vault, known, [id_], [CaseAction(DUPLICATE_OF, main)])
    return back_to_case(main)


@router.post("/undo")
def undo(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Take back a step: a later change says the opposite."""
    given = form.get("step", "")
    id_ = int(given) if given.isdecimal() and len(given) < 10 else console.undo.last()
    step = console.undo.take(id_) if id_ is not None else None
    if step is not None:
        with vault.write() as tx:
            known = trusted_line.load_in(tx)
            take_back(tx, known, step, console.now())
            for desk, change in raising.still_raised(tx, step):
                casework.act(tx, known, desk, [change], console.now())
        console.undo.add(say("Undone: {words}", words=step.words), [])
        case_actions.alarm_anew(console, vault, trusted_line.load(vault))
    back = form.get("back", "/")
    return RedirectResponse(back if is_path(back) else "/", status_code=303)


def _refuse_unseen(now: str, action: CaseAction, was: str | None, known: TrustedLine) -> None:
    """Refuse to write over what was not seen; ``was`` is what the form showed."""
    if was is None or now in (was, action.value):
        return
    words = CaseAction(action.name, now).words(known)
    raise ConsoleError(
        say(
            "Somebody has changed this since this page was shown: {words}. Nothing was "
            "done. Look at the case again, then change it if it is still right.",
            words=words,
        )
    )


def _chosen_action(fields: dict[str, list[str]], known: TrustedLine) -> CaseAction | None:
    """Return the one thing that the form asks for: a button's, or the first selection made."""
    for name in (STATUS, PRIORITY, OWNER):
        for value in fields.get(name, []):
            if value:
                return _checked(name, "" if value == "none" else value, known)
    for name in ("label", "unlabel"):
        if label := _label(fields.get(name, [""])[-1]):
            return CaseAction(name, label)
    return None


def _checked(name: str, value: str, known: TrustedLine) -> CaseAction:
    good = True
    if name == STATUS:
        status, disposition = vocabulary.split_status(value)
        good = status == value.partition("/")[0] and (
            status != vocabulary.CLOSED or disposition in vocabulary.DISPOSITIONS
        )
    elif name == PRIORITY:
        good = value == "" or value in vocabulary.PRIORITIES
    elif name == OWNER:
        value = known.own_keys()[0] if value == "me" else value
        good = value == "" or known.label_of(value) != ""
    elif name in (DUE, FEEDBACK):
        good = value == "" or deadlines.read_day(value) is not None
    if not good:
        raise ConsoleError(say("This value is not allowed here. Nothing was done."))
    return CaseAction(name, value)


def _label(text: str) -> str:
    kept = "".join(c for c in text if c.isprintable())
    return " ".join(kept.split())[:LABEL_MAX]


def _is_case(id_: str) -> bool:
    return len(id_) == changes.CASE_CHARACTERS and all(c in "0123456789abcdef" for c in id_)
