"""Offering a referral and noting what became of it."""

import datetime as dt

from fastapi import APIRouter
from starlette.responses import Response

from app.console.cases import casework
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.rules import deadlines, referrals
from app.console.vault.records import cases
from app.console.web.addresses import back_to_case
from app.console.web.requests import OurForm, TheConsole, TheVault, the_case
from app.sentences.translatable import say

router = APIRouter()


@router.post("/cases/{id_}/referrals")
def note(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Begin a referral, or move one on; each step is a change of its own in the history."""
    known, now = trusted_line.load(vault), console.now()
    state = form.get("state", referrals.OFFERED)
    on = _day(form.get("on", ""), now)
    if state not in referrals.STATES:
        raise ConsoleError(say("This is not a valid referral. Nothing was done."))
    with vault.write() as tx:
        found = the_case(tx, id_)
        if "referral" in form:
            referral = form["referral"]
            there = {one.id: one for one in referrals.of_case(cases.state(tx, id_, found.home))}
            if referral not in there:
                raise ConsoleError(say("There is no such referral here. Nothing was done."))
            consent = form.get("consent", "") or there[referral].consent
            wanted = []
        else:
            referral = console.rng(referrals.ID_BYTES).hex()
            consent = form.get("consent", "")
            if form.get("to") not in referrals.KINDS:
                raise ConsoleError(say("Choose to whom. Nothing was done."))
            wanted = [referrals.offer(id_, referral, form["to"], form.get("with", ""))]
        try:
            wanted.append(
                referrals.step(id_, referral, state, on, form.get("note", ""), consent)
            )  # fmt: skip
        except ValueError:
            raise ConsoleError(
                say(
                    "Say how the reporter agreed: nobody is referred who has not. Nothing was done."
                )
            ) from None
        casework.act(tx, known, found.home, wanted, now)
    return back_to_case(id_, "#referrals")


def _day(text: str, now: int) -> dt.date:
    today = dt.datetime.fromtimestamp(now, dt.UTC).date()
    if not text:
        return today
    day = deadlines.read_day(text)
    if day is None or day > today + dt.timedelta(days=1):
        raise ConsoleError(say("Enter today’s date or an earlier one. Nothing was done."))
    return day
