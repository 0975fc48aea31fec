"""A move to another computer, of a locked console: the case store here works no more after it.

Nothing may be at work in it meanwhile: what a console wrote or fetched after it was copied would be
in one of two that go on. So it is opened for this alone, and by nobody else before it is done.
There is no session: the passphrase is what proves it, as where the console is unlocked.
"""

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError, TooManyGuesses, VaultInUse
from app.console.pages.backup.backup_job import BackupJob
from app.console.pages.backup.backup_pages import progress_of
from app.console.pages.backup.disks import Disks
from app.console.vault import Vault
from app.console.web.render import in_json, page
from app.console.web.requests import TheConsole, raw_form
from app.console.web.running_console import Console
from app.protocol.secrets import Secret
from app.sentences.translatable import said_by, say

PAGE = "/move"
router = APIRouter(prefix=PAGE)


@router.get("")
def show(request: Request, console: TheConsole) -> Response:
    """Show how far a move is, or ask where to; an open console is to be locked first."""
    if console.practice:
        raise HTTPException(404)
    if console.begins:
        return RedirectResponse(console.beginning, status_code=303)
    return _page(request, console)


@router.get("/state")
def state(request: Request, console: TheConsole) -> Response:
    """Return, for the script, how far it is; of an open console's backups nothing."""
    if not console.locked:
        raise HTTPException(404)
    return in_json(request, progress_of(console.held(BackupJob)))


@router.post("")
async def move(
    request: Request, console: TheConsole, form: Annotated[dict[str, str], Depends(raw_form)]
) -> Response:
    """Begin it. There is no session, so no token: the Origin check stands for it."""
    if console.practice or console.begins or not console.locked:
        return RedirectResponse(PAGE, status_code=303)
    given, target = Secret(form.get("passphrase", "").encode()), form.get("target", "")
    disks: Disks = request.app.state.disks
    job = console.held(BackupJob)
    since = job.cleared

    def begin() -> None:
        if console.set_aside:
            # Not tried: what was typed is forgotten by beginning anew, which would end the move.
            raise VaultInUse(console.set_aside)
        disk = disks.find(console.folder, target)
        vault = console.prove(lambda: _set_aside(console, given))
        job.to_disk(vault, disk, console.now(), since, move=True, on_end=console.give_back)

    try:
        await anyio.to_thread.run_sync(begin)
    except TooManyGuesses as error:
        return _page(request, console, said_by(error), target, 429)
    except ConsoleError as error:
        return _page(request, console, said_by(error), target, 403)
    finally:
        given.wipe()
    return RedirectResponse(PAGE, status_code=303)


def _set_aside(console: Console, passphrase: Secret) -> Vault:
    vault = Vault.open(console.folder, passphrase)
    console.set_aside = say(
        "This case store is being moved to another computer. Wait until that is done."
    )
    return vault


def _page(
    request: Request,
    console: Console,
    wrong: str | None = None,
    chosen: str = "",
    status: int = 200,
) -> Response:
    disks: Disks = request.app.state.disks
    values: dict[str, Any] = {
        "open": not console.locked,
        "job": console.held(BackupJob),
        "offered": [(one, None) for one in disks.offered(console.folder)],
        "wrong": wrong,
        "chosen": chosen,
    }
    return page(request, "backup/move.html", values, status=status)
