"""What answers a form is shown at an address of its own, so that no browser keeps the form.

A browser writes into its profile what it would restore: chromium for each page the fields of the
form that asked for it, among them the words of a search, in plain. So a page that answers a form is
held in memory (``shown``), and the browser is sent on to it (POST, redirect, GET). Forms with a
passphrase are answered at once: of them browsers keep no field, and a recovery code is not shown
twice.
"""

from collections.abc import MutableMapping
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.console.web.addresses import own_path
from app.console.web.requests import NotSignedIn, by_script, signed_in
from app.console.web.shown import AT, Held, Shown

WITH_PASSPHRASE = ("/unlock", "/machine/")


class AnswersElsewhere:
    """ASGI middleware within the guard, for signed-in browsers; all else goes through as it is."""

    def __init__(self, app: ASGIApp, shown: Shown) -> None:
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
            await self._again(request, path)(scope, receive, send)
        elif request.method == "POST" and _is_form(request, path):
            await self._app(scope, receive, _Elsewhere(self._shown, scope, receive, send))
        else:
            await self._app(scope, receive, send)

    def _again(self, request: Request, path: str) -> Response:
        held = self._shown.find(path) if _is_signed_in(request) else None
        return HTMLResponse(held.html, held.status) if held else RedirectResponse("/", 303)


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

    def __init__(self, shown: Shown, scope: Scope, receive: Receive, send: Send) -> None:
        self._shown = shown
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
                where = self._shown.hold(Held(self._begun["status"], bytes(self._html)))
                await RedirectResponse(where, 303)(self._scope, self._receive, self._send)


def _is_page(message: Message) -> bool:
    """Say whether a browser shows it: a download leaves the page as it was."""
    headers = Headers(raw=message["headers"])
    html = headers.get("content-type", "").startswith("text/html")
    return html and "content-disposition" not in headers
