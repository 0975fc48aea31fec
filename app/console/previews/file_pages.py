"""A file as pixels or as samples to be heard; saving it as it came, or a copy of pixels alone."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.console.errors import FileProblem, ListedFile, UnshownFile
from app.console.previews import showing
from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, files, hash_lists, previews
from app.console.vault.attachments.files import File
from app.console.vault.attachments.previews import Form
from app.console.vault.custody import audit_log, export_marks
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.viewer import pixel_copy, preview
from app.console.viewer.previewable import PICTURE_KINDS, Kind, kind_of
from app.console.viewer.viewing import Pieces, ShownSheet
from app.console.web import case_views
from app.console.web.addresses import back_to_case
from app.console.web.file_views import file_view
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.sentences.translatable import said_by, say

router = APIRouter(prefix="/files/{id_}")

_SHEETS = {Kind.FILM: "Frame"}
"""What a sheet is called, where it is not a page."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which sheet is looked at, counted from 1, how, and how many there are."""

    number: int
    total: int
    zoomed: bool
    blurred: bool

    def address(self, **changed: Any) -> str:
        """Return the same look with something else, as an address's end."""
        now = {"sheet": self.number, "zoomed": self.zoomed, "blurred": self.blurred} | changed
        said = [f"{name}={str(value).lower()}" for name, value in now.items() if value]
        return "?" + "&".join(said)


@router.get("")
async def look(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    id_: int,
    sheet: int = 1,
    zoomed: bool = False,
    blurred: bool = False,
) -> Response:
    """Show a file on a page of its own: its sheets, one at a time."""
    file = await anyio.to_thread.run_sync(_find, vault, id_)
    kind = kind_of(file.type, file.name, file.size)
    problem, total, fails = None, 1, False
    try:
        total = (await _shown(console, vault, file, sheet - 1, zoomed, blurred)).total
    except FileProblem as error:
        problem, fails = said_by(error), isinstance(error, UnshownFile)
    values = {
        "file": file_view(file),
        "name": case_views.case_name(file.case),
        "case_id": file.case,
        "problem": problem,
        "fails": fails,
        "look": Look(sheet, total, zoomed, blurred),
        "picture": kind in (*PICTURE_KINDS, Kind.SOUND, Kind.FILM),
        "sheet_word": _SHEETS.get(kind, say("Page")) if kind else "",
        "flat_words": "" if problem else _flat_words(kind, total),
    }
    return page(request, "file.html", values)


@router.get("/preview")
async def preview_of(
    console: TheConsole,
    vault: TheVault,
    id_: int,
    sheet: int = 1,
    zoomed: bool = False,
    blurred: bool = False,
) -> Response:
    """Return a PNG made of the viewer's pixels; blurred means a few pixels only."""
    file = await anyio.to_thread.run_sync(_find, vault, id_)
    shown = await _shown(console, vault, file, sheet - 1, zoomed, blurred)
    return Response(shown.png, media_type="image/png")


@router.get("/sound")
async def sound_of(
    console: TheConsole, vault: TheVault, _: SignedIn, id_: int, part: int = 1
) -> Response:
    """Return a part of a recording, or of a film's sound, as WAV, to be played in a page.

    It is made of the viewer's samples. The headers say how many seconds all of it has ("0": not
    known), and whether more follows.
    """
    file = await anyio.to_thread.run_sync(_find, vault, id_)
    kind = _kind(file)
    if kind not in (Kind.SOUND, Kind.FILM):
        raise HTTPException(404)
    heard = await console.viewing.heard(
        kind, _pieces(vault, file), case=file.case, part=max(part - 1, 0), hide=vault.folder
    )
    said = {"quietline-seconds": f"{heard.whole:g}", "quietline-more": str(int(heard.more))}
    return Response(heard.wav(), media_type="audio/wav", headers=said)


@router.post("/fetch")
def fetch(console: TheConsole, vault: TheVault, _: OurForm, id_: int) -> Response:
    """Ask for a file that is held back or has failed, whatever its size."""
    file = _find(vault, id_)
    with vault.write() as tx:
        files.try_by_hand(tx, id_)
    console.ask_for_sync()
    return back_to_case(file.case)


@router.post("/again")
def try_again(vault: TheVault, form: OurForm, id_: int) -> Response:
    """Let a file be opened once more that failed: its failures are forgotten."""
    file = _find(vault, id_)
    with vault.write() as tx:
        previews.forget_failures(tx, file)
    given = form.get("sheet", "1")
    number = given if given.isdecimal() and len(given) < 6 else "1"
    return RedirectResponse(f"/files/{id_}?sheet={number}", status_code=303)


@router.post("/save")
def save(console: TheConsole, vault: TheVault, _: OurForm, id_: int) -> Response:
    """Return the original, decrypted as it is written out; never shown in this origin."""
    file = _find(vault, id_, leaves=True)
    pieces = decrypted_files.plain(vault, file)
    # The first piece is decrypted before the answer begins, so that a missing file says so.
    first = next(pieces, b"")
    with vault.write() as tx:
        detail = {"file": file.name, "sha256": file.sha256}
        done = AuditEvent(file.case, console.now(), HERE, "saved", detail)
        audit_log.record(tx, done)

    def body() -> Iterator[bytes]:
        yield first
        yield from pieces

    return StreamingResponse(
        body(), media_type="application/octet-stream", headers=_headers(file.name)
    )


@router.post("/flat")
async def save_flat(console: TheConsole, vault: TheVault, form: OurForm, id_: int) -> Response:
    """Return a copy that is pixels alone: a PNG of a picture or frame, else a PDF of pictures."""
    file = await anyio.to_thread.run_sync(partial(_find, vault, id_, leaves=True))
    kind, pieces = _kind(file), _pieces(vault, file)
    if kind in (*PICTURE_KINDS, Kind.FILM):
        given = form.get("sheet", "1")
        number = int(given) if given.isdecimal() and len(given) < 6 else 1
        made = await console.viewing.raw(
            kind,
            pieces,
            case=file.case,
            side=pixel_copy.PICTURE_SIDE,
            first=number - 1,
            count=1,
            hide=vault.folder,
        )
        copy, total = await anyio.to_thread.run_sync(made.sheets[0].png), made.total
        ending, held = "png", 1
    else:
        copy, total, held = await _flat_pdf(console, vault, file, kind)
        ending = "pdf"
    detail = {
        "file": file.name,
        "sha256": file.sha256,
        "copy_sha256": hashlib.sha256(copy).hexdigest(),
        "sheets": held,
        "of": total,
    }
    with vault.write() as tx:
        audit_log.record(tx, AuditEvent(file.case, console.now(), HERE, "flattened", detail))
    name = f"{PurePath(file.name).stem or 'file'} (pixels only).{ending}"
    return Response(copy, media_type="application/octet-stream", headers=_headers(name))


async def _flat_pdf(
    console: Console, vault: Vault, file: File, kind: Kind
) -> tuple[bytes, int, int]:
    made = pixel_copy.FlatPdf()
    held, total = 0, 1
    while held < min(total, pixel_copy.SHEETS_MAX):
        drawn = await console.viewing.raw(
            kind,
            _pieces(vault, file),
            case=file.case,
            side=pixel_copy.SIDE,
            first=held,
            count=min(preview.SHEETS_AT_ONCE, pixel_copy.SHEETS_MAX - held),
            hide=vault.folder,
        )
        await anyio.to_thread.run_sync(made.add, drawn.sheets)
        total, held = drawn.total, held + len(drawn.sheets)
    return await anyio.to_thread.run_sync(made.bytes), total, held


async def _shown(
    console: Console, vault: Vault, file: File, number: int, zoomed: bool, blurred: bool
) -> ShownSheet:
    """Return the sheet as it is shown. Raises FileProblem."""
    form = Form.BLURRED if blurred else Form.ZOOMED if zoomed else Form.FULL
    return await showing.sheet(console, vault, file, _kind(file), max(number, 0), form)


def _kind(file: File) -> Kind:
    if file.listed:
        raise ListedFile(hash_lists.words(file.listed))
    kind = kind_of(file.type, file.name, file.size)
    if kind is None or not file_view(file).here:
        raise FileProblem(say("There is no preview of this file. Save it to open it elsewhere."))
    return kind


def _pieces(vault: Vault, file: File) -> Pieces:
    return lambda: decrypted_files.plain(vault, file)


def _flat_words(kind: Kind | None, total: int) -> str:
    """Return what the copy would be, in words; empty where there is none."""
    if kind is None or kind is Kind.SOUND:
        return ""
    if kind in PICTURE_KINDS:
        return say("Save a PNG of the picture")
    if kind is Kind.FILM:
        return say("Save a PNG of this frame")
    if total > pixel_copy.SHEETS_MAX:
        return say(
            "Save a PDF of the first {number} of {total} pages as pictures",
            number=pixel_copy.SHEETS_MAX,
            total=total,
        )
    return (
        say("Save a PDF of {total} pages as pictures", total=total)
        if total > 1
        else say("Save a PDF of the page as a picture")
    )


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "content-security-policy": "sandbox; default-src 'none'",
    }


def _find(vault: Vault, id_: int, *, leaves: bool = False) -> File:
    """Return a file. Raises ConsoleError for one that ``leaves`` the console, and is marked."""
    with vault.read() as tx:
        file = files.find(tx, id_)
        if leaves and file is not None:
            export_marks.check_file(tx, file)
    if file is None:
        raise HTTPException(404)
    return file
