"""The page of what to do with child abuse material, and the forms that mark what stays."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.errors import ConsoleError
from app.console.features.abuse_material import marking
from app.console.line import trusted_line
from app.console.rules import never_export
from app.console.rules.never_export import WHOLE_CASE
from app.console.vault.attachments import hash_lists
from app.console.web.addresses import back_to_case
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault, the_case
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter()


@router.get("/child-abuse-material")
def guidance(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Say what to do, what not, and whom to tell; the law differs by country."""
    with vault.read() as tx:
        changed, lists = revision(tx), hash_lists.every(tx)
    values = {
        "line_name": trusted_line.load(vault).owner.line.name,
        "lists": lists,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "abuse_material/guidance.html", values)


@router.post("/cases/{id_}/never-export")
def mark(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Mark a case or one of its files, or take a mark off."""
    known, value = trusted_line.load(vault), form.get("what", "")
    if not never_export.is_mark(value):
        raise ConsoleError(
            say("Say what is meant: the case, or one of its files. Nothing was marked.")
        )
    off = "off" in form
    with vault.write() as tx:
        change = marking.take_off if off else marking.put_on
        back, made = change(tx, known, the_case(tx, id_), value, console.now())
    if value == WHOLE_CASE:
        words = say("This case is never exported now.")
        undone = say("This case may be exported again.")
    else:
        words = say("The file is never exported now.")
        undone = say("The file may be exported again.")
    console.undo.add(undone if off else words, back, made)
    return back_to_case(id_, "#never-export")
