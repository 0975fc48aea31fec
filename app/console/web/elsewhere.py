"""What answers a form is shown at an address of its own, so that no browser keeps the form.

A browser writes into its profile what it would restore: chromium for each page the fields of the
form that asked for it, in plain. So a page that answers a form is held in memory (``shown``), and
the browser is sent on to it (POST, redirect, GET). It is shown once, since it says what was so at
that moment. Who loads it again, or goes back to it, is led to the page on which the form stood,
made anew. Forms with a passphrase are answered at once: of them browsers keep no field, and a
recovery code is not shown twice. Searches are held as questions, each of which can be asked again
(``pages.search``).
"""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.console.web.addresses import is_path, own_path
from app.console.web.requests import NotSignedIn, by_script, signed_in
from app.console.web.shown import AT, HeldAnswers

WITH_PASSPHRASE = ("/unlock", "/machine/")
NO_PAGE = ("/unlock", "/login")
"""Where nobody is led: a signed-in browser has no business there."""


class AnswersElsewhere:
    """ASGI middleware within the guard, for signed-in browsers; all else goes through as it is."""

    def __init__(self, app: ASGIApp, shown: HeldAnswers) -> None:
        self._app = app
        self._shown = shown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Show a form's answer at an address of its own; pass on all else."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        path = own_path(request)
        if request.method == "GET" and path.startswith(AT):
            await self._show(request, path)(scope, receive, send)
        elif request.method == "POST" and _is_form(request, path):
            stood = _stood(request)
            await self._app(scope, receive, _Elsewhere(self._shown, stood, scope, receive, send))
        else:
            await self._app(scope, receive, send)

    def _show(self, request: Request, path: str) -> Response:
        held = self._shown.take(path) if _is_signed_in(request) else None
        if held is None or held.html is None:
            return RedirectResponse(held.fresh if held else "/", 303)
        return HTMLResponse(held.html, held.status)


def _stood(request: Request) -> str:
    """Return the page on which a form stood, as its browser says (our pages ask it to: ``guard``).

    The list of cases where it says none, or none of this console's.
    """
    said = urlsplit(request.headers.get("referer", ""))
    root = request.scope["root_path"]
    here = said.netloc == request.headers.get("host") and said.path.startswith(f"{root}/")
    path = said.path.removeprefix(root) + (f"?{said.query}" if said.query else "")
    return path if here and is_path(path) and not path.startswith(NO_PAGE) else "/"


def _is_form(request: Request, path: str) -> bool:
    """Say whether a page would come in its answer's place: our script shows none."""
    return (
        not path.startswith(WITH_PASSPHRASE) and not by_script(request) and _is_signed_in(request)
    )


def _is_signed_in(request: Request) -> bool:
    try:
        signed_in(request)
    except NotSignedIn:
        return False
    return True


class _Elsewhere:
    """Takes one answer: a page is held and pointed to, anything else is sent on."""

    def __init__(
        self, shown: HeldAnswers, stood: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._shown = shown
        self._stood = stood
        self._scope, self._receive, self._send = scope, receive, send
        self._begun: MutableMapping[str, Any] | None = None
        self._html = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._begun = message
        elif self._begun is None:
            await self._send(message)
        else:
            self._html += message.get("body", b"")
            if not message.get("more_body", False):
                where = self._shown.hold(self._begun["status"], bytes(self._html), self._stood)
                await RedirectResponse(where, 303)(self._scope, self._receive, self._send)


def _is_page(message: Message) -> bool:
    """Say whether a browser shows it: a download leaves the page as it was."""
    headers = Headers(raw=message["headers"])
    html = headers.get("content-type", "").startswith("text/html")
    return html and "content-disposition" not in headers
