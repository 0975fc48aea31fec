"""How this console reaches the hotline: its own Tor, what the operator needs of it, bridges."""

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.tor.bridges import read_bridges
from app.console.vault import Vault
from app.console.vault.installation import settings
from app.console.vault.installation.tor_access import Bridges, TorAccess
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import said_by

router = APIRouter(prefix="/connection")


@router.get("")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show the way, and how far Tor is."""
    return page(request, "first_run/connection.html", _values(console, vault))


@router.post("/bridges")
async def bridges(
    request: Request, console: TheConsole, vault: TheVault, form: OurForm
) -> Response:
    """Keep bridges, none to go without, and start Tor anew with them."""
    text = form.get("bridges", "")
    try:
        lines = read_bridges(text)
    except ConsoleError as error:
        values = _values(console, vault) | {"bridges": text, "wrong": said_by(error)}
        return page(request, "first_run/connection.html", values, status=400)
    with vault.write() as tx:
        settings.store(tx, Bridges(lines))
    await _start_anew(console)
    return RedirectResponse("/connection", status_code=303)


@router.post("/again")
async def again(console: TheConsole, _: OurForm) -> Response:
    """Start Tor anew."""
    await _start_anew(console)
    return RedirectResponse("/connection", status_code=303)


async def _start_anew(console: Console) -> None:
    if console.tor is not None:
        await anyio.to_thread.run_sync(console.tor.again)


def _values(console: Console, vault: Vault) -> dict[str, Any]:
    known = trusted_line.load(vault)
    with vault.read() as tx:
        changed = revision(tx)
        lines = settings.load(tx, Bridges).lines
        public = settings.load(tx, TorAccess).public
    return {
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "tor": console.tor.state if console.tor is not None else None,
        "socks": console.settings.socks,
        "public": public,
        "bridges": "\n".join(lines),
        "wrong": None,
    }
