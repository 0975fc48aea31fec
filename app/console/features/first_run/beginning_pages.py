"""Before there is a case store: its language, new, restored or practice, its passphrase."""

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.errors import ConsoleError
from app.console.features.first_run import making
from app.console.features.first_run.beginning_session import (
    Beginning,
    BeginningFile,
    BeginningForm,
)
from app.console.features.first_run.making import Choices
from app.console.vault.setup import clean_label
from app.console.web.reader_languages import Languages
from app.console.web.render import in_json, language_of, page
from app.console.web.requests import TheConsole
from app.console.web.running_console import Console
from app.console.web.sessions import Session
from app.passphrases import suggestion
from app.protocol.secrets import Secret
from app.sentences.language import Language
from app.sentences.translatable import said_by, say

PAGE = "/first"
router = APIRouter(prefix=PAGE)


@router.post("/language")
def language(request: Request, console: TheConsole, form: BeginningForm) -> Response:
    """Show these pages in a language that is offered; it is kept once there is a case store."""
    languages: Languages = request.app.state.languages
    tag = form.get("language", "")
    if not tag or languages.find(tag) is not None:
        console.held(Choices).language = tag
    return RedirectResponse(PAGE, status_code=303)


@router.get("/new")
def new(request: Request, console: TheConsole, session: Beginning) -> Response:
    """Ask for the line's file, and for the name under which the directory lists this computer."""
    return begin_page(request, console, session, "new")


@router.post("/new")
def chosen(request: Request, console: TheConsole, sent: BeginningFile) -> Response:
    """Take both; nothing is written yet."""
    choices = console.held(Choices)
    label = sent.fields.get("label", "")
    try:
        data = making.read_small(sent, making.LINE_FILE_MAX)
        # The one of before stands where no other was chosen.
        if data or not choices.line_file:
            choices.line_file = making.checked_line(data)
        choices.label = clean_label(label)
    except ConsoleError as error:
        choices.label = label[: making.LABEL_SHOWN_MAX]
        session = _session(request, console)
        return begin_page(request, console, session, "new", wrong=said_by(error), status=400)
    finally:
        sent.drain()
    return RedirectResponse(f"{PAGE}/passphrase", status_code=303)


@router.get("/passphrase")
def passphrase(request: Request, console: TheConsole, session: Beginning) -> Response:
    """Ask for the passphrase, with one that dice could have made beside it."""
    if not console.held(Choices).line_file:
        return RedirectResponse(f"{PAGE}/new", status_code=303)
    return _passphrase_page(request, console, session)


@router.post("/strength")
def strength(request: Request, console: TheConsole, form: BeginningForm) -> Response:
    """Say how strong what is being typed is."""
    typed = Secret(form.get("passphrase", "").encode())
    kind, words = making.strength(typed, console.held(Choices).line)
    typed.wipe()
    said = _language(request, console).say(words)
    return in_json(request, {"kind": kind, "words": said})


@router.post("/passphrase")
async def make(request: Request, console: TheConsole, form: BeginningForm) -> Response:
    """Make the case store and open it; this browser is signed in from here on."""
    choices = console.held(Choices)
    given = Secret(form.get("passphrase", "").encode())
    again = Secret(form.get("again", "").encode())
    session = _session(request, console)
    try:
        if not choices.line_file:
            return RedirectResponse(f"{PAGE}/new", status_code=303)
        if given != again:
            wrong = say("The two differ. Type it twice.")
            return _passphrase_page(request, console, session, wrong=wrong, status=400)
        await anyio.to_thread.run_sync(
            making.make, console.folder, choices, given, PAGE, console.rng
        )
        await anyio.to_thread.run_sync(console.unlock, given)
    except ConsoleError as error:
        return _passphrase_page(request, console, session, wrong=said_by(error), status=400)
    finally:
        given.wipe()
        again.wipe()
    choices.clear()
    request.app.state.idle.begin()
    return RedirectResponse(PAGE, status_code=303)


@router.get("/restore")
def ask_copy(request: Request, console: TheConsole, session: Beginning) -> Response:
    """Ask for a backup, or for a case store that moves."""
    return begin_page(request, console, session, "restore")


@router.post("/restore")
def restore(request: Request, console: TheConsole, sent: BeginningFile) -> Response:
    """Put it in place; its own passphrase opens it."""
    session = _session(request, console)
    try:
        making.restore(console.folder, console.held(Choices), sent)
    except ConsoleError as error:
        return begin_page(request, console, session, "restore", wrong=said_by(error), status=400)
    finally:
        sent.drain()
    return RedirectResponse("/unlock", status_code=303)


def begin_page(
    request: Request,
    console: Console,
    session: Session | None,
    name: str,
    *,
    wrong: str | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    """Return a page of these in the language that was chosen."""
    choices = console.held(Choices)
    values = {
        "said_in": _language(request, console),
        "token": session.csrf if session else "",
        "chosen_language": choices.language,
        "label": choices.label,
        "chosen_line": choices.line,
        "wrong": wrong,
    }
    return page(request, f"first_run/{name}.html", values | more, status=status)


def _passphrase_page(
    request: Request, console: Console, session: Session | None, **more: Any
) -> Response:
    words = suggestion(console.rng).split()
    return begin_page(request, console, session, "passphrase", suggested=words, **more)


def _session(request: Request, console: Console) -> Session | None:
    return console.access.session(request.cookies.get(console.access.cookie))


def _language(request: Request, console: Console) -> Language:
    languages: Languages = request.app.state.languages
    return languages.find(console.held(Choices).language) or language_of(request)
