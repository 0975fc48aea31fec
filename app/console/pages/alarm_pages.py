"""The alarm: what it does for whom, taking what it rings for, and going on duty."""

from dataclasses import asdict, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.pages import case_actions
from app.console.pages.case_actions import CaseAction
from app.console.rules.changes import OWNER
from app.console.vault.installation import settings
from app.console.web import alarm_views
from app.console.web.addresses import back_to_case
from app.console.web.alarm.alarm_choices import AlarmChoices, voice
from app.console.web.alarm.alarm_state import ON_DANGER, ON_DEAF
from app.console.web.alarm.duty import SHIFTS
from app.console.web.render import in_json, page
from app.console.web.requests import (
    OurForm,
    SignedIn,
    TheConsole,
    TheVault,
    is_signed_in,
    the_case,
)
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter()

HOLD_SECONDS = 3.0
"""For so long a window's question waits for a change: the clock of a hidden one is slow."""
ICON_MAX = 9


@router.get("/alarm")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show what the alarm does, and where the console can be left."""
    with vault.read() as tx:
        known = trusted_line.load_in(tx)
        chosen, heard, changed = settings.load(tx, AlarmChoices), voice(tx, known), revision(tx)
    values: dict[str, Any] = {
        "chosen": chosen,
        "voice": heard,
        "shared": any(len(known.colleagues(desk)) > 1 for desk in known.own_desks()),
        "shifts": SHIFTS,
        "idle_minutes": console.settings.idle_minutes,
        "by_hand_only": not console.settings.interval,
        "commands": [
            (option, console.alarm.programs[option] is not None) for option in (ON_DANGER, ON_DEAF)
        ],
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "alarm/alarm.html", values)


@router.get("/alarm/state")
async def state(request: Request, console: TheConsole, seen: str = "") -> Response:
    """Return what alarms, at once if it is not what a page has ``seen``, else when it changes."""
    if seen == str(console.alarm.version):
        await console.alarm.changed(HOLD_SECONDS)
    view = alarm_views.view(console, signed_in=is_signed_in(request))
    return in_json(request, asdict(view))


@router.get("/alarm/icon/{count}.svg")
def icon(request: Request, count: int) -> Response:
    """Return the page's icon with a number on it; more than nine are a plus."""
    if count < 1:
        raise HTTPException(404)
    shown = str(count) if count <= ICON_MAX else "+"
    html = page(request, "alarm/icon.svg", {"shown": shown})
    return Response(html.body, media_type="image/svg+xml")


@router.post("/alarm/take")
def take(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Make a case one's own that alarms; the desk is told at once (``case_actions``).

    Nothing is done to one that somebody else took since the page was shown.
    """
    id_ = form.get("case", "")
    known = trusted_line.load(vault)
    with vault.read() as tx:
        found = the_case(tx, id_)
    if not found.untaken or found.owner != form.get("was", ""):
        if not found.owner:
            words = say("It no longer alarms. Nothing was done.")
        elif found.owner in known.own_keys():
            words = say("You took it before. Nothing was done.")
        else:
            name = known.label_of(found.owner)
            words = say("{name} took it before. Nothing was done.", name=name)
        console.undo.add(words, [])
        return back_to_case(id_)
    case_actions.do(console, vault, known, [id_], [CaseAction(OWNER, known.own_keys()[0])])
    return back_to_case(id_)


@router.post("/alarm/settings")
def choose(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Switch sound or notification on or off, for the person whose vault it is."""
    with vault.write() as tx:
        chosen = settings.load(tx, AlarmChoices)
        for name in ("sound", "notify"):
            if form.get(name) in ("on", "off"):
                chosen = replace(chosen, **{name: form[name] == "on"})
        settings.store(tx, chosen)
    console.alarm.renew(vault)
    return RedirectResponse("/alarm", status_code=303)


@router.post("/duty")
def go_on_duty(console: TheConsole, form: OurForm) -> Response:
    """Lock the screen for a shift, and not the vault."""
    hours = form.get("hours", "")
    if hours not in map(str, SHIFTS):
        raise ConsoleError(say("A shift is one of the lengths that are offered. Nothing was done."))
    _refuse_unheard(console)
    console.go_on_duty(int(hours))
    answer = RedirectResponse("/unlock", status_code=303)
    answer.delete_cookie(
        console.access.cookie, path=console.access.root, httponly=True, samesite="strict"
    )
    return answer


def _refuse_unheard(console: Console) -> None:
    if console.alarm.deaf:
        raise ConsoleError(
            say(
                "No sync comes through now: on duty this console would hear nothing. Nothing was "
                "done."
            )
        )
