"""Handing out a case.

All of it, or a copy with parts taken out, as a zip made while it is sent; some texts for an
interpreter, and what they said of them.
"""

from functools import partial

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from app.console.cases import casework
from app.console.errors import ConsoleError
from app.console.evidence import bundle, export_writer, interpreting
from app.console.evidence.bundle import ReadIn
from app.console.evidence.redaction import Redaction
from app.console.line import trusted_line
from app.console.pages.case.event_words import event_words
from app.console.rules import changes
from app.console.vault import Vault
from app.console.vault.records import cases, messages
from app.console.web import case_views
from app.console.web.addresses import back_to_case
from app.console.web.render import language_to_make
from app.console.web.requests import OurFields, OurForm, TheConsole, TheVault
from app.console.web.running_console import Console
from app.sentences.language import Language
from app.sentences.translatable import say

router = APIRouter(prefix="/cases/{id_}")


@router.post("/export")
def export(
    request: Request, console: TheConsole, vault: TheVault, form: OurForm, id_: str
) -> Response:
    """Return the whole case, decrypted."""
    language = language_to_make(request, form.get("language", ""))
    return _zip(console, vault, id_, None, language)


@router.post("/copy")
def copy(
    request: Request, console: TheConsole, vault: TheVault, fields: OurFields, id_: str
) -> Response:
    """Return a copy without what was ticked and without the words that were written."""
    taking_out = Redaction(
        " ".join(fields.get("reason", [""])[-1].split()),
        _numbers(fields.get("message", [])),
        _numbers(fields.get("file", [])),
        frozenset(fields.get("answer", [])),
        _phrases(fields),
    )
    language = language_to_make(request, fields.get("language", [""])[-1])
    return _zip(console, vault, id_, taking_out, language)


@router.post("/interpreter")
def interpreter(
    request: Request, console: TheConsole, vault: TheVault, fields: OurFields, id_: str
) -> Response:
    """Return some texts of the case as a page to be printed, for who translates them."""
    for_interpreter = interpreting.InterpreterRequest(
        _numbers(fields.get("message", [])),
        _phrases(fields),
        fields.get("who", [""])[-1],
        language_to_make(request, fields.get("language", [""])[-1]),
    )
    made = interpreting.copy(vault, trusted_line.load(vault), id_, for_interpreter, console.now())
    headers = {
        "content-disposition": f'attachment; filename="{interpreting.FILE_NAME}"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(made, media_type="text/html; charset=utf-8", headers=headers)


@router.post("/translation")
def translation(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Bring a translation back: a note for the team at its message, saying by whom it is."""
    known = trusted_line.load(vault)
    by, text = " ".join(form.get("by", "").split()), form.get("text", "").replace("\r\n", "\n")
    if not by or not text.strip():
        raise ConsoleError(say("Write the translation, and by whom it is. Nothing was saved."))
    with vault.write() as tx:
        found = cases.find(tx, id_)
        if found is None:
            raise HTTPException(404)
        mids = {one.body.mid for one in messages.messages_of(tx, id_)}
        if form.get("message", "") not in mids:
            raise ConsoleError(say("Choose the message that was translated. Nothing was saved."))
        said = [
            changes.translation(id_, piece, form["message"], by)
            for piece in changes.split_note(text)
        ]
        casework.act(tx, known, found.home, said, console.now())
    return back_to_case(id_)


def _phrases(fields: dict[str, list[str]]) -> tuple[str, ...]:
    lines = fields.get("phrases", [""])[-1].splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _zip(
    console: Console, vault: Vault, id_: str, taking_out: Redaction | None, language: Language
) -> Response:
    known = trusted_line.load(vault)
    name = case_views.case_name(id_) if len(id_) == 64 and id_.isalnum() else ""
    of_features = [one.words for one in console.features if one.words is not None]
    read_in = ReadIn(language, partial(event_words, known, of_features))
    made = bundle.prepare(vault, known, id_, name, console.now(), taking_out, read_in=read_in)
    headers = {
        "content-disposition": f'attachment; filename="{made.name}.zip"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(
        export_writer.to_zip(made), media_type="application/zip", headers=headers
    )  # fmt: skip


def _numbers(said: list[str]) -> frozenset[int]:
    if not all(one.isascii() and one.isdigit() and len(one) < 7 for one in said):
        raise ConsoleError(say("That is no number of a message or file. No copy was made."))
    return frozenset(int(one) for one in said)
