"""``GET /api/v1/directory``: the signed directory file of the current epoch, byte for byte."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.server.http.request_route import CallRoute
from app.server.http.services import services_of


def make() -> APIRouter:
    """Return the router of this call."""
    router = APIRouter(route_class=CallRoute)

    @router.get("/api/v1/directory", response_class=Response, summary="The signed directory")
    async def directory(request: Request) -> Response:
        epoch = services_of(request).epoch()
        return Response(epoch.published.file, media_type="application/json")

    return router
