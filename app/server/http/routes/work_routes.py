"""``GET /api/v1/work``: a challenge for the work that a message, or chunks of files, cost."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.protocol import work
from app.server.admission.limits import Limits
from app.server.http.request_route import CallRoute
from app.server.http.services import services_of
from app.server.responses.problem_details import BAD_REQUEST, Problem

HEADER = {
    "name": work.HEADER,
    "in": "header",
    "required": True,
    "description": "The answer to a challenge of GET /api/v1/work",
    "schema": {"type": "string", "maxLength": work.HEADER_MAX},
}
"""For the OpenAPI description of a call that needs work."""
_FOR_FILES = f"for={work.FILES}".encode()
_WHAT_FOR = {
    "name": "for",
    "in": "query",
    "required": False,
    "description": "What the answer shall buy, if not a batch of messages",
    "schema": {"type": "string", "const": work.FILES},
}


def make(limits: Limits) -> APIRouter:
    """Return the router of this call."""
    router = APIRouter(route_class=CallRoute)

    @router.get(
        "/api/v1/work",
        response_class=Response,
        summary="A challenge: its answer buys a batch, or chunks of files",
        openapi_extra={"parameters": [_WHAT_FOR]},
    )
    @limits.messages
    async def challenge(request: Request) -> Response:
        services, query = services_of(request), request.scope["query_string"]
        if query == _FOR_FILES:
            made = services.gate.chunk_challenge()
        elif not query:
            made = services.gate.message_challenge(services.epoch().batch_count)
        else:
            raise Problem(BAD_REQUEST)
        return Response(made, media_type="application/json")

    return router


def of(request: Request) -> str | None:
    """Return the work that a request carries, if any."""
    return request.headers.get(work.HEADER)
