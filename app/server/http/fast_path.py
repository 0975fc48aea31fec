"""The API's calls, answered past the framework's layers, which cost more than most of the calls.

FastAPI still describes every call and answers whatever else is asked: the site, methods that a call
does not take, ids of another form. What runs is the same function in either case.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.server.responses import problem_details

Endpoint = Callable[..., Awaitable[Response]]

ID_PATTERN = "[0-9a-f]{32}"
"""16 bytes as an address has them."""
_ID = re.compile(ID_PATTERN)
_PARAMETER = re.compile(r"/\{(\w+)\}$")


class Direct:
    """The calls by method and address, of which the last part may be an id."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._fixed: dict[tuple[str, str], Endpoint] = {}
        self._with_id: dict[tuple[str, str], tuple[Endpoint, str]] = {}
        for route in (route for router in routers for route in router.routes):
            if not isinstance(route, APIRoute):
                continue
            parameter = _PARAMETER.search(route.path)
            for method in route.methods or ():
                if parameter is None:
                    self._fixed[method, route.path] = route.endpoint
                else:
                    before = route.path[: parameter.start()]
                    self._with_id[method, before] = (route.endpoint, parameter[1])

    def find(self, scope: Scope) -> Endpoint | None:
        """Return what answers a request, which is all it takes, if this is the API's to answer."""
        method, path = scope["method"], scope["path"]
        fixed = self._fixed.get((method, path))
        if fixed is not None:
            return fixed
        before, _, last = path.rpartition("/")
        found = self._with_id.get((method, before))
        if found is None or not _ID.fullmatch(last):
            return None
        endpoint, name = found
        return partial(endpoint, **{name: last})


async def answer(endpoint: Endpoint, request: Request) -> Response:
    """Call an endpoint; a refusal becomes its answer, anything unforeseen passes."""
    try:
        return await endpoint(request=request)
    except Exception as error:
        refusal = problem_details.refusal(error)
        if refusal is None:
            raise
        return refusal
