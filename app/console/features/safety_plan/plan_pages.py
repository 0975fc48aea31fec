"""The form of a case's safety plan."""

from fastapi import APIRouter
from starlette.responses import Response

from app.console.cases import casework
from app.console.errors import ConsoleError
from app.console.features.safety_plan.plan_section import NAMES
from app.console.line import trusted_line
from app.console.rules import changes, safety_plan
from app.console.vault.records import cases
from app.console.web.addresses import back_to_case
from app.console.web.requests import OurForm, TheConsole, TheVault, the_case
from app.sentences.translatable import say

router = APIRouter()


@router.post("/cases/{id_}/safety-plan")
def write(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Write what was changed of the plan; refuse to write over what was not seen."""
    known = trusted_line.load(vault)
    with vault.write() as tx:
        found = the_case(tx, id_)
        state = cases.state(tx, id_, found.home)
        wanted = []
        for name, title in NAMES.items():
            if name not in form:
                continue
            value, now = safety_plan.clean(name, form[name]), state.get(name)
            if value is None:
                raise ConsoleError(
                    say(
                        "“{field}” is too long, or is not a day. Nothing was saved.",
                        field=title,
                    )
                )
            shown = form.get(f"was-{name}", now)
            if value in (shown, now):
                continue
            if shown != now:
                raise ConsoleError(
                    say(
                        "Somebody has changed the safety plan since this page was shown. Nothing "
                        "was saved. Look at it again, then change it if that is still right."
                    )
                )
            wanted.append(changes.put(id_, name, value))
        if wanted:
            back, made = casework.act_undoably(tx, known, found.home, wanted, console.now())
            console.undo.add(say("The safety plan is saved."), back, made)
    return back_to_case(id_, "#safety-plan")
