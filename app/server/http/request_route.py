"""Routes whose function takes the request as it is: what FastAPI describes, without what it adds.

To read parameters by their models, and to close what such functions might leave open, costs more
than most of the calls. What a function raises is answered in ``outermost``.
"""

from __future__ import annotations

import re

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from app.server.responses.problem_details import BAD_REQUEST, METHOD_NOT_ALLOWED, Problem

ID_PATTERN = "[0-9a-f]{32}"
"""16 bytes as an address has them."""
_ID = re.compile(ID_PATTERN)


class RequestRoute(APIRoute):
    """A route that hands its function the request, and the named parts of its address as text."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises HTTPException for another method, and what its function does."""
        if scope["method"] not in (self.methods or ()):
            raise HTTPException(METHOD_NOT_ALLOWED.status)
        response = await self.endpoint(request=Request(scope, receive), **scope["path_params"])
        await response(scope, receive, send)


class CallRoute(RequestRoute):
    """A call of the API: what its address names is an id."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises Problem(BAD_REQUEST) for an id of another form."""
        for one in scope["path_params"].values():
            if not _ID.fullmatch(one):
                raise Problem(BAD_REQUEST)
        await super().handle(scope, receive, send)
