"""The templates of answers of a language: read beside the English, edited, added, handed on."""

import secrets
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.console.cases import own_templates
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.rules import answer_templates, wording
from app.console.rules.answer_templates import OwnText
from app.console.vault import Vault
from app.console.web.multipart_form import OurFile, SentFile
from app.console.web.render import page
from app.console.web.requests import OurForm, SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.translatable import say

router = APIRouter(prefix="/templates")


@router.get("")
def show(
    request: Request, console: TheConsole, vault: TheVault, _: SignedIn, lang: str = "en"
) -> Response:
    """Show all templates of a language."""
    return page(request, "templates.html", _values(console, vault, lang))


@router.post("")
def save(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Keep a text as the agency's own: of a template that came along, or of a new one."""
    lang, id_ = form.get("lang", ""), form.get("id", "") or f"own-{secrets.token_hex(4)}"
    with vault.write() as tx:
        texts = answer_templates.for_language(lang, own_templates.load(tx))
        name = form.get("name") or next((one.name for one in texts if one.id == id_), None)
        name = name or answer_templates.names().get(id_, "")
        own_templates.put(tx, [OwnText(id_, name, lang, form.get("text", ""))])
    console.undo.add(say("The template is saved."), [])
    return _back(lang, id_)


@router.post("/remove")
def remove(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Drop the agency's own text; the one that came along holds again."""
    lang, id_ = form.get("lang", ""), form.get("id", "")
    with vault.write() as tx:
        own_templates.remove(tx, id_, lang)
    comes_along = id_ in answer_templates.names()
    said = say("The text that came with Quietline holds again.") if comes_along else "Removed."
    console.undo.add(said, [])
    return _back(lang, id_)


@router.get("/file")
def to_file(vault: TheVault, _: SignedIn) -> Response:
    """Give all own texts as a file, for colleagues."""
    with vault.read() as tx:
        data = own_templates.to_file(own_templates.load(tx))
    headers = {"content-disposition": f'attachment; filename="{own_templates.FILE_NAME}"'}
    return Response(data, media_type="application/json", headers=headers)


@router.post("/file")
def from_file(console: TheConsole, vault: TheVault, sent: OurFile) -> Response:
    """Keep what a colleague's file says, each in the place of the own text of its id."""
    try:
        texts = own_templates.from_file(_bytes_of(sent))
        with vault.write() as tx:
            own_templates.put(tx, texts)
    finally:
        sent.drain()
    console.undo.add(say("The templates of the file are saved."), [])
    return _back(sent.fields.get("lang", "en"), "")


@router.get("/{lang}/{id_}")
def one(vault: TheVault, _: SignedIn, lang: str, id_: str) -> Response:
    """Give one template of a language to the form of an answer, with the same in English."""
    with vault.read() as tx:
        texts = answer_templates.for_language(lang, own_templates.load(tx))
    chosen = next((text for text in texts if text.id == id_), None)
    if chosen is None:
        raise HTTPException(404)
    said = {"text": chosen.text, "english": chosen.english, "reviewed": chosen.reviewed}
    return JSONResponse(said)


def _bytes_of(sent: SentFile) -> bytes:
    data = bytearray()
    while piece := sent.read():
        data += piece
        if len(data) > own_templates.FILE_MAX:
            raise ConsoleError(
                say("This is too large for a file of templates. Nothing was changed.")
            )
    return bytes(data)


def _values(console: Console, vault: Vault, lang: str) -> dict[str, Any]:
    tag = wording.primary(lang)
    with vault.read() as tx:
        changed, own = revision(tx), own_templates.load(tx)
    known = trusted_line.load(vault)
    texts = {one.id: one for one in answer_templates.for_language(tag, own)}
    english = answer_templates.for_language("en", own)
    missing = [one for one in english if one.id not in texts]
    return {
        "lang": tag,
        "languages": [(one, wording.language(one)) for one in _languages(tag, own)],
        "templates": list(texts.values()),
        "missing": missing,
        "coming_along": answer_templates.names(),
        "own": bool(own),
        "name_max": own_templates.NAME_MAX,
        "text_max": own_templates.TEXT_MAX,
        "here": "/team",
        "line_name": known.owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }


def _languages(chosen: str, own: tuple[OwnText, ...]) -> list[str]:
    tags = {chosen, *answer_templates.languages(), *(one.lang for one in own)}
    tags |= set(wording.spoken_tags())
    return sorted(tags, key=wording.language)


def _back(lang: str, id_: str) -> Response:
    tag = wording.primary(lang)
    tag = tag if wording.is_language(tag) else "en"
    place = f"#template-{id_}" if id_ in answer_templates.names() else ""
    return RedirectResponse(f"/templates?lang={tag}{place}", status_code=303)
