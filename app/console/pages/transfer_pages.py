"""A case goes to another team: a question first, and a way back until it was sent."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.cases import transferring
from app.console.desk import outgoing
from app.console.line import trusted_line
from app.console.rules import wording
from app.console.web import case_views
from app.console.web.addresses import back_to_case
from app.console.web.render import page
from app.console.web.requests import OurForm, TheConsole, TheVault, the_case
from app.sentences.translatable import say

router = APIRouter()


@router.post("/cases/{id_}/hand")
def hand(
    request: Request, console: TheConsole, vault: TheVault, form: OurForm, id_: str
) -> Response:
    """Transfer a case to another desk that its reporter chose, with a reason; or undo that."""
    known, now = trusted_line.load(vault), console.now()
    target, reason = form.get("desk", ""), " ".join(form.get("reason", "").split())
    back = back_to_case(id_)
    with vault.write() as tx:
        found = the_case(tx, id_)
        if "undo" in form:
            transferring.undo(tx, known, found, now)
        elif "sure" in form:
            done, opposite = transferring.ask(tx, known, found, target, reason, now)
        else:
            transferring.check(tx, known, found, target, reason, now)
            turn = outgoing.next_turn(tx)
    if "undo" in form:
        console.undo.forget_transfer(id_)
        console.alarm.renew(vault)
        return back
    name = known.desk_name(target)
    if "sure" not in form:
        values = {
            "case": id_,
            "name": case_views.case_name(id_),
            "target": target,
            "target_name": name,
            "home_name": known.desk_name(found.home),
            "reason": reason,
            "turn": wording.long_time(turn) if turn and turn > now else "",
        }
        return page(request, "confirm-transfer.html", values)
    words = say("To be transferred to {name} with the next sending.", name=name)
    console.undo.add(words, [(found.home, tuple(opposite))], done, transfer=id_)
    console.alarm.renew(vault)
    return back
