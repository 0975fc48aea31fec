"""Errors as pages: the sentence of the error, nothing of the machine."""

import re
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.console.errors import ConsoleError, DiskFull, VaultLocked
from app.console.web.addresses import own_path
from app.console.web.render import in_json, page
from app.console.web.requests import NotSignedIn, by_script
from app.sentences.translatable import said_by, say


class Page(HTMLResponse):
    """The default kind of answer: HTML in UTF-8."""


def install(app: FastAPI) -> None:
    """Let the application answer errors in sentences, on a page or as JSON."""
    app.add_exception_handler(NotSignedIn, _to_unlocking)
    app.add_exception_handler(VaultLocked, _to_unlocking)
    app.add_exception_handler(DiskFull, _full)
    app.add_exception_handler(ConsoleError, _sentence)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(RequestValidationError, _not_ours)


def problem_page(request: Request, sentence: str, status: int) -> Response:
    """Return a page, or JSON for our script, that says one sentence."""
    if by_script(request):
        return in_json(request, {"problem": sentence}, status)
    case = re.match(r"/cases/([0-9a-f]{32,})/", own_path(request))
    values = {"sentence": sentence, "case": case[1] if case else ""}
    return page(request, "problem.html", values, status=status)


def _to_unlocking(request: Request, _: Exception) -> Response:
    if by_script(request):
        return in_json(request, {"problem": say("The console is locked.")}, 401)
    back = own_path(request) + (f"?{request.url.query}" if request.url.query else "")
    query = f"?back={quote(back)}" if request.method == "GET" and back != "/" else ""
    return RedirectResponse(f"/unlock{query}", status_code=303)


def _sentence(request: Request, error: Exception) -> Response:
    return problem_page(request, said_by(error), 400)


def _full(request: Request, error: Exception) -> Response:
    return problem_page(request, said_by(error), 507)


def _not_ours(request: Request, _: Exception) -> Response:
    return problem_page(request, say("This request is not one of the console's."), 422)


def _gone(_: Request, __: Exception) -> Response:
    """Return nothing that matters: whoever asked has left the page before all of it was here."""
    return Response(status_code=400)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentences = {
        404: say("There is nothing at this address."),
        405: say("This cannot be done here."),
    }
    return problem_page(request, sentences.get(status, say("This did not work.")), status)
