"""What is kept, scheduled for destruction, held, or gone; and the desk's rule for it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.cases import casework, retention
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes, deadlines, keeping, wording
from app.console.vault import Vault
from app.console.web import case_views
from app.console.web.render import page
from app.console.web.requests import OurFields, OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say, say_count

router = APIRouter(prefix="/retention")

MANY_MAX = 5_000


@router.get("")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show what is kept, what is proposed for destruction, and what waits for its day."""
    return page(request, "retention.html", _values(console, vault))


@router.post("/rule")
def rule(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Set for how many months a desk keeps closed cases; empty for no rule."""
    known, desk, months = trusted_line.load(vault), form.get("desk", ""), form.get("months", "")
    if desk not in known.own_desks() or (months and keeping.read_months(months) is None):
        raise ConsoleError(
            say(
                "Give whole months from 1 to {months_max}, or nothing. Nothing was changed.",
                months_max=keeping.MONTHS_MAX,
            )
        )
    with vault.write() as tx:
        casework.act(tx, known, desk, [changes.rule(keeping.KEEP_RULE, months)], console.now())
    return RedirectResponse("/retention", status_code=303)


@router.post("/schedule")
def schedule(request: Request, console: TheConsole, vault: TheVault, fields: OurFields) -> Response:
    """Set the day for the cases that are ticked, once it was asked a second time."""
    chosen = list(dict.fromkeys(fields.get("case", [])))[:MANY_MAX]
    if not chosen:
        raise ConsoleError(say("Select at least one case. Nothing was done."))
    now = console.now()
    if "sure" not in fields:
        values = {
            "names": [case_views.case_name(one) for one in chosen],
            "chosen": chosen,
            "day": keeping.destruction_day(now),
        }
        return page(request, "schedule-destruction.html", values)
    with vault.write() as tx:
        count = retention.schedule_destruction(tx, trusted_line.load(vault), chosen, now)
    words = say_count(
        "{count} case is scheduled for destruction.",
        "{count} cases are scheduled for destruction.",
        count,
    )
    console.undo.add(words, [])
    return RedirectResponse("/retention", status_code=303)


@router.post("/keep")
def keep(console: TheConsole, vault: TheVault, fields: OurFields) -> Response:
    """Take the day back from the cases that are ticked."""
    chosen = fields.get("case", [])[:MANY_MAX]
    with vault.write() as tx:
        retention.cancel_destruction(tx, trusted_line.load(vault), chosen, console.now())
    return RedirectResponse("/retention", status_code=303)


@router.post("/hold")
def hold_or_release(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Hold a case for a reason, or let go of it."""
    reason = " ".join(form.get("reason", "").split())
    if not reason and "release" not in form:
        raise ConsoleError(say("Say why it must be retained. Nothing was done."))
    with vault.write() as tx:
        known = trusted_line.load(vault)
        retention.set_legal_hold(tx, known, form.get("case", ""), reason, console.now())
    return RedirectResponse("/retention", status_code=303)


def _values(console: Console, vault: Vault) -> dict[str, Any]:
    known, now = trusted_line.load(vault), console.now()
    with vault.read() as tx:
        changed = revision(tx)
        found = retention.survey(tx, known, now)
        rules = [
            (desk, known.desk_name(desk), retention.kept_months(tx, desk) or "")
            for desk in known.own_desks()
        ]
    return {
        "rules": rules,
        "lists": [
            (kind, title, [_row(one, known) for one in rows])
            for kind, title, rows in (
                ("proposed", say("Proposed by the team's rule"), found.proposed),
                ("given", say("Scheduled for destruction"), found.scheduled),
                ("held", say("On legal hold"), found.held),
            )
        ],
        "destroyed": [
            (
                case_views.case_name(one.case),
                one.at,
                known.label_of(one.actor) or say("somebody"),
            )
            for one in found.destroyed
        ],
        "here": "/machine",
        "undo_days": keeping.UNDO_DAYS,
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }


def _row(one: retention.SurveyedCase, known: TrustedLine) -> dict[str, Any]:
    words = say("last moved {time}", time=wording.long_time(one.case.last_at))
    if one.day:
        who = known.label_of(one.by) or wording.has_left()
        day = deadlines.read_day(one.day)
        shown = wording.date(day) if day else one.day
        words = say("to be destroyed on {day}, by {name}", day=shown, name=who)
        if one.waits:
            words = say(
                "to be destroyed on {day}, by {name}; the reporter has written since, so it stays "
                "until that is read and decided",
                day=shown,
                name=who,
            )
    elif one.waits:
        words = say(
            "last moved {time}; the reporter has written since, so it stays until that is read and "
            "decided",
            time=wording.long_time(one.case.last_at),
        )
    if one.reason:
        words = say("legal hold: {reason}", reason=one.reason)
    return {"id": one.case.id, "name": case_views.case_name(one.case.id), "words": words}
