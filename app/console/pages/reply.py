"""Writing an answer: the draft that is kept while one types, its files, sending."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import unquote

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.console.cases import own_templates
from app.console.errors import ConsoleError, FileProblem, VaultLocked
from app.console.line import trusted_line
from app.console.rules import answer_templates, caution, wording
from app.console.sync import deliver, draft_files
from app.console.vault import Vault
from app.console.vault.records import drafts, messages
from app.console.vault.records.drafts import Draft
from app.console.web.addresses import back_to_case
from app.console.web.requests import OurForm, TheConsole, TheVault, our_call
from app.console.web.running_console import Console
from app.console.web.upload_stream import UploadStream
from app.sentences.translatable import said_by, say

router = APIRouter(prefix="/cases/{id_}")

_ANOTHER = say(
    "Not saved and not sent: another window of this case has saved another draft since this one "
    "was opened. Copy what you wrote here, then load the page again: it shows that draft."
)


@router.post("/draft")
def keep(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Keep what has been typed so far."""
    _keep(console, vault, id_, form)
    return JSONResponse({"kept": True})


@router.post("/reply")
def reply(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Put the answer into the outbox and have it sent now.

    A warning that was not confirmed, or a refusal, keeps it as a draft. The same answer of the same
    page goes once, however often its button was pressed.
    """
    if form.get("keep") is not None:
        _keep(console, vault, id_, form)
        return back_to_case(id_)
    with vault.read() as tx:
        found = messages.find(tx, id_)
    if found is None:
        raise HTTPException(404)
    cautions = caution.look(
        form.get("text", ""),
        lang=form.get("lang", ""),
        reporter_lang=found.lang,
        safe=found.answers.get("safe_to_reply", ""),
        names=trusted_line.load(vault).names(),
    )
    if {one.kind for one in cautions} - set(form.get("sure", "").split()):
        _keep(console, vault, id_, form)
        return back_to_case(id_, "?unsure=true#reply")
    pressed = ("answer", id_, page_of(form), form.get("text", ""), form.get("files", ""))
    if page_of(form) and not console.open_pages.first(*pressed):
        return back_to_case(id_, "#latest")
    try:
        deliver.queue_reply(
            vault,
            id_,
            form.get("text", "").replace("\r\n", "\n"),
            desk=form.get("desk", ""),
            lang=form.get("lang", ""),
            now=console.now(),
            rng=console.rng,
            keep_draft=not _shows_the_draft(console, id_, form),
            shown=_files_shown(form),
        )
    except VaultLocked:
        raise
    except ConsoleError as error:
        console.open_pages.take_back(*pressed)
        if not form.get("text", "").strip():
            raise
        _keep(console, vault, id_, form)
        raise ConsoleError(
            say("{reason} What you wrote is saved as a draft.", reason=said_by(error))
        ) from None
    console.ask_for_sync()
    return back_to_case(id_, "#latest")


@router.post("/ask-safety")
def ask_safety(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Put the question whether it is safe to write back into the draft."""
    _keep(console, vault, id_, form, asking_safety=True)
    return back_to_case(id_, "#reply")


@router.post("/files", dependencies=[Depends(our_call)])
async def add_file(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    id_: str,
    name: str,
    content_length: Annotated[int, Header()],
    content_type: Annotated[str, Header()] = "application/octet-stream",
) -> Response:
    """Take in a file, which is the body; it is encrypted as it comes in, never written plain."""
    with vault.read() as tx:
        if messages.find(tx, id_) is None:
            raise HTTPException(404)
    stream: Any = UploadStream(request)
    add = partial(
        draft_files.add_draft_file,
        vault,
        id_,
        stream,
        content_length,
        unquote(name),
        content_type,
        console.rng,
    )
    file = await anyio.to_thread.run_sync(add)
    size = wording.size(content_length)
    return JSONResponse({"id": file, "name": unquote(name), "size": size})


@router.post("/files/{file}/remove")
def remove_file(vault: TheVault, _: OurForm, id_: str, file: int) -> Response:
    """Take a file back from the draft."""
    draft_files.remove_draft_file(vault, id_, file)
    return back_to_case(id_)


def page_of(form: dict[str, str]) -> str:
    """Return the name of the page that a form stands on; "" if it has none."""
    return form.get("page", "")


def _shows_the_draft(console: Console, id_: str, form: dict[str, str]) -> bool:
    return console.open_pages.shows_the_draft(id_, page_of(form), form.get("drafted-by", ""))


def _files_shown(form: dict[str, str]) -> frozenset[int] | None:
    """Return the files beside an answer's text; None from a form that does not name them."""
    if "files" not in form:
        return None
    named = (one for one in form["files"].split() if one.isascii() and one.isdecimal())
    return frozenset(int(one[:18]) for one in named)


def _keep(
    console: Console, vault: Vault, id_: str, form: dict[str, str], *, asking_safety: bool = False
) -> None:
    text = form.get("text", "").replace("\r\n", "\n")
    with vault.write() as tx:
        if messages.find(tx, id_) is None:
            raise FileProblem(say("There is no such case."))
        own = own_templates.load(tx)
        lang = form.get("lang", "")
        chosen = answer_templates.find(form.get("template", ""), lang, own)
        if asking_safety:
            chosen = answer_templates.asking_safety(lang, own)
        if chosen:
            text = f"{text.rstrip()}\n\n{chosen}".strip()
        before = drafts.find(tx, id_)
        if before is not None and before.text != text and not _shows_the_draft(console, id_, form):
            raise ConsoleError(_ANOTHER)
        kept = Draft(text, form.get("desk", ""), form.get("lang", ""))
        drafts.store(tx, id_, kept, console.now())
        console.open_pages.wrote(id_, page_of(form))
