"""After the case store is made: the page that leads on, until the console can be used."""

import hashlib
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.features.first_run import first_steps, making
from app.console.features.first_run.beginning_pages import PAGE, begin_page
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.vault.installation import settings
from app.console.vault.setup import REQUEST_NAME
from app.console.viewer import sandbox_report
from app.console.web.multipart_form import OurFile
from app.console.web.render import in_json, page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault, is_signed_in
from app.console.web.running_console import Console, Landing
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import said_by

router = APIRouter(prefix=PAGE)


@router.get("")
def show(request: Request, console: TheConsole) -> Response:
    """Show the first page, or where the first run stands; who is not signed in is led there."""
    if is_signed_in(request):
        return page(request, "first_run/steps.html", _values(console, console.vault))
    if not console.begins:
        return RedirectResponse(f"/unlock?back={PAGE}", status_code=303)
    session = console.access.session(request.cookies.get(console.access.cookie))
    return begin_page(request, console, session, "welcome" if session else "shut")


@router.get("/state")
def state(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Return, for the script, how far Tor is, and a key that changes when the page would."""
    tor, step = first_steps.reached(console.tor, console.sync)
    return in_json(
        request,
        {"words": step.words, "percent": tor.percent if tor else 0, "key": _key(console, vault)},
    )


@router.get("/request")
def request_file(vault: TheVault, _: SignedIn) -> Response:
    """Return the request for the agency; there is nothing secret in it."""
    headers = {
        "content-disposition": f'attachment; filename="{REQUEST_NAME}"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(first_steps.request_of(vault), media_type="application/json", headers=headers)


@router.post("/directory")
def directory(request: Request, console: TheConsole, vault: TheVault, sent: OurFile) -> Response:
    """Take in the agency's answer."""
    try:
        file = making.read_small(sent, first_steps.DIRECTORY_MAX)
        first_steps.take_directory(vault, trusted_line.load(vault), file, console.now())
    except ConsoleError as error:
        values = _values(console, vault) | {"wrong": said_by(error)}
        return page(request, "first_run/steps.html", values, status=400)
    finally:
        sent.drain()
    console.ask_for_sync()
    return RedirectResponse(f"{PAGE}#answer", status_code=303)


@router.post("/look")
def look(console: TheConsole, _: OurForm) -> Response:
    """Ask the hotline now."""
    console.ask_for_sync()
    return RedirectResponse(f"{PAGE}#reached", status_code=303)


@router.post("/done")
def done(console: TheConsole, vault: TheVault, _: OurForm) -> Response:
    """End the first run: from here on the list is what is shown first."""
    with vault.write() as tx:
        settings.forget(tx, Landing)
    console.landing = type(console).landing
    return RedirectResponse("/", status_code=303)


def _values(console: Console, vault: Vault) -> dict[str, Any]:
    known = trusted_line.load(vault)
    tor, reached = first_steps.reached(console.tor, console.sync)
    parts = sandbox_report.parts(console.viewing.machine)
    with vault.read() as tx:
        changed = revision(tx)
    enrolled = first_steps.enrolled(known)
    return {
        "line_name": known.owner.line.name,
        "label": known.owner.label,
        "folder": str(console.folder),
        "sync": sync_view(console, changed),
        "words": first_steps.words_to_read(known),
        "enrolled": enrolled,
        "reached": reached,
        "tor": tor,
        "missed": [one for one in parts if one.needed and not one.here],
        "parts": parts,
        "well": enrolled.mark is reached.mark is first_steps.Mark.DONE,
        "key": _key(console, vault),
        "wrong": None,
    }


def _key(console: Console, vault: Vault) -> str:
    known = trusted_line.load(vault)
    tor, reached = first_steps.reached(console.tor, console.sync)
    # What moves by itself on the page, the percent, is not among it.
    facts = (
        first_steps.enrolled(known),
        reached.mark,
        tor.ready if tor else None,
        console.sync.failure,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
