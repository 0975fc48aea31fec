"""A backup of an open console: to a disk that is in, or as a download; its passphrase anew."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.console.errors import ConsoleError, VaultLocked
from app.console.line import trusted_line
from app.console.pages.backup.backup_job import BackupJob
from app.console.pages.backup.disks import Disks
from app.console.vault import Vault
from app.console.vault.copies import archive, last_backup
from app.console.web.render import in_json, page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.protocol.secrets import Secret
from app.sentences.translatable import said_by

PAGE = "/machine/backup"
DOWNLOAD = "download"
"""What the form says for a download; a disk's key has a blank."""
_PIECE = 256 * 1024
router = APIRouter(prefix=PAGE)


@router.get("")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show how far a backup is, or where one can go."""
    return _page(request, console, vault)


@router.get("/state")
def state(request: Request, console: TheConsole, _: SignedIn) -> Response:
    """Return, for the script, how far it is, and a key that changes when the page would."""
    return in_json(request, progress_of(console.held(BackupJob)))


@router.post("")
async def make(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Begin one; the page goes on at once."""
    _refuse_practice(console)
    given, target = Secret(form.get("passphrase", "").encode()), form.get("target", "")
    disks: Disks = request.app.state.disks
    job = console.held(BackupJob)
    since = job.cleared

    def begin() -> None:
        disk = None if target == DOWNLOAD else disks.find(console.folder, target)
        own = console.prove(lambda: Vault.open_shared(console.folder, given))
        if disk is None:
            job.to_download(own, console.now(), since)
        else:
            job.to_disk(own, disk, console.now(), since)

    try:
        await anyio.to_thread.run_sync(begin)
    except ConsoleError as error:
        return _page(request, console, vault, said_by(error), target, 403)
    finally:
        given.wipe()
    return RedirectResponse(PAGE, status_code=303)


@router.post("/end")
def end(console: TheConsole, _: OurForm) -> Response:
    """End the one at work, or remove what was made for a download."""
    job = console.held(BackupJob)
    job.end()
    job.handed_out()
    return RedirectResponse(PAGE, status_code=303)


@router.post("/download")
def download(console: TheConsole, vault: TheVault, _: OurForm) -> Response:
    """Give the browser what was made for it; once it has all of it, it is removed here."""
    job = console.held(BackupJob)
    written, path = job.written, job.download
    if job.working or written is None or path is None:
        return RedirectResponse(PAGE, status_code=303)
    whole: list[bool] = []

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            # A lock, or somebody, ends it: the browser sees that it is cut off.
            while job.download == path and (piece := file.read(_PIECE)):
                yield piece
            if file.tell() == written.size:
                whole.append(True)

    headers = {
        "content-disposition": f'attachment; filename="{written.name}"',
        "content-length": str(written.size),
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(
        pieces(),
        media_type="application/x-tar",
        headers=headers,
        background=BackgroundTask(_handed_out, console, vault, job, path, whole),
    )


def _handed_out(
    console: Console, vault: Vault, job: BackupJob, path: Path, whole: list[bool]
) -> None:
    if whole and job.download == path:
        with suppress(VaultLocked):
            archive.note(vault, console.now())
        job.handed_out()


def progress_of(job: BackupJob) -> dict[str, Any]:
    """Return how far a copy is, as the script reads it."""
    return {"key": job.key, "words": job.words, "percent": job.percent}


def _refuse_practice(console: Console) -> None:
    if console.practice:
        raise HTTPException(404)


def _page(
    request: Request,
    console: Console,
    vault: Vault,
    wrong: str | None = None,
    chosen: str = "",
    status: int = 200,
) -> Response:
    _refuse_practice(console)
    disks: Disks = request.app.state.disks
    size = archive.size(vault)
    offered = [(one, one.refusal(size)) for one in disks.offered(console.folder)]
    with vault.read() as tx:
        changed, last = revision(tx), last_backup.made(tx)
    values = {
        "job": console.held(BackupJob),
        "offered": offered,
        "size": size,
        "last": last,
        "wrong": wrong,
        "chosen": chosen,
        "here": "/machine",
        "line_name": trusted_line.load(vault).owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "backup/backup.html", values, status=status)
