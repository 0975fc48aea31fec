"""``GET /api/v1/challenges``: the epoch's challenge set, the same bytes for everyone."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.server.http.request_route import CallRoute
from app.server.http.services import services_of


def make() -> APIRouter:
    """Return the router of this call."""
    router = APIRouter(route_class=CallRoute)

    @router.get("/api/v1/challenges", response_class=Response, summary="The challenge set")
    async def challenges(request: Request) -> Response:
        epoch = services_of(request).epoch()
        return Response(epoch.challenges, media_type="application/octet-stream")

    return router
