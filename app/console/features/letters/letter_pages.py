"""Cooperation letters held in this vault: asking for a proof, releasing a letter to one.

A letter is made on its case's page; nothing here leads from a reporter to a letter.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.features.letters import held_letters
from app.console.features.letters.cooperation_letter import Translation, open_letter
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Transaction, Vault
from app.console.vault.custody import audit_log
from app.console.web import case_views
from app.console.web.addresses import back_to_case
from app.console.web.render import language_to_make, page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view

router = APIRouter()


@dataclass(frozen=True, slots=True)
class LetterView:
    """A held letter: what it says, the case it was asked for in, to whom it went and when."""

    case: str
    name: str
    month: str
    statement: str
    translation: Translation | None
    signer: str
    released: list[tuple[str, int]]


@router.get("/letters")
def show(request: Request, console: TheConsole, vault: TheVault, _: SignedIn) -> Response:
    """Show the letters that are held, and the requests that no proof has answered."""
    return page(request, "letters/letters.html", _values(console, vault))


@router.post("/letters/ask")
def ask(request: Request, console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Make the text by which a verifier's client shows that a letter is theirs, and show it."""
    verifier = " ".join(form.get("verifier", "").split())
    with vault.write() as tx:
        made = held_letters.ask(tx, verifier, form.get("month", ""), console.rng)
    return page(request, "letters/letters.html", _values(console, vault) | {"made": made})


@router.post("/letters/forget")
def forget(vault: TheVault, form: OurForm) -> Response:
    """Drop a request that will not be answered."""
    with vault.write() as tx:
        held_letters.forget(tx, form.get("nonce", ""))
    return RedirectResponse("/letters", status_code=303)


@router.post("/letters/release")
def release(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Return the letter that a proof is for, as a file for the verifier; the request is used up."""
    with vault.write() as tx:
        found, _ = held_letters.release(tx, form.get("proof", ""), console.now())
    headers = {
        "content-disposition": f'attachment; filename="letter-{found.month}.json"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(found.file, media_type="application/json", headers=headers)


@router.post("/cases/{id_}/letter")
def make(
    request: Request, console: TheConsole, vault: TheVault, form: OurForm, id_: str
) -> Response:
    """Make the letter that was asked for, once the reporter was asked what only they know."""
    known = trusted_line.load(vault)
    language = language_to_make(request, form.get("language", ""))
    with vault.write() as tx:
        statement, checked = form.get("statement", ""), form.get("checked") == "yes"
        now = console.now()
        held_letters.issue(tx, known, id_, statement, now, checked=checked, language=language)
    return back_to_case(id_)


def _values(console: Console, vault: Vault) -> dict[str, Any]:
    known = trusted_line.load(vault)
    with vault.read() as tx:
        letters = [_view(tx, known, one) for one in held_letters.held(tx)]
        open_requests = held_letters.waiting(tx)
        changed = revision(tx)
    return {
        "letters": letters,
        "months": sorted({one.month for one in letters}, reverse=True),
        "open_requests": [
            (one.verifier, len(one.letters), one.nonce.hex(), one.to_text())
            for one in open_requests
        ],
        "made": None,
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": None,
    }


def _view(tx: Transaction, known: TrustedLine, one: held_letters.HeldLetter) -> LetterView:
    said = open_letter(one.file, known.owner.line.line_id)
    released = [
        (str(done.detail.get("to", "")), done.at)
        for done in audit_log.of_case(tx, one.case)
        if done.what == "letter-released" and done.detail.get("letter") == one.ref.letter.hex()
    ]
    return LetterView(
        one.case,
        case_views.case_name(one.case),
        one.month,
        said.statement,
        said.translation,
        said.signer,
        released,
    )
