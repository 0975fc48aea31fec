"""Cases from other agencies' lines: invitations for them, taking in the file that comes back."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.features.transfer import invitations, taking_in
from app.console.features.transfer.invitations import OpenInvitation
from app.console.features.transfer.transfer_views import own_words
from app.console.features.transfer.tray import Tray
from app.console.line import trusted_line
from app.console.rules import wording
from app.console.vault import Vault
from app.console.web import case_views
from app.console.web.addresses import back_to_case
from app.console.web.multipart_form import OurFile
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.protocol.receipt import words_of
from app.sentences.translatable import said_by, say

router = APIRouter(prefix="/transfers")

WHOM_MAX = 80


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An open invitation: its id (hex), for whom it was made, its last day, its twelve words."""

    id: str
    whom: str
    expires: str
    words: list[str]


@router.get("")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show the open invitations, and the form for a sealed case."""
    return page(request, "transfer/received.html", _values(console, vault))


@router.post("/invitations")
def invite(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Make an invitation; those whose last day is over go at the same time."""
    now, days = console.now(), form.get("days", "")
    whom = " ".join(form.get("whom", "").split())[:WHOM_MAX]
    try:
        with vault.write() as tx:
            invitations.destroy(tx, invitations.expired(tx, now))
            known = trusted_line.load_in(tx)
            number = int(days) if days.isdecimal() and len(days) < 4 else 0
            invitations.invite(tx, known, now, console.rng, number, whom)
    except ConsoleError as error:
        return _refused(request, console, vault, "invite", error)
    vault.forget_old_pages()
    return RedirectResponse("/transfers#invitations", status_code=303)


@router.get("/invitations/{id_}")
def invitation(console: TheConsole, vault: TheVault, _: SignedIn, id_: str) -> Response:
    """Return an open invitation's file; there is nothing secret in it."""
    found = _find(vault, id_, console.now())
    name = f"invitation-until-{found.invitation.expires.isoformat()}.json"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(found.file, media_type="application/json", headers=headers)


@router.post("/withdraw")
def withdraw(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Destroy an invitation's keys."""
    found = _find(vault, form.get("invitation", ""), console.now())
    with vault.write() as tx:
        invitations.destroy(tx, [found.invitation.hash])
    vault.forget_old_pages()
    console.undo.add(say("The invitation is withdrawn. This cannot be undone."), [])
    return RedirectResponse("/transfers", status_code=303)


@router.post("/file")
def receive(request: Request, console: TheConsole, vault: TheVault, sent: OurFile) -> Response:
    """Take in a sealed case: kept as it is until the words are compared."""
    known = trusted_line.load(vault)
    try:
        console.held(Tray).receive(vault, known, sent, console.now(), console.rng)
    except ConsoleError as error:
        return _refused(request, console, vault, "file", error)
    finally:
        sent.drain()
    return RedirectResponse("/transfers/file", status_code=303)


@router.get("/file")
def look(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show who sealed the case that came, and the words to compare."""
    known, now = trusted_line.load(vault), console.now()
    try:
        sender = console.held(Tray).sender(vault, known, now)
    except ConsoleError as error:
        return _refused(request, console, vault, "file", error)
    values = {
        "label": sender.investigator.label,
        "words": words_of(sender.fingerprint).split(),
        "invitation": _view(sender.made),
    }
    return page(request, "transfer/compare.html", _values(console, vault) | values)


@router.post("/accept")
def accept(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Take the case in, once the investigator says that the words are the same."""
    known, now = trusted_line.load(vault), console.now()
    try:
        if form.get("compared") != "yes":
            raise ConsoleError(say("Compare the words first. Nothing was taken in."))
        sender = console.held(Tray).sender(vault, known, now)
        with console.held(Tray).open() as file:
            case = taking_in.take_in(vault, known, sender, file, now, console.rng)
    except ConsoleError as error:
        return _refused(request, console, vault, "file", error)
    console.held(Tray).forget()
    console.undo.add(
        say(
            "Saved as the case {case}. The invitation is used up.", case=case_views.case_name(case)
        ),
        [],
    )
    return back_to_case(case)


@router.post("/refuse")
def refuse(console: TheConsole, _: OurForm) -> Response:
    """Put the file away; the invitation stays open."""
    console.held(Tray).forget()
    console.undo.add(say("Nothing was taken in. The invitation is still open."), [])
    return RedirectResponse("/transfers", status_code=303)


def _values(console: Console, vault: Vault) -> dict[str, Any]:
    known = trusted_line.load(vault)
    with vault.read() as tx:
        made = invitations.all_open(tx, console.now())
        changed = revision(tx)
    return {
        # The newest first: its file is the one that is wanted now.
        "invitations": [_view(one) for one in reversed(made)],
        "own_words": own_words(known),
        "days": invitations.DAYS,
        "days_max": invitations.DAYS_MAX,
        "whom_max": WHOM_MAX,
        "wrong": None,
        "wrong_at": "",
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }


def _refused(
    request: Request, console: Console, vault: Vault, where: str, error: ConsoleError
) -> Response:
    values = _values(console, vault) | {"wrong": said_by(error), "wrong_at": where}
    return page(request, "transfer/received.html", values, status=400)


def _view(made: OpenInvitation) -> InvitationView:
    said = made.invitation
    words = words_of(said.fingerprint).split()
    return InvitationView(said.hash.hex(), made.whom, wording.date(said.expires), words)


def _find(vault: Vault, id_: str, now: int) -> OpenInvitation:
    with vault.read() as tx:
        made = invitations.all_open(tx, now)
    found = next((one for one in made if one.invitation.hash.hex() == id_), None)
    if found is None:
        raise HTTPException(404)
    return found
