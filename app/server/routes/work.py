"""``GET /api/v1/work``: a challenge for the work that a message or 256 chunks cost."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.protocol import work
from app.server.admission.limits import Limits
from app.server.services import services_of

HEADER = {
    "name": work.HEADER,
    "in": "header",
    "required": True,
    "description": "The answer to a challenge of GET /api/v1/work",
    "schema": {"type": "string", "maxLength": work.HEADER_MAX},
}
"""For the OpenAPI description of a call that needs work."""


def make(limits: Limits) -> APIRouter:
    """Return the router of this call."""
    router = APIRouter()

    @router.get("/api/v1/work", response_class=Response, summary="A challenge, for single use")
    @limits.messages
    async def challenge(request: Request) -> Response:
        return Response(services_of(request).gate.challenge(), media_type="application/json")

    return router


def of(request: Request) -> str | None:
    """Return the work that a request carries, if any."""
    return request.headers.get(work.HEADER)
