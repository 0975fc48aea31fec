"""``/api/v1/chunks/{id}``: attachments' chunks, write-once, resumed by HEAD."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from app.protocol.wire import CHUNK_BYTES
from app.server.admission.coming import has_work
from app.server.admission.limits import Limits
from app.server.http import request_bodies
from app.server.http.request_route import ID_PATTERN, CallRoute
from app.server.http.routes import work_routes
from app.server.http.services import Services, services_of
from app.server.messages.expiry import expiry_day
from app.server.responses.problem_details import NOT_FOUND, Problem

ChunkId = Annotated[
    str, Path(pattern=f"^{ID_PATTERN}$", description="16 bytes as lower-case hexadecimal")
]


def make(limits: Limits) -> APIRouter:
    """Return the router of these calls."""
    router = APIRouter(route_class=CallRoute)

    @router.put(
        "/api/v1/chunks/{chunk_id}",
        status_code=201,
        response_class=Response,
        summary="Store a chunk of 262,144 bytes; an existing id stays as it is (204)",
        openapi_extra=request_bodies.OCTETS | {"parameters": [work_routes.HEADER]},
    )
    @limits.chunks
    async def put_chunk(request: Request, chunk_id: ChunkId) -> Response:
        services = services_of(request)
        day = _expiry_day(services)
        async with services.gate.chunk(work_routes.of(request)) as held:
            has_work(request)
            chunk = await request_bodies.exactly(request, CHUNK_BYTES, held)
            created = await asyncio.to_thread(services.blobs.put, chunk_id, chunk, day)
        services.growth.check()
        return Response(status_code=201 if created else 204)

    @router.head(
        "/api/v1/chunks/{chunk_id}",
        response_class=Response,
        summary="Whether a chunk is there",
    )
    async def head_chunk(request: Request, chunk_id: ChunkId) -> Response:
        if not await asyncio.to_thread(services_of(request).blobs.has, chunk_id):
            raise Problem(NOT_FOUND)
        return Response(
            media_type="application/octet-stream", headers={"Content-Length": str(CHUNK_BYTES)}
        )

    @router.get("/api/v1/chunks/{chunk_id}", response_class=Response, summary="A chunk")
    async def get_chunk(request: Request, chunk_id: ChunkId) -> Response:
        chunk = await asyncio.to_thread(services_of(request).blobs.get, chunk_id)
        if chunk is None:
            raise Problem(NOT_FOUND)
        return Response(chunk, media_type="application/octet-stream")

    return router


def _expiry_day(services: Services) -> int:
    """Draw the chunk's day: at least ``chunk_extra_days`` after any message of today can expire."""
    settings, published = services.settings, services.epoch().published
    spread = settings.expiry_spread_days
    days = published.message_days + spread + settings.chunk_extra_days
    return expiry_day(services.clock(), days, spread, services.rng)
