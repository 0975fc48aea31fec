"""``GET /healthz``: whether epochs are turning, for probes. Says nothing else."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.server.http.request_route import CallRoute
from app.server.http.services import services_of
from app.server.responses.problem_details import NOT_READY, Problem


def make() -> APIRouter:
    """Return the router of this call."""
    router = APIRouter(route_class=CallRoute)

    @router.get("/healthz", response_class=Response, summary="Whether the server is well")
    async def healthz(request: Request) -> Response:
        services = services_of(request)
        if not services.epochs.is_fresh(services.clock()):
            raise Problem(NOT_READY)
        return Response(b'{"status":"ok"}', media_type="application/json")

    return router
