"""A case on its way to another agency's line: their invitation, what goes, sealing it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from app.console.errors import ConsoleError
from app.console.features.transfer import handing_over, transfer_views
from app.console.features.transfer.handing_over import Handover
from app.console.features.transfer.transfer_views import Chosen
from app.console.features.transfer.tray import Tray
from app.console.line import trusted_line
from app.console.rules import wording
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.records import messages
from app.console.web import case_views
from app.console.web.addresses import back_to_case
from app.console.web.multipart_form import OurFile, SentFile
from app.console.web.render import page
from app.console.web.requests import OurFields, OurForm, SignedIn, TheConsole, TheVault, the_case
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.files.bounded_reading import read_exactly
from app.protocol.errors import ProtocolError
from app.protocol.receipt import words_of
from app.protocol.transfer import INVITATION_BYTES_MAX, MAGIC, Invitation, open_invitation
from app.sentences.translatable import said_by, say

router = APIRouter(prefix="/cases/{id_}/transfer")

FILE_NAME = "case.sealed"


@router.get("")
def show(
    request: Request, console: TheConsole, vault: TheVault, _: SignedIn, id_: str
) -> Response:  # fmt: skip
    """Show where a transfer of the case stands: its invitation, words, choice."""
    return _page(request, console, vault, id_)


@router.post("/invitation")
def open_theirs(
    request: Request, console: TheConsole, vault: TheVault, sent: OurFile, id_: str
) -> Response:
    """Open the other line's invitation, which stays open at this case until the console locks."""
    try:
        invitation = _invitation(sent)
        own = trusted_line.load(vault).owner.line.line_id
        handing_over.check_invitation(invitation, own, console.now())
    except (ConsoleError, ProtocolError) as error:
        return _page(request, console, vault, id_, wrong=said_by(error))
    finally:
        sent.drain()
    console.held(Tray).invitations[id_] = invitation
    return _back(id_)


@router.post("/forget")
def forget(console: TheConsole, _: OurForm, id_: str) -> Response:
    """Put the invitation away, for another one."""
    console.held(Tray).invitations.pop(id_, None)
    return _back(id_)


@router.post("/check")
def check(
    request: Request, console: TheConsole, vault: TheVault, fields: OurFields, id_: str
) -> Response:
    """Show exactly what would go, and what stays; nothing is told or written."""
    chosen = Chosen.read(fields)
    try:
        handover = _compared(console, vault, id_, chosen)
        document = handing_over.preview(vault, handover)
    except ConsoleError as error:
        return _page(request, console, vault, id_, chosen, said_by(error))
    values = _frame(console, vault, id_) | {
        "to": handover.invitation.name,
        "chosen": chosen,
        "document": transfer_views.Going.of(document),
    }
    return page(request, "transfer/review.html", values)


@router.post("/change")
def change(
    request: Request, console: TheConsole, vault: TheVault, fields: OurFields, id_: str
) -> Response:
    """Go back from what would go to what was chosen."""
    return _page(request, console, vault, id_, Chosen.read(fields))


@router.post("/seal")
def seal(
    request: Request, console: TheConsole, vault: TheVault, fields: OurFields, id_: str
) -> Response:
    """Return the sealed case, as a file; the custody log has it before it is handed out."""
    chosen = Chosen.read(fields)
    try:
        going = handing_over.prepare(vault, _compared(console, vault, id_, chosen), console.rng)
    except ConsoleError as error:
        return _page(request, console, vault, id_, chosen, said_by(error))
    headers = {
        "content-disposition": f'attachment; filename="{FILE_NAME}"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(
        going.pieces(), media_type="application/octet-stream", headers=headers
    )  # fmt: skip


def _page(
    request: Request,
    console: Console,
    vault: Vault,
    id_: str,
    chosen: Chosen | None = None,
    wrong: str | None = None,
) -> Response:
    values = _frame(console, vault, id_)
    invitation = console.held(Tray).invitations.get(id_)
    with vault.read() as tx:
        said, kept = messages.messages_of(tx, id_), files.of_case(tx, id_)
        desks = the_case(tx, id_).desks
    values |= {
        "refusal": handing_over.refusal(vault, id_),
        "invitation": invitation,
        "their_words": words_of(invitation.fingerprint).split() if invitation else [],
        "until": wording.date(invitation.expires) if invitation else "",
        "messages": transfer_views.choices(said, kept, desks),
        "chosen": chosen or Chosen(),
        "wrong": wrong,
    }
    return page(request, "transfer/send.html", values, status=400 if wrong else 200)


def _frame(console: Console, vault: Vault, id_: str) -> dict[str, Any]:
    """Return what every page here shows around its own. Raises HTTPException for no case."""
    known = trusted_line.load(vault)
    with vault.read() as tx:
        the_case(tx, id_)
        changed = revision(tx)
    return {
        "case": id_,
        "name": case_views.case_name(id_),
        "own_words": transfer_views.own_words(known),
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": None,
    }


def _invitation(sent: SentFile) -> Invitation:
    """Read a sent invitation. Raises BadTransfer, ConsoleError."""
    data = read_exactly(sent, INVITATION_BYTES_MAX + 1)
    if data.startswith(MAGIC):
        raise ConsoleError(
            say(
                "This is an encrypted case, not an invitation. It is opened on the page “Agency "
                "transfers”."
            )
        )
    return open_invitation(data)


def _compared(console: Console, vault: Vault, id_: str, chosen: Chosen) -> Handover:
    """Return what was chosen for the invitation open at a case, once its words were compared.

    Raises ConsoleError.
    """
    invitation = console.held(Tray).invitations.get(id_)
    if invitation is None:
        raise ConsoleError(say("The invitation is not here any more. Open it again."))
    if not chosen.compared:
        raise ConsoleError(
            say("Compare the words by voice first, and say so. Nothing was written.")
        )
    known, name = trusted_line.load(vault), case_views.case_name(id_)
    return Handover(known, id_, name, invitation, chosen.scope(), console.now())


def _back(id_: str) -> Response:
    return back_to_case(id_, "/transfer")
