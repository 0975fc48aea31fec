"""The page of what is due: in danger and nobody's, overdue, today, this week, put off.

And putting off, with a reason.
"""

import datetime as dt
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.cases import speakers
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.pages import case_actions
from app.console.rules import deadlines, referrals, wording
from app.console.rules.changes import FEEDBACK, SNOOZE
from app.console.vault.records import case_lists, drafts
from app.console.vault.records.case_lists import CaseFilter, Listed
from app.console.web import case_views, reminders
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter(prefix="/due")

SHOWN = 100
REASON_MAX = 200
LATER_DAYS = (1, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A case in a group: its line, by when, what for, and why it was put off."""

    line: case_views.CaseRow
    due: case_views.DueWords | None
    kind: str
    why: str


@router.get("")
def show(
    request: Request, console: TheConsole, vault: TheVault, _: SignedIn, whose: str = ""
) -> Response:
    """Show what is due; ``whose`` is "all" for everybody's."""
    now = console.now()
    everybody = whose == "all"
    in_danger = CaseFilter(open=True, unattended=True)
    with vault.read() as tx:
        known = trusted_line.load_in(tx)
        soon = reminders.wanted(known, now, now + reminders.WEEK, everybody=everybody)
        found = case_lists.reminders(tx, soon, SHOWN)
        unattended = case_lists.inbox(tx, in_danger, limit=SHOWN)
        owners = () if everybody else (*known.own_keys(), "")
        put_off = CaseFilter(open=True, owner=owners, asleep_at=now)
        awake = {one.id for one in unattended}
        asleep = [one for one in case_lists.reminders(tx, put_off, SHOWN) if one.id not in awake]
        drafted, spoken = drafts.drafted(tx), speakers.load(tx, known)
        changed = revision(tx)

    def reminder(one: Listed) -> Reminder:
        line = case_views.line(one, now, drafted, known, spoken)
        return Reminder(line, line.due, one.due_kind, one.snoozed_why)

    groups: dict[str, list[Reminder]] = {"late": [], "today": [], "week": []}
    first = {one.id for one in unattended}
    found = [one for one in found if one.id not in first]
    # Of one day, whoever is in danger stands first.
    for one in sorted(found, key=lambda one: (wording.days_until(one.due_at or 0, now), one.rank)):
        at = one.due_at or 0
        name = "late" if at < now else "week" if wording.days_until(at, now) else "today"
        groups[name].append(reminder(one))
    values = {
        "in_danger": [reminder(one) for one in unattended],
        "groups": groups,
        "asleep": [reminder(one) for one in asleep],
        "whose": "all" if everybody else "",
        "at_most": len(found) == SHOWN,
        "later_days": LATER_DAYS,
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "due.html", values)


@router.post("/{id_}")
def act(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Put a case off, remind again, or note that feedback was given."""
    known, now = trusted_line.load(vault), console.now()
    today = dt.datetime.fromtimestamp(now, dt.UTC).date()
    if "again" in form:
        action = case_actions.CaseAction(SNOOZE, "")
    elif "feedback" in form:
        action = case_actions.CaseAction(FEEDBACK, today.isoformat())
    else:
        days = deadlines.read_days(form.get("days", ""))
        reason = referrals.clean(form.get("reason", ""), REASON_MAX)
        if days is None or days > deadlines.SNOOZE_MAX_DAYS:
            raise ConsoleError(
                say(
                    "Snooze it for 1 to {snooze_max_days} days. Nothing was done.",
                    snooze_max_days=deadlines.SNOOZE_MAX_DAYS,
                )
            )
        if not reason:
            raise ConsoleError(say("Say why: your colleagues read the reason. Nothing was done."))
        until = today + dt.timedelta(days=days)
        action = case_actions.CaseAction(SNOOZE, deadlines.write_snooze(until, reason))
    case_actions.do(console, vault, known, [id_], [action])
    all_of_them = "?whose=all" if form.get("whose") == "all" else ""
    return RedirectResponse(f"/due{all_of_them}", status_code=303)
