"""The vault itself: its passphrase, its recovery, and what was done to it."""

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.pages import language_reviews
from app.console.pages.sheet_check import SheetCheck
from app.console.rules import wording
from app.console.vault import Vault, recovery, unlocking
from app.console.vault.copies import last_backup
from app.console.vault.installation import machine_log
from app.console.vault.installation.machine_log import MachineLogEntry
from app.console.viewer import sandbox_report
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.protocol.secrets import Secret
from app.sentences.translatable import said_by, say

router = APIRouter(prefix="/machine")


@router.get("")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show passphrase, recovery, this machine's record and what it can show of files."""
    return page(request, "machine.html", _values(request, console, vault))


@router.post("/passphrase")
async def passphrase(
    request: Request, console: TheConsole, vault: TheVault, form: OurForm
) -> Response:
    """Set another passphrase for the same vault; sessions go on."""
    old, new = _secret(form, "old"), _secret(form, "new")
    if new != _secret(form, "again"):
        return _refused(
            request, console, vault, say("The two new ones differ. Nothing was changed.")
        )
    try:
        await anyio.to_thread.run_sync(
            console.prove, lambda: unlocking.change_passphrase(vault, old, new, console.rng)
        )
    except ConsoleError as error:
        return _refused(request, console, vault, said_by(error))
    with vault.write() as tx:
        machine_log.add(tx, console.now(), machine_log.PASSPHRASE)
    console.undo.add(say("The passphrase is changed."), [])
    return RedirectResponse("/machine", status_code=303)


@router.post("/recovery")
async def make(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Make a new recovery code, on a page that is shown once and kept nowhere."""
    wanted = recovery.policy(trusted_line.load(vault).directory)
    given = _secret(form, "passphrase")
    try:
        pieces = await anyio.to_thread.run_sync(
            console.prove, lambda: recovery.make(vault, given, wanted, console.now(), console.rng)
        )
    except ConsoleError as error:
        return _refused(request, console, vault, said_by(error), "recovery")
    console.held(SheetCheck).begin(pieces, console.rng)
    values = _values(request, console, vault) | {"pieces": pieces, "wanted": wanted}
    return page(request, "sheets.html", values)


@router.post("/recovery/end")
async def end(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """End recovery: nothing but the passphrase opens the vault from here on."""
    given = _secret(form, "passphrase")
    try:
        await anyio.to_thread.run_sync(
            console.prove, lambda: recovery.end(vault, given, console.now())
        )
    except ConsoleError as error:
        return _refused(request, console, vault, said_by(error), "recovery")
    return RedirectResponse("/machine", status_code=303)


@router.post("/read")
def read(vault: TheVault, _: OurForm) -> Response:
    """Note that the owner knows what was done."""
    with vault.write() as tx:
        machine_log.mark_read(tx)
    return RedirectResponse("/machine", status_code=303)


def said(one: MachineLogEntry) -> str:
    """Return an entry of the record in words."""
    detail = one.detail
    if one.what == machine_log.RECOVERY_MADE and detail.get("of", 1) > 1:
        return say(
            "A recovery code was made, in {of} pieces; {needed} open it.",
            of=detail["of"],
            needed=detail["needed"],
        )
    if one.what == machine_log.RESTORED:
        made = wording.long_time(detail["made"])
        if detail["moved"]:
            return say(
                "The case store was taken into use from a move of {time}. Delete the file it came "
                "from, and never open the case store that it was made of again.",
                time=made,
            )
        return say(
            "The case store was taken into use from a backup of {time}. Delete the file it came "
            "from, and never open the case store that it was made of again.",
            time=made,
        )
    words = {
        machine_log.BACKED_UP: say("A backup was made. It opens with the passphrase of that day."),
        machine_log.MOVED: say("The case store was moved to another computer."),
        machine_log.LIST_ADDED: say("A list of hashes was added."),
        machine_log.LIST_REMOVED: say("A list of hashes was removed."),
        machine_log.PASSPHRASE: say("The passphrase was changed."),
        machine_log.RECOVERY_MADE: say("A recovery code was made."),
        machine_log.RECOVERY_ENDED: say("The recovery code was ended."),
        machine_log.RECOVERED: (
            say("The case store was opened by its recovery code and given a new passphrase.")
        ),
    }
    return words.get(
        one.what, say("Something this version has no words for ({what}).", what=one.what)
    )


def _values(request: Request, console: Console, vault: Vault) -> dict[str, Any]:
    known = trusted_line.load(vault)
    slot = unlocking.recovery(vault)
    wanted = recovery.policy(known.directory)
    with vault.read() as tx:
        changed = revision(tx)
        rows = [(one.at, said(one)) for one in machine_log.entries(tx)]
        unread = [(one.at, said(one)) for one in machine_log.unread(tx)]
        reviews = language_reviews.rows(tx, request.app.state.languages)
        backed_up, backup_due = last_backup.made(tx), last_backup.is_due(tx, console.now())
    return {
        "parts": sandbox_report.parts(console.viewing.machine),
        "policy": wanted,
        "slot": slot,
        "outdated": slot is not None and (slot.needed, slot.of) != (wanted.needed, wanted.of),
        "rows": rows,
        "language_reviews": reviews,
        "backed_up": backed_up,
        "backup_due": backup_due,
        "unread": unread,
        "label": known.owner.label,
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
        "wrong": None,
        "wrong_at": "",
    }


def _refused(
    request: Request, console: Console, vault: Vault, sentence: str, where: str = "passphrase"
) -> Response:
    values = _values(request, console, vault) | {"wrong": sentence, "wrong_at": where}
    return page(request, "machine.html", values, status=403)


def _secret(form: dict[str, str], name: str) -> Secret:
    return Secret(form.get(name, "").encode())
