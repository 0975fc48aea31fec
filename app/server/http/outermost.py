"""The outermost layer of the server: no address comes in, no exception gets out.

Before anything else sees a request, the client's address, forwarding headers and the user agent
are taken from it; what is left of the address is a hash under a key of the hour (admission.edge).
Every answer, also to an unknown path or of a failure, carries the same headers.
"""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from app.server.admission.edge import CALLER, Edge
from app.server.admission.listeners import ListenerRules
from app.server.epochs.signed_site import Site
from app.server.http.site_answers import as_page
from app.server.logs import say
from app.server.responses import problem_details
from app.server.responses.headers import raw_headers_of
from app.server.responses.problem_details import INTERNAL, NOT_FOUND, Problem

_TELLING = frozenset(
    {
        b"forwarded",
        b"from",
        b"via",
        b"referer",
        b"cookie",
        b"authorization",
        b"user-agent",
        b"accept-language",
        b"true-client-ip",
        b"cf-connecting-ip",
        b"client-ip",
    }
)


class BlindServer(FastAPI):
    """A FastAPI application that never sees who is asking."""

    def __init__(self, edge: Edge, listener_rules: ListenerRules, **options: Any) -> None:
        super().__init__(**options)
        self._listener_rules = listener_rules
        self._edge = edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; a failure becomes a 500 and a line of class and place."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await super().__call__(scope, receive, send)
            return
        started = False
        always = raw_headers_of(scope["path"])

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *always]
            await send(message)

        blind = without_address(scope)
        blind[CALLER] = self._edge.caller(scope)
        blind["app"] = self
        try:
            if self._listener_rules.closed(blind):
                raise Problem(NOT_FOUND)
            await self.router(blind, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception as error:
            refusal = problem_details.refusal(error, blind)
            if refusal is None or started:
                say(logging.ERROR, "request-failed", error=error)
            if not started:
                answer = as_page(refusal or problem_details.answer(INTERNAL), blind, self._site())
                await answer(blind, receive, send_with_headers)

    def _site(self) -> Site:
        """Return the site in service; an empty one before the server has started."""
        services = getattr(self.state, "services", None)
        site: Site = services.epochs.site if services is not None else Site()
        return site


def without_address(scope: Scope) -> Scope:
    """Return a copy of an HTTP scope without the client's address and telling headers."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name not in _TELLING and not name.startswith((b"x-forwarded", b"x-real", b"x-client"))
    ]
    return {**scope, "client": None, "headers": kept}
